"""Checks across reports: each holds, fails, or is not asked where a number is missing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from parser.across import Figures, area_checks, peer_checks, peers_of, year_checks
from parser.across.words import ACROSS, KEYS
from parser.document import Finding
from parser.narrative import read_facts
from parser.report import CheckResult, FormatVersion, Section
from parser.soft.subject import Result

NEW, OVER = "applications.new_received.total", "applications.carried_over.total"
FORWARD = "applications.carried_forward.total"
NORMS = "proactive_disclosure.normative_documents"
FEE = "proactive_disclosure.fees.amount_wan_yuan"
CASES = "review_litigation."
V2019, V2021 = FormatVersion.V2019, FormatVersion.V2021


def year(
    values: Mapping[str, int | float] | None = None,
    text: str = "",
    *,
    version: FormatVersion | None = V2021,
    joined: bool = False,
) -> Figures:
    section = Section(1, "overall", "一、总体情况", "总体情况", text, 0, "", "", 0, "", "")
    return Figures(2025, version, values or {}, read_facts([section]), text, joined)


def told(results: Result) -> list[str]:
    return [found.code for _, found in results if found is not None]


def results_of(results: Result, name: str) -> list[CheckResult]:
    return [check.result for check, _ in results if check.id.startswith(name)]


def only(results: Result) -> Finding:
    (found,) = [found for _, found in results if found is not None]
    return found


# name, this year, last year, what is told (None: no such check is made)
YEARS = [
    ("C1", year({OVER: 3}), year({FORWARD: 3}), []),
    ("C1", year({OVER: 3}), year({FORWARD: 4}), ["C1"]),
    (
        "C1",
        year({OVER: 3}, "上年结转数与上年报告不一致，系统计口径调整。"),
        year({FORWARD: 4}),
        ["C1_explained"],
    ),
    ("C1", year({OVER: 3}, joined=True), year({FORWARD: 4}), ["C1_explained"]),
    ("C1", year({OVER: 3}), year({FORWARD: 4}, version=None), None),
    ("C1", year(), year({FORWARD: 4}), None),
    (
        "C2",
        year({f"{NORMS}.in_force": 12, f"{NORMS}.issued": 3, f"{NORMS}.repealed": 1}),
        year({f"{NORMS}.in_force": 10}),
        [],
    ),
    (
        "C2",
        year({f"{NORMS}.in_force": 13, f"{NORMS}.issued": 3, f"{NORMS}.repealed": 1}),
        year({f"{NORMS}.in_force": 10}),
        ["C2"],
    ),
    ("C2", year({f"{NORMS}.in_force": 13, f"{NORMS}.issued": 3}), year({f"{NORMS}.in_force": 10}), None),
    (
        "C3",
        year({"proactive_disclosure.licensing.prev_year_items": 9}, version=V2019),
        year(
            {"proactive_disclosure.licensing.prev_year_items": 7, "proactive_disclosure.licensing.change": 1},
            version=V2019,
        ),
        ["C3"],
    ),
    (
        "C4b",
        year({f"{NORMS}.in_force": 12, f"{NORMS}.issued": 3}),
        year({f"{NORMS}.in_force": 12, f"{NORMS}.issued": 3}),
        ["C4b"],
    ),
    (
        "C4b",
        year({f"{NORMS}.in_force": 12, f"{NORMS}.issued": 3}),
        year({f"{NORMS}.in_force": 12, f"{NORMS}.issued": 4}),
        [],
    ),
    (
        "C4b",
        year({f"{NORMS}.in_force": 0, f"{NORMS}.issued": 0}),
        year({f"{NORMS}.in_force": 0, f"{NORMS}.issued": 0}),
        None,
    ),
    ("C5", year({CASES + "review_total": 1}), year({CASES + "review_pending": 2}), ["C5"]),
    ("C5", year({CASES + "review_total": 2}), year({CASES + "review_pending": 2}), []),
    (
        "C6",
        year(
            {
                CASES + "litigation_after_review_total": 5,
                CASES + "review_total": 2,
                CASES + "review_pending": 1,
            }
        ),
        year(
            {
                CASES + "review_total": 2,
                CASES + "review_pending": 0,
                CASES + "litigation_after_review_pending": 1,
            }
        ),
        ["C6"],
    ),
    (
        "C6",
        year(
            {
                CASES + "litigation_after_review_total": 4,
                CASES + "review_total": 2,
                CASES + "review_pending": 1,
            }
        ),
        year(
            {
                CASES + "review_total": 2,
                CASES + "review_pending": 0,
                CASES + "litigation_after_review_pending": 1,
            }
        ),
        [],
    ),
    ("C7", year({NEW: 0, OVER: 0, CASES + "review_total": 1}), year({NEW: 0, OVER: 0}), ["C7"]),
    ("C7", year({NEW: 0, OVER: 0, CASES + "review_total": 1}), year({NEW: 2, OVER: 0}), None),
    ("T5", year({FEE: 23000}), year({FEE: 2.3}), ["T5"]),
    ("T5", year({FEE: 23}), year({FEE: 2.3}), []),
    ("T5", year({FEE: 23}), year({FEE: 0}), None),
]


@pytest.mark.parametrize(
    ("name", "now", "before", "expected"), YEARS, ids=[f"{n}-{case[0]}" for n, case in enumerate(YEARS)]
)
def test_a_report_beside_last_years(
    name: str, now: Figures, before: Figures, expected: list[str] | None
) -> None:
    results = [(check, found) for check, found in year_checks(now, before) if check.id.startswith(f"{name}.")]
    assert bool(results) is (expected is not None)
    assert told(results) == (expected or [])
    for check, found in results:
        assert (check.result is CheckResult.PASS) is (found is None)


GROWTH = [
    ("收到政府信息公开申请56件，同比增长12%。", 50, []),
    ("收到政府信息公开申请56件，同比增长15%。", 50, ["N12"]),
    ("收到政府信息公开申请56件，较上年增加6件。", 50, []),
    ("收到政府信息公开申请56件，较上年减少6件。", 50, ["N12"]),
    ("收到政府信息公开申请56件，比上年下降5.1%。", 59, []),
    ("收到政府信息公开申请56件，同比增长9.8％。", 51, []),
    ("收到政府信息公开申请56件，同比增长12个百分点。", 40, []),
    ("收到政府信息公开申请56件，同比增长12%。", 0, []),
    ("收到政府信息公开申请56余件，同比增长15%。", 50, []),
    ("收到政府信息公开申请56件；办结率同比增长15%。", 50, []),
]


@pytest.mark.parametrize(("text", "former", "expected"), GROWTH)
def test_growth_in_words_is_worked_out_again(text: str, former: int, expected: list[str]) -> None:
    assert told(year_checks(year(text=text), year({NEW: former}))) == expected


def test_growth_tells_both_numbers_and_the_words() -> None:
    found = only(year_checks(year({NEW: 56}, "收到申请56件，同比增长15%。"), year({NEW: 50})))
    assert "15%" in found.message
    assert "按上年的50推算为12%" in found.message
    assert "56" in found.message
    assert found.cells == (NEW,)


def test_words_that_are_last_years_or_anothers() -> None:
    assert told(year_checks(year(), year(), alike=0.95)) == ["C4"]
    assert told(year_checks(year(), year(), alike=0.5)) == []
    peers = peers_of([])
    assert "示例乡" in only(peer_checks(year(), peers, twin=("示例乡", 0.97))).message
    assert told(peer_checks(year(), peers, twin=("示例乡", 0.2))) == []


def test_numbers_beyond_the_peers() -> None:
    penalties = "proactive_disclosure.penalties.decisions"
    usual = [year({penalties: n, FEE: 2}) for n in range(1, 201)]
    peers = peers_of(usual)
    assert told(peer_checks(year({penalties: 200}), peers)) == ["T6"]
    assert results_of(peer_checks(year({penalties: 150}), peers), "T6") == [CheckResult.PASS]
    assert told(peer_checks(year({FEE: 20000}), peers)) == ["T5"]
    few = peers_of(usual[: ACROSS.peers_least - 1])
    assert not peer_checks(year({penalties: 9999, FEE: 20000}), few), "too few to know what is usual"


def test_a_county_beside_its_units() -> None:
    units = [year({NEW: 4}), year({NEW: 7}), year()]
    assert told(area_checks(year({NEW: 5}), units, expected=9, whole_area=None)) == ["P1"]
    assert told(area_checks(year({NEW: 8}), units, expected=9, whole_area=None)) == []
    whole = only(area_checks(year({NEW: 8}), units, expected=9, whole_area=True))
    assert (whole.code, "2/9" in whole.message) == ("P1_sum", True)
    assert not area_checks(year({NEW: 5}), units, expected=9, whole_area=False)
    assert not area_checks(year({NEW: 5}), [year()], expected=9, whole_area=None)


def test_a_number_or_fact_that_is_none_is_refused() -> None:
    table = ACROSS.model_dump()
    with pytest.raises(ValueError, match="no_such_fact"):
        type(ACROSS).model_validate({**table, "growth": {"no_such_fact": []}})
    with pytest.raises(ValueError, match="no_such_cell"):
        type(ACROSS).model_validate({**table, "area_sums": ["no_such_cell"]})
    assert len(KEYS) > 200
