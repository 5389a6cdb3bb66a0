"""Reasons as data: every code that the audit gives has a row with words in both languages; none is idle."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

import archive.audit
from archive.audit.reasons import Reason, ReasonRow, reason_table

ROOM = Path(archive.audit.__file__).parent


def test_codes_and_rows_are_the_same() -> None:
    given = {
        code for path in ROOM.glob("*.py") for code in re.findall(r'Reason\(\s*"(\w+)"', path.read_text())
    }
    assert given == set(reason_table())


def test_a_row_whose_sentences_name_other_values_is_refused() -> None:
    with pytest.raises(ValidationError, match="args"):
        ReasonRow(code="x", args=("day",), zh="{days}", en="on a day")


def test_words_are_made_of_the_values() -> None:
    reason = Reason("same_text_of", (("甲", "乙"),))
    assert (reason.zh, reason.en) == ("与甲、乙的报告文本相同", "the same text as the report of 甲、乙")
