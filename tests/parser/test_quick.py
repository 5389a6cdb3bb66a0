"""What a quick constructor makes cannot be told from what the class makes by itself."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

from parser.quick import quick
from parser.report import CellState, NumberCell

cell = quick(NumberCell)


def test_it_is_of_the_class_equal_and_frozen() -> None:
    made = cell(3, CellState.READ, "3", label="总计", locator="line 2")
    plain = NumberCell(3, CellState.READ, "3", label="总计", locator="line 2")
    assert type(made) is NumberCell
    assert (made, hash(made), repr(made)) == (plain, hash(plain), repr(plain))
    with pytest.raises(FrozenInstanceError):
        made.value = 4  # type: ignore[misc]  # that is the test
    assert replace(made, value=4).value == 4
    assert pickle.loads(pickle.dumps(made)) == plain


def test_it_takes_what_the_class_takes() -> None:
    with pytest.raises(TypeError):
        cell(3)  # type: ignore[call-arg]  # that is the test


def test_a_class_that_it_would_spoil_is_refused() -> None:
    @dataclass(frozen=True)
    class Loose:
        value: int

    with pytest.raises(TypeError, match="slots"):
        quick(Loose)
