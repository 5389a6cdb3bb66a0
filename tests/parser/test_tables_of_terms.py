"""The room's data tables: complete, consistent with the code, and refused when they are not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

import parser
from parser.findings import FINDINGS
from parser.labels import APPLICATIONS, DISCLOSURE, HEADINGS, REVIEW, ApplicationLabels, Term
from parser.tables.vocabulary import application_rows
from tests.parser.drawing import COLUMNS, ROWS_2019, ROWS_2021

ROOM = Path(parser.__file__).parent
SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted(ROOM.rglob("*.py"))}


def test_every_finding_is_in_the_table_and_every_entry_is_used() -> None:
    text = "\n".join(SOURCES.values())
    used = {code for code in FINDINGS if re.search(rf'"{code}"', text)}
    families = {"A1", "A2", "A3", "B1", "N1", "N2", "N3"}  # built from the check's id
    families |= {f"{name}_cell" for name in ("A1", "A2", "A3")}
    assert set(FINDINGS) - used <= families
    called = set(re.findall(r'(?:finding|tell|_about|_tell)\(\s*"(\w+)"', text))
    assert called <= set(FINDINGS)


def test_rows_and_columns_are_those_of_the_statute() -> None:
    assert tuple(column.key for column in APPLICATIONS.columns) == COLUMNS
    assert [row.key for row in APPLICATIONS.rows_of("v2021")] == [key for key, _, _ in ROWS_2021]
    assert [row.key for row in APPLICATIONS.rows_of("v2019")] == [key for key, _, _ in ROWS_2019]
    assert len(REVIEW.keys) == 15
    assert sum(len(row.columns_in("v2021")) for row in DISCLOSURE.rows) == 10
    assert sum(len(row.columns_in("v2019")) for row in DISCLOSURE.rows) == 22
    assert HEADINGS.current[0].key == "overall"


@pytest.mark.parametrize("rows", [ROWS_2021, ROWS_2019])
def test_every_label_of_the_statute_names_its_own_row_alone(
    rows: tuple[tuple[str, str | None, str], ...],
) -> None:
    for key, _, label in rows:
        assert application_rows(label) == (key,)
        assert application_rows(label.replace("（", "(").replace("）", ")").replace("公开", "公 开")) == (
            key,
        )


def test_a_table_that_lacks_a_row_is_refused() -> None:
    content = APPLICATIONS.model_dump()
    content["rows"] = content["rows"][1:]
    with pytest.raises(ValidationError, match="23 and 25"):
        ApplicationLabels.model_validate(content)


@pytest.mark.parametrize(
    "fields", [{"key": "x"}, {"key": "x", "any": ["自 然人"]}, {"key": "x", "any": ["a"], "all": []}]
)
def test_a_term_that_can_match_nothing_or_is_misspelt_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Term.model_validate(fields)
