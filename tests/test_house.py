"""The house around the code: imports, declared needs, settings, doors, and nothing of others among our files."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import typer
from plotly.offline import get_plotlyjs_version

from dashboard.__main__ import main
from dashboard.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("app.py", "callbacks", "layouts", "queries", "dashboard")


def python_files(*places: str) -> list[Path]:
    return [
        file for place in places for file in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    ]


def tracked() -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.split("\0")[:-1]


def test_imports_keep_the_contract() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    linted = subprocess.run([lint, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_contract_covers_every_room_without_exceptions() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(contract for contract in config["contracts"] if contract["type"] == "layers")
    assert layers["layers"] == config["root_packages"] == [room for room in ROOMS if not room.endswith(".py")]
    assert not any("ignore_imports" in contract for contract in config["contracts"])


def test_asking_loads_nothing_that_draws() -> None:
    modules = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in python_files("queries")]
    loading = "; ".join(f"import {name.removesuffix('.__init__')}" for name in modules)
    looking = "print([name for name in ('dash', 'plotly') if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {loading}; {looking}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert modules
    assert done.stdout.strip() == "[]"


def declared(file: str) -> set[str]:
    lines = (line.strip() for line in (ROOT / file).read_text().splitlines())
    return {re.split(r"[\[<>=!~; ]", line)[0].lower() for line in lines if line and not line.startswith(("#", "-"))}


def third_party(*places: str) -> set[str]:
    """The distributions whose packages the Python files import by name."""
    names: set[str] = set()
    for file in python_files(*places):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    installed = packages_distributions()
    return {min(installed[name]).lower().replace("_", "-") for name in names if name in installed}


def test_what_is_imported_is_declared() -> None:
    needs = declared("requirements.in")
    assert third_party(*ROOMS) <= needs
    assert third_party("tests", "benchmarks") <= needs | declared("requirements-dev.in")


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_what_is_declared_is_pinned(name: str) -> None:
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / f"{name}.txt").read_text(), re.MULTILINE))
    assert declared(f"{name}.in") <= set(pinned)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "package-lock.json"])
def test_pins_name_no_place_to_fetch_from(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host| @ |\"resolved\"|file:", text)


def test_plotly_of_the_page_is_the_plotly_of_the_server() -> None:
    package = "plotly.js-cartesian-dist-min"
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"][f"node_modules/{package}"]["version"]
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"][package]
    assert wanted == locked == get_plotlyjs_version()


def test_npm_packages_are_pinned_exactly() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values()), wanted


def test_one_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert json.loads((ROOT / "package.json").read_text())["version"] == version
    assert json.loads((ROOT / "package-lock.json").read_text())["version"] == version
    assert re.search(r"^## \[?([0-9.]+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[1] == version


def environment_names() -> set[str]:
    return {f"RASAD_{name.upper()}" for name in Settings.model_fields}


def test_example_lists_every_setting_with_its_default() -> None:
    listed = dict(re.findall(r"^#(RASAD_[A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert set(listed) == environment_names()
    for name, field in Settings.model_fields.items():
        value = listed[f"RASAD_{name.upper()}"]
        expected = str(field.default.relative_to(ROOT)) if isinstance(field.default, Path) else field.default
        assert value == (str(expected).lower() if isinstance(expected, bool) else str(expected)), name


def test_readme_explains_every_setting() -> None:
    assert (
        set(re.findall(r"^\| `(RASAD_[A-Z_]+)`", (ROOT / "README.md").read_text(), re.MULTILINE)) == environment_names()
    )


def test_the_top_level_holds_the_rooms_and_the_house_around_them() -> None:
    folders = {name.split("/")[0] for name in tracked() if "/" in name}
    assert folders == {".ci", "assets", "benchmarks", "callbacks", "dashboard", "docs", "layouts", "queries", "tests"}


def test_nothing_of_others_is_committed() -> None:
    foreign = re.compile(r"(^|/)(node_modules|vendor|wheels)/|\.min\.(js|css)$|\.(woff2?|ttf|otf|eot|whl|map)$")
    assert [name for name in tracked() if foreign.search(name)] == []


def test_boundaries_come_with_their_notice() -> None:
    folders = {Path(name).parent for name in tracked() if name.endswith(".geojson")}
    assert folders
    for folder in folders:
        assert "OpenStreetMap contributors" in (ROOT / folder / "NOTICE.txt").read_text(encoding="utf-8"), folder


def test_pages_fetch_nothing_from_other_hosts() -> None:
    remote = re.compile(
        r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//"""
        r"""|(?:fetch|import|Worker|EventSource|WebSocket)\(\s*["'`](?:https?:|wss?:)?//"""
        r"""|external_(?:scripts|stylesheets)|dbc\.(?:themes|icons)\.|\b(?:cdn\.|jsdelivr|unpkg|cdnjs|googleapis|gstatic)"""
    )
    pages = [path for path in (ROOT / "assets").rglob("*") if path.suffix in {".css", ".js", ".html", ".svg"}]
    pages = [path for path in pages if path.suffix != ".js" or "vendor" not in path.parts]
    found = {
        str(path.relative_to(ROOT)): match[0]
        for path in [*pages, *python_files(*ROOMS)]
        if (match := remote.search(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("door", "does"),
    [
        ("run PORT=9123", "RASAD_PORT=9123 .venv/bin/python -m dashboard demo"),
        ("test ARGS=-x", ".venv/bin/python -m pytest -x"),
        ("check", ".venv/bin/mypy"),
        ("bench", ".venv/bin/python -m benchmarks"),
        ("dist", ".ci/offline/build"),
        ("lock", "pip compile"),
    ],
)
def test_door_opens(door: str, does: str) -> None:
    would = subprocess.run(["make", "-n", *door.split()], cwd=ROOT, capture_output=True, text=True, check=True)
    assert does in would.stdout


def verbs() -> dict[str, set[str]]:
    """The verbs of the command line with their options, help left out; those of ``token`` with it."""
    found: dict[str, set[str]] = {}
    for name, command in typer.main.get_command(main).commands.items():
        parts = command.commands.values() if hasattr(command, "commands") else [command]
        found[name] = {option for part in parts for each in part.params for option in each.opts if option[0] == "-"}
    return found


def test_readme_lists_every_verb_with_its_options() -> None:
    readme = (ROOT / "README.md").read_text()
    rows = dict(re.findall(r"^\| `python -m dashboard (\w+)([^|]*\|.*)\|$", readme, re.MULTILINE))
    assert set(rows) == set(verbs())
    for verb, options in verbs().items():
        told = readme if verb == "token" else rows[verb]
        assert {option for option in options if option not in told} == set(), verb


def test_documents_name_files_that_are_there() -> None:
    for document in [ROOT / name for name in tracked() if name.endswith(".md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(file.name[:4]) for file in (ROOT / "docs" / "adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_whole_check_runs_what_the_readme_names() -> None:
    run = (ROOT / ".ci" / "run").read_text()
    readme = (ROOT / "README.md").read_text()
    for command in ("make check", "make test"):
        assert re.search(rf"^{command}$", run, re.MULTILINE)
        assert command in readme
