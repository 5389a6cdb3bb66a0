"""The presence axis: who is expected, and what proves absence (practice.md §1.4, §1.7, §1.11)."""

from __future__ import annotations

from datetime import date

import pytest

from archive.audit.evidence import Absence
from archive.register import Cover, ExpectedBasis
from tests.archive.judging import at, body, claim, judged, probe, report

TWO_LOOKS = (probe("2026-02-03"), probe("2026-02-05"))


@pytest.mark.parametrize(
    ("as_of", "presence"),
    [
        ("2026-01-30", "not_yet_due"),
        ("2026-01-31", "not_yet_due"),
        ("2026-02-02", "not_yet_due"),  # the next working day of a Saturday
        ("2026-02-03", "missing"),
    ],
)
def test_nobody_is_missing_before_the_next_working_day_is_over(as_of: str, presence: str) -> None:
    found = judged(2025, probes=TWO_LOOKS, as_of=as_of)
    assert found.presence == presence


@pytest.mark.parametrize(
    ("days", "presence", "why"),
    [
        ((), "not_crawled", "never_visited"),
        (("2026-01-28",), "not_crawled", "never_visited"),
        (("2026-02-02",), "not_crawled", "never_visited"),  # the day itself is no look after it
        (("2026-02-03",), "missing_unconfirmed", None),
        (("2026-01-28", "2026-02-03"), "missing_unconfirmed", None),
        (("2026-02-03", "2026-02-04"), "missing_unconfirmed", None),  # one working day apart
        (("2026-02-03", "2026-02-05"), "missing", None),
        (("2026-02-06", "2026-02-08"), "missing_unconfirmed", None),  # a weekend between
        (("2026-02-06", "2026-02-09"), "missing_unconfirmed", None),
        (("2026-02-06", "2026-02-10"), "missing", None),
        (("2026-02-03", "2026-02-04", "2026-02-05"), "missing", None),
    ],
)
def test_two_looks_two_working_days_apart(days: tuple[str, ...], presence: str, why: str | None) -> None:
    found = judged(2025, probes=tuple(probe(day) for day in days))
    assert (found.presence, found.not_crawled) == (presence, why)


def test_every_home_must_be_looked_at_twice() -> None:
    other = probe("2026-02-03", home="p/summary")
    assert judged(2025, probes=(*TWO_LOOKS, other)).presence == "missing_unconfirmed"
    both = (*TWO_LOOKS, other, probe("2026-02-06", home="p/summary"))
    assert judged(2025, probes=both).presence == "missing"
    unseen = (*TWO_LOOKS, probe("2026-01-28", home="p/summary"))
    assert judged(2025, probes=unseen).not_crawled == "never_visited"


@pytest.mark.parametrize(
    ("result", "why"),
    [
        ("declined", "declined"),
        ("unreachable", "unreachable"),
        ("layout_changed", "layout_changed"),
        ("blocked", "blocked"),
        ("incomplete", "unreachable"),
    ],
)
def test_a_home_that_could_not_be_walked_proves_nothing(result: str, why: str) -> None:
    failed = (probe("2026-02-03", result=result), probe("2026-02-06", result=result))
    found = judged(2025, probes=failed)
    assert (found.presence, found.not_crawled) == ("not_crawled", why)
    assert "非单位原因" in found.words()
    beside = (*TWO_LOOKS, probe("2026-02-06", home="p/other", result=result))
    assert judged(2025, probes=beside).not_crawled == why


def test_a_failed_look_beside_a_healthy_one_is_half_a_proof() -> None:
    probes = (probe("2026-02-03"), probe("2026-02-06", result="declined"))
    assert judged(2025, probes=probes).presence == "missing_unconfirmed"


def test_what_else_could_explain_the_gap() -> None:
    def presence(**fields: object) -> str:
        return judged(2025, probes=TWO_LOOKS, absence=Absence(**fields)).presence.value  # type: ignore[arg-type]

    assert presence() == "missing"
    assert presence(suspect_columns=("p/c",)) == "column_suspect"
    assert presence(unfetched=("某局2025年度报告",)) == "not_crawled"
    assert presence(unattributed=("2025年度报告",)) == "missing_unconfirmed"
    wrong = judged(2025, probes=TWO_LOOKS, absence=Absence(wrong_year=("某局2025年度报告",)))
    assert (wrong.presence, wrong.content) == ("missing_unconfirmed", ("wrong_year",))


def test_vertical_bodies_are_never_missing_on_the_countys_column_alone() -> None:
    found = judged(2025, kind="vertical_body", probes=TWO_LOOKS)
    assert (found.presence, found.not_crawled) == ("not_crawled", "never_visited")


def test_published_after_the_day_judged_does_not_count() -> None:
    held = report(2025, claim("2026-02-05"), seen="2026-02-06")
    looks = (probe("2026-02-03"), probe("2026-02-06"))
    before = judged(2025, held=held, probes=looks, as_of="2026-02-04")
    assert before.presence == "missing_unconfirmed"  # one look alone was without it
    assert before.report is None
    assert any("2026-02-05" in reason.zh for reason in before.reasons)
    on_the_day = judged(2025, held=held, probes=looks, as_of="2026-02-05")
    assert (on_the_day.presence, on_the_day.timeliness) == ("held", "late")


def test_undated_and_first_seen_after_the_day_judged() -> None:
    held = report(2025, seen="2026-02-12", absent_on=at("2026-02-06"))
    looks = (probe("2026-02-03"), probe("2026-02-06"))
    assert judged(2025, held=held, probes=looks, as_of="2026-02-04").presence == "missing"
    assert judged(2025, held=held, probes=looks, as_of="2026-02-12").timeliness == "late_proved_by_capture"
    unproved = report(2025, seen="2026-02-12")
    assert judged(2025, held=unproved, as_of="2026-02-04").timeliness == "date_unknown"


def test_taken_down_is_withdrawn_and_keeps_its_timeliness() -> None:
    held = report(2024, claim("2025-01-20"), first_gone=at("2025-06-01"))
    found = judged(2024, held=held)
    assert (found.presence, found.timeliness) == ("withdrawn", "on_time")


def test_validity_cover_and_lists() -> None:
    years = body(valid_from=2022, valid_until=2023)
    assert [judged(y, publisher=years, probes=()).presence for y in (2021, 2022, 2023, 2024)] == [
        "not_expected",
        "not_crawled",
        "not_crawled",
        "not_expected",
    ]
    left_out = body(expected=False, expected_note="未列入单位名单 not in the list")
    assert judged(2024, publisher=left_out).presence == "not_expected"
    covered = body(covered=(Cover(by="999901-2", reason="合署办公", valid_from=2024),))
    assert judged(2024, publisher=covered).presence == "covered"
    assert judged(2023, publisher=covered, probes=()).presence == "not_crawled"
    assert judged(2024, kind="public_institution").presence == "not_expected"


def test_a_report_nobody_asked_for_is_told_as_voluntary() -> None:
    found = judged(2024, kind="public_institution", held=report(2024, claim("2025-05-20")))
    assert (found.presence, found.timeliness) == ("not_expected", None)
    assert any("自愿" in reason.zh for reason in found.reasons)
    assert found.green


def test_a_template_alone_never_gives_missing() -> None:
    office = body(expected_basis=ExpectedBasis.TEMPLATE)
    looks = (probe("2026-02-03"), probe("2026-02-05"))
    assert judged(2025, publisher=office, probes=looks).presence == "not_expected"
    before = judged(2025, publisher=office, probes=looks, held_before=True)
    assert (before.presence, before.expected_basis) == ("missing", ExpectedBasis.PUBLISHED_BEFORE)
    own = tuple(probe(day, own=True) for day in ("2026-02-03", "2026-02-05"))
    column = judged(2025, publisher=office, probes=own)
    assert (column.presence, column.expected_basis) == ("missing", ExpectedBasis.OWN_COLUMN)
    held = judged(2025, publisher=office, held=report(2025, claim("2026-01-20")))
    assert held.presence == "held"


def test_every_verdict_gives_a_reason_and_missing_its_evidence() -> None:
    missing = judged(2025, probes=TWO_LOOKS)
    assert {item.record_id for item in missing.evidence} == {p.record_id for p in TWO_LOOKS}
    assert all(item.shows == "column_without_it" for item in missing.evidence)
    for found in (missing, judged(2025), judged(2024, held=report(2024, claim("2025-01-20")))):
        assert found.reasons
        assert all(reason.zh and reason.en for reason in found.reasons)
    assert missing.deadline is not None
    assert missing.deadline.due == date(2026, 1, 31)
