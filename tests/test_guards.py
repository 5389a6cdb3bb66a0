"""The table of guards is whole: every trap is there, every text still stands, every test still exists.

That the tests fail without their guards is shown by `make guards`, which takes minutes.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.guards import Guard, load

ROOT = Path(__file__).parent.parent
GUARDS = load()


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
    assert guard.off is not None
    assert guard.file is not None
    found = (ROOT / guard.file).read_text("utf-8").count(guard.off[0])
    assert found == 1, f"{guard.file} has changed: mend tests/guards.toml, then `make guards`"
