"""The table of guards is whole: every trap is there, every text still stands, every test still exists.

That the tests fail without their guards is shown by `make guards`, which takes minutes.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.guards import Guard, load, without

ROOT = Path(__file__).parent.parent
GUARDS = load()
_CASES = """
    gbk-reason-phrase gbk-content-disposition duplicate-set-cookie chunked-gzip gzip-gzip zstd-not-offered
    content-length-too-large content-length-too-small reset-before-headers stale-keep-alive
    redirect-chain meta-refresh robots robots-forbids robots-html not-modified-with-capture
    not-modified-without-capture identical-payload not-found-with-200 challenge empty-200
    too-large disk-full kill-in-a-group kill-before-fsync kill-around-rename kill-before-the-index-line
    two-writers clock-set-back
    urls host-by-ip http-to-https idn
    charset-conflict gb18030-only two-html-ends rowspan-in-head nested-table table-as-image
    table-in-attachment empty-list list-by-post
"""
CASES = set(_CASES.split())  # archive.md §4, in its order


def test_every_trap_has_an_entry() -> None:
    names = {guard.name for guard in GUARDS}
    assert {f"T{number:02d}" for number in range(1, 25)} <= names


@pytest.mark.parametrize("guard", [guard for guard in GUARDS if guard.proof], ids=lambda guard: guard.name)
def test_the_test_exists(guard: Guard) -> None:
    assert guard.proof is not None
    file, _, name = guard.proof.partition("::")
    text = (ROOT / file).read_text("utf-8")
    assert not name or re.search(rf"def {re.escape(name.partition('[')[0])}\(", text)


@pytest.mark.parametrize("guard", [guard for guard in GUARDS if guard.off], ids=lambda guard: guard.name)
def test_the_guard_stands_where_the_table_says(guard: Guard) -> None:
    try:
        path, off = without(guard)
    except ValueError as error:
        pytest.fail(f"{error}\nA guard has moved or is gone: mend tests/guards.toml, then `make guards`")
    assert off != path.read_text("utf-8")


def test_no_entry_is_without_its_proof() -> None:
    """A guard that nobody switched off, or that is not there, is a promise and no proof."""
    assert [guard.name for guard in GUARDS if guard.off is None] == []


def test_every_case_of_the_list_has_an_entry() -> None:
    assert {guard.name for guard in GUARDS} >= CASES


def test_a_lost_guard_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\ny = 1\n")
    (tmp_path / "b.py").write_text("z = 2\n")
    for off, said in ((("z = 3", ""), "stands 0 times"), (("= 1", "= 2"), "stands 2 times")):
        with pytest.raises(ValueError, match=said):
            without(Guard("g", "t", proof="p", file="*.py", off=off), tmp_path)
    with pytest.raises(SyntaxError):
        without(Guard("g", "t", proof="p", file="*.py", off=("z = 2", "if True:")), tmp_path)
    assert without(Guard("g", "t", proof="p", file="*.py", off=("z = 2", "z = 0")), tmp_path)[1] == "z = 0\n"
