"""docs/audit.md explains every status, from the tables of the product."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive.audit.decisions import Decision
from archive.audit.guide import explained, with_tables
from archive.audit.render.letter import letter_table
from archive.audit.statuses import Content, NotCrawled, Presence, Timeliness, status_table, word

DOCUMENT = (Path(__file__).parents[2] / "docs" / "audit.md").read_text("utf-8")
STATUSES = [*Presence, *Timeliness, *Content, *NotCrawled]


def test_the_tables_of_the_document_are_those_of_the_product() -> None:
    assert with_tables(DOCUMENT) == DOCUMENT, "run python -m archive.audit.guide docs/audit.md"


@pytest.mark.parametrize("status", STATUSES, ids=lambda status: f"{type(status).__name__}.{status}")
def test_each_status_tells_what_it_means_what_proves_it_and_what_to_do(
    status: Presence | Timeliness | Content | NotCrawled,
) -> None:
    row = explained(status)
    for zh, en in (row.means, row.proves, row.todo):
        assert re.search(r"[\u4e00-\u9fff]", zh)
        assert not re.search(r"[\u4e00-\u9fff]", en.replace("发布机构", ""))
        assert en
    assert row.unit
    assert f"`{status.value}`" in DOCUMENT


def test_words_accuse_nobody() -> None:
    said = " ".join(word(status).zh + explained(status).unit for status in STATUSES)
    for accusation in ("未编制", "漏报", "拒不公开", "违法"):
        assert accusation not in said
    assert "逾期" not in "".join(word(status).zh for status in Timeliness if status is not Timeliness.LATE)


def test_letters_are_for_statuses_that_ask_something_of_the_unit() -> None:
    rows = {row.code: row for row in letter_table().letters}
    assert Presence.MISSING.value in rows
    assert Timeliness.LATE.value in rows
    for status in (*NotCrawled, Presence.COLUMN_SUSPECT, Presence.NOT_CRAWLED, Timeliness.LATE_BY_PRACTICE):
        assert status.value not in rows


def test_the_example_of_a_decision_is_one() -> None:
    [example] = re.findall(r"```json\n(.*?)\n```", DOCUMENT, re.DOTALL)
    decision = Decision.model_validate_json(example)
    assert decision.decision in {row.code for row in status_table().decisions}
