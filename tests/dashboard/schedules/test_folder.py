"""Files in folders: whole or not at all, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.schedules.folder import FolderDown, put


def test_it_is_put_there_and_replaced(tmp_path: Path) -> None:
    assert put(tmp_path, "morning", "a.pdf", b"one") == tmp_path / "morning" / "a.pdf"
    put(tmp_path, "morning", "a.pdf", b"two")
    assert [(file.name, file.read_bytes()) for file in (tmp_path / "morning").iterdir()] == [("a.pdf", b"two")]


def test_half_of_it_is_never_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "morning", "a.pdf", b"one")

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FolderDown, match="No space left"):
        put(tmp_path, "morning", "a.pdf", b"two")
    assert [(file.name, file.read_bytes()) for file in (tmp_path / "morning").iterdir()] == [("a.pdf", b"one")]


@pytest.mark.parametrize(("folder", "name"), [("..", "a"), ("a/b", "c"), ("/etc", "a"), ("a", "../b"), ("a", "b/c")])
def test_a_path_is_refused(tmp_path: Path, folder: str, name: str) -> None:
    with pytest.raises(ValueError, match="plain names"):
        put(tmp_path, folder, name, b"")


def test_a_folder_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (root / "morning").symlink_to(elsewhere)
    with pytest.raises(FolderDown):
        put(root, "morning", "a.pdf", b"one")
    assert list(elsewhere.iterdir()) == []


def test_a_root_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FolderDown):
        put(tmp_path / "unmounted", "morning", "a.pdf", b"one")
    assert list(tmp_path.iterdir()) == []
