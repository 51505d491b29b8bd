"""assets/vendor: whole, current, replaced at once, and a clear sentence where it cannot be built."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs_version

from dashboard import vendor

ROOT = vendor.ROOT
FOLDER = ROOT / "assets" / "vendor"
SUBSETS = ("latin", "latin-ext", "vietnamese")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with nothing but its pins."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A node_modules folder with a few bytes for every file that is needed."""
    folder = tmp_path / "node_modules"
    for source in vendor._SOURCES.values():
        (folder / source).parent.mkdir(parents=True, exist_ok=True)
        (folder / source).write_text(f"{source}\n/*# sourceMappingURL=x.css.map */")
    ranges = {name: f"U+{place:04X}" for place, name in enumerate(SUBSETS)}
    (folder / "@fontsource-variable/inter/unicode.json").write_text(json.dumps(ranges))
    return folder


def test_built_folder_is_whole() -> None:
    assert vendor.missing() == ""
    assert vendor.build() == []
    found = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file()}
    assert found == {*vendor.names(), ".stamp"}


def test_plotly_is_the_servers_version() -> None:
    with (FOLDER / vendor.PLOTLY).open(encoding="utf-8") as script:
        assert f"plotly.js (cartesian - minified) v{get_plotlyjs_version()}" in script.read(200)


@pytest.mark.parametrize("sheet", [*vendor.BOOTSTRAP.values(), vendor.ICONS, vendor.FONTS])
def test_style_sheets_name_only_files_that_are_there(sheet: str) -> None:
    css = (FOLDER / sheet).read_text(encoding="utf-8")
    assert "sourceMappingURL" not in css
    for address in re.findall(r"url\(\"?([^)\"]+)", css):
        assert address.startswith("data:") or (FOLDER / address.split("?")[0]).is_file(), address


def test_vietnamese_letters_have_their_own_small_file() -> None:
    faces = (FOLDER / vendor.FONTS).read_text(encoding="utf-8").splitlines()
    holding = [face for face in faces if "U+1EA0-1EF9" in face]  # ạ to ỹ
    assert len(holding) == 1
    assert "inter-vietnamese.woff2" in holding[0]
    assert faces.index(holding[0]) > next(at for at, face in enumerate(faces) if "inter-latin-ext" in face)


def test_missing_says_what_and_how(root: Path, packages: Path) -> None:
    assert re.fullmatch(r".*vendor lacks 15 of 15 files, .* first: run `make run`, .*\.", vendor.missing(root))
    vendor.assemble(packages, root)
    assert vendor.missing(root) == ""
    (root / "assets/vendor/fonts/vazirmatn.woff2").unlink()
    assert "lacks 1 of 15 files, fonts/vazirmatn.woff2 first" in vendor.missing(root)


def test_other_pins_make_it_stale(root: Path, packages: Path) -> None:
    vendor.assemble(packages, root)
    with (root / "package-lock.json").open("a") as lock:
        lock.write("\n")
    assert "other versions than package-lock.json names" in vendor.missing(root)
    vendor.assemble(packages, root)
    assert vendor.missing(root) == ""


def test_new_folder_replaces_the_old_one_whole(root: Path, packages: Path) -> None:
    vendor.assemble(packages, root)
    (root / "assets/vendor/left-over.css").touch()
    (packages / vendor._SOURCES[vendor.PLOTLY]).write_text("newer")
    vendor.assemble(packages, root)
    assert not (root / "assets/vendor/left-over.css").exists()
    assert (root / "assets/vendor" / vendor.PLOTLY).read_text() == "newer"
    assert [path.name for path in (root / "assets").iterdir()] == ["vendor"]


def test_incomplete_packages_leave_the_old_folder(root: Path, packages: Path) -> None:
    vendor.assemble(packages, root)
    (packages / vendor._SOURCES[vendor.ICONS]).unlink()
    with pytest.raises(FileNotFoundError):
        vendor.assemble(packages, root)
    assert vendor.missing(root) == ""
    assert [path.name for path in (root / "assets").iterdir()] == ["vendor"]


def test_without_network_one_sentence(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(vendor.VendorError) as caught:
        vendor.build(root)
    assert re.fullmatch(r"assets/vendor cannot be built, npm could not fetch its packages: [^\n]+\.", str(caught.value))
    assert "ECONNREFUSED" in str(caught.value)
