"""The house rules that a reader relies on (design.md §2): checked on the source itself."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("crawler", "archive", "extract", "parser")
MAY_IMPORT = {
    "crawler": {"archive"},
    "archive": set(),
    "extract": {"archive", "parser"},
    "parser": set(),
}
SCRAPY_FREE = {"archive", "extract", "parser"}
SOURCE_SUFFIXES = {".py", ".yml", ".yaml", ".toml", ".cfg", ".csv", ".json", ".sh", ".html", ".in"}


def sources(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[str, int, bool]]:
    """(top-level module, line, inside a function) for each import statement."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # Inside a function, or for types alone: nothing is loaded when Scrapy lists its commands.
    inside = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING")
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition(".")[0], node.lineno, id(node) in inside
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0], node.lineno, id(node) in inside


def test_what_two_rooms_hold_is_the_same() -> None:
    assert (ROOT / "archive/quick.py").read_bytes() == (ROOT / "parser/quick.py").read_bytes()


@pytest.mark.parametrize("room", ROOMS)
def test_imports_go_one_way(room: str) -> None:
    wrong = []
    for path in sources(room):
        is_command = path.parent == ROOT / "crawler" / "commands"
        for module, line, in_function in imported(path):
            other_room = module in ROOMS and module != room and module not in MAY_IMPORT[room]
            scrapy = module in {"scrapy", "twisted"} and room in SCRAPY_FREE
            if (other_room and not (is_command and in_function)) or scrapy:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")
    assert not wrong


def outside_tests() -> list[Path]:
    skip = {"tests", "data", ".git", "docs", "requirements"}
    return [
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file()
        and not skip & set(path.relative_to(ROOT).parts[:1])
        and not path.relative_to(ROOT).parts[0].startswith(".")
        and (path.suffix in SOURCE_SUFFIXES or path.name == "Makefile")
    ]


@pytest.mark.parametrize("word", [".test", "127.0.0.1", "暨阳", "洋湖", "大渡口", "阿什里", "涞水"])
def test_no_sample_or_seed_is_named_outside_tests(word: str) -> None:
    register = ROOT / "archive" / "register" / "data"
    exact = re.compile(re.escape(word) + (r"\b" if word.isascii() else ""))
    named = [
        str(path.relative_to(ROOT))
        for path in outside_tests()
        if register not in path.parents and exact.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert not named


def test_the_environment_is_read_in_one_place() -> None:
    reads = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in sources(room)
        if re.search(r"\bos\.(environ|getenv)\b", path.read_text(encoding="utf-8"))
    ]
    assert reads == ["crawler/settings.py"]


def test_no_lock_names_a_host() -> None:
    for lock in (ROOT / "requirements").glob("*"):
        assert "://" not in lock.read_text(encoding="utf-8"), lock.name


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in sources(room)
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_make_help_tells_every_verb() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for verb in ("setup", "crawl", "rebuild", "audit", "report", "verify", "test", "check", "bench"):
        assert re.search(rf"^{verb}:.*## ", makefile, re.MULTILINE), verb


def test_the_changelog_knows_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
