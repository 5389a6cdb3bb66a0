"""Facts arranged from holdings: lists that are seen again and again, and what counts as a look before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.audit.assemble import _last_before, list_homes
from archive.audit.collect import gather
from archive.audit.holdings import Holdings, ListedRow, Walk
from archive.register import load_register
from tests.archive.judging import at
from tests.extract.rebuild_making import register_file


def walk(
    day: str, *, listing: str = "l1", column: str = "nb", healthy: bool = True, **fields: object
) -> Walk:
    made = Walk(
        record_id=f"urn:{column}:{day}",
        portal="p",
        county="999901",
        column=column,
        column_url="http://x/nb",
        publishers=(),
        years=(),
        started=at(day, 9),
        ended=at(day, 10),
        listing=listing,
        healthy=healthy,
        result="healthy" if healthy else "unreachable",
        reason=None,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def row(document: str, title: str = "某县示例甲镇2024年政府信息公开年度报告") -> ListedRow:
    return ListedRow(document, title, None, None)


def holdings(*walks: Walk, **listings: tuple[ListedRow, ...]) -> Holdings:
    return Holdings((), {}, {}, walks, listings, {}, frozenset())


def test_a_column_of_one_body_is_its_own_and_of_no_other_case(tmp_path: Path) -> None:
    register = load_register([register_file(tmp_path, towns=("甲", "乙"))])
    walks = (walk("2025-02-03"), walk("2025-02-04", column="own", publishers=("999901-1",)))
    facts = gather(holdings(*walks, l1=()), [], [], register)
    one, two = (register.by_code(f"999901-{n}") for n in (1, 2))
    assert one is not None
    assert two is not None
    assert [(probe.home, probe.own) for probe in facts.case(one, 2024).probes] == [
        ("p/nb", False),
        ("p/own", True),
    ]
    assert [probe.home for probe in facts.case(two, 2024).probes] == ["p/nb"]


def test_an_address_is_listed_since_the_first_walk_that_saw_it_in_each_column() -> None:
    walks = (
        walk("2025-02-03", listing="l0"),
        walk("2025-02-04", healthy=False),
        walk("2025-02-05"),
        walk("2025-02-06", listing="l2"),
        walk("2025-02-07", column="ml"),
    )
    homes = list_homes(holdings(*walks, l0=(), l1=(row("d"),), l2=(row("d"), row("e"))))
    assert homes.listed["d"] == {"p/nb": at("2025-02-04", 9), "p/ml": at("2025-02-07", 9)}
    assert homes.listed["e"] == {"p/nb": at("2025-02-06", 9)}
    assert homes.whole["p/nb"] == [at("2025-02-03", 10), at("2025-02-05", 10), at("2025-02-06", 10)]


def test_the_last_look_before_is_strictly_before() -> None:
    ends = [at("2025-02-03", 10), at("2025-02-05", 10)]
    assert _last_before(ends, at("2025-02-06")) == ends[1]
    assert _last_before(ends, ends[1]) == ends[0]
    assert _last_before(ends, ends[0]) is None


@pytest.mark.parametrize("seen", [("l1", "l2", "l1"), ("l2", "l1")])
def test_a_row_that_was_never_had_is_told_once_by_its_newest_title(
    tmp_path: Path, seen: tuple[str, ...]
) -> None:
    register = load_register([register_file(tmp_path, towns=("甲",))])
    walks = [walk(f"2025-02-0{n}", listing=listing) for n, listing in enumerate(seen, 3)]
    older, newer = row("d", "某县2024年度报告（旧题）"), row("d", "某县2024年度报告（新题）")
    facts = gather(holdings(*walks, l1=(newer,), l2=(older,)), [], [], register)
    assert [found.title for found in facts.open_rows["999901"]] == ["某县2024年度报告（新题）"]
