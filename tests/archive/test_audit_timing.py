"""The timeliness axis on, before and after every boundary (practice.md §1.2, §1.3; statute.md §4.2)."""

from __future__ import annotations

from datetime import date

import pytest

from archive.audit.evidence import Claim
from archive.audit.verdict import Verdict
from tests.archive.judging import at, claim, judged, report, version


def timed(kind: str, year: int, *claims: Claim, seen: str = "2026-06-01", **fields: object) -> str | None:
    found = judged(year, kind=kind, held=report(year, *claims, seen=seen, **fields))
    assert found.presence == "held"
    return found.timeliness


@pytest.mark.parametrize(
    ("kind", "year", "day", "status", "days_late"),
    [
        # statute, due day a working day (31 January 2024)
        ("county_department", 2023, "2024-01-30", "on_time", None),
        ("county_department", 2023, "2024-01-31", "on_time", None),
        ("county_department", 2023, "2024-02-01", "late", 1),
        # statute, due day in the Spring Festival (31 January 2025, next working day 5 February)
        ("county_department", 2024, "2025-01-31", "on_time", None),
        ("county_department", 2024, "2025-02-01", "on_time_next_workday", None),
        ("county_department", 2024, "2025-02-05", "on_time_next_workday", None),
        ("county_department", 2024, "2025-02-06", "late", 6),
        ("county_department", 2024, "2025-02-09", "late", 9),
        # statute, a Saturday (31 January 2026)
        ("county_department", 2025, "2026-02-02", "on_time_next_workday", None),
        ("county_department", 2025, "2026-02-03", "late", 3),
        # the old statute
        ("county_department", 2018, "2019-03-31", "on_time", None),
        ("county_department", 2018, "2019-04-01", "on_time_next_workday", None),
        ("county_department", 2018, "2019-04-02", "late", 2),
        # county governments
        ("county_government", 2024, "2025-03-31", "on_time", None),
        ("county_government", 2024, "2025-04-01", "late", 1),
        ("county_government", 2023, "2024-04-01", "on_time_next_workday", None),
        ("county_government", 2023, "2024-04-02", "late", 2),
        # practice and analogy, with an outer day
        ("township_government", 2023, "2024-01-31", "on_time", None),
        ("township_government", 2023, "2024-02-01", "late_by_practice", 1),
        ("township_government", 2024, "2025-02-05", "on_time_next_workday", None),
        ("township_government", 2024, "2025-03-31", "late_by_practice", 59),
        ("township_government", 2024, "2025-04-01", "late_past_outer", 60),
        (
            "township_government",
            2023,
            "2024-04-01",
            "late_past_outer",
            61,
        ),  # a Monday: outer days do not roll
        ("township_government", 2023, "2024-04-02", "late_past_outer", 62),
        ("subdistrict_office", 2023, "2024-02-01", "late_by_practice", 1),
        ("subdistrict_office", 2018, "2019-04-02", "late_past_outer", 2),
        ("development_zone", 2023, "2024-02-01", "late_by_practice", 1),
        ("authorised_org", 2023, "2024-04-02", "late_past_outer", 62),
        ("vertical_body", 2023, "2024-02-01", "late_by_practice", 1),
        # too early
        ("township_government", 2023, "2023-12-30", "premature", None),
        ("township_government", 2023, "2023-12-31", "premature", None),
        ("township_government", 2023, "2024-01-01", "on_time", None),
    ],
)
def test_boundaries(kind: str, year: int, day: str, status: str, days_late: int | None) -> None:
    found = judged(year, kind=kind, held=report(year, claim(day)))
    assert (found.timeliness, found.days_late) == (status, days_late)
    assert found.published_lo == found.published_hi == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        (("2025-01-24", "2025-01-30"), "on_time"),  # they disagree, both before
        (("2025-01-24", "2025-02-12"), "date_disputed"),  # across the due day
        (("2025-02-08", "2025-02-12"), "late"),  # both after
        (("2025-01-30", "2025-02-03"), "on_time_next_workday"),
        (("2025-02-05", "2025-02-06"), "date_disputed"),
    ],
)
def test_two_sources_that_disagree(claims: tuple[str, str], status: str) -> None:
    page, listed = claims
    held = report(2024, claim(page), claim(listed, source="list_row"))
    found = judged(2024, held=held)
    assert found.timeliness == status
    assert any("各处日期不一致" in reason.zh for reason in found.reasons)


def test_a_month_in_the_url_agrees_with_a_day_inside_it() -> None:
    month = claim("2025-02-01", "2025-02-28", source="url_month")
    assert timed("county_department", 2024, month, claim("2025-02-03")) == "on_time_next_workday"
    assert timed("county_department", 2024, month, claim("2025-02-20")) == "late"
    assert timed("county_department", 2024, month) == "date_disputed"  # the month alone spans the day
    january = claim("2025-01-01", "2025-01-31", source="url_month")
    assert timed("county_department", 2024, january) == "on_time"
    march = claim("2025-03-01", "2025-03-31", source="url_month")
    assert timed("county_department", 2024, march) == "late"


def test_written_generated_and_signed_dates_prove_nothing_alone() -> None:
    for kind in ("written", "generated", "signed"):
        weak = claim("2025-01-20", kind=kind, source="metadata_row")
        assert timed("county_department", 2024, weak, seen="2025-06-01") == "date_unknown"


def test_undated_but_captured_in_time() -> None:
    assert timed("county_department", 2024, seen="2025-01-31") == "on_time"
    assert timed("county_department", 2024, seen="2025-02-05") == "on_time_next_workday"
    assert timed("county_department", 2024, seen="2025-02-06") == "date_unknown"


def test_undated_absent_after_the_due_day_and_present_later() -> None:
    absent = at("2025-02-10")
    assert timed("county_department", 2024, seen="2025-02-15", absent_on=absent) == "late_proved_by_capture"
    on_the_day = at("2025-02-05")
    assert timed("county_department", 2024, seen="2025-02-15", absent_on=on_the_day) == "date_unknown"


def test_a_claim_that_captures_contradict_is_disputed_and_says_so() -> None:
    held = report(2023, claim("2024-01-26"), seen="2024-02-15", absent_on=at("2024-02-08"))
    found = judged(2023, held=held)
    assert found.timeliness == "date_disputed"
    words = " ".join(reason.en for reason in found.reasons)
    assert "claims 2024-01-26" in words
    assert "2024-02-08" in words
    assert "first seen 2024-02-15" in words


def test_absence_before_the_claimed_day_contradicts_nothing() -> None:
    assert timed("county_department", 2023, claim("2024-01-26"), absent_on=at("2024-01-26")) == "on_time"


def test_impossible_claims_are_not_believed() -> None:
    for impossible in ("1970-01-01", "2087-01-05"):
        odd = claim(impossible, seen="2025-01-20")
        assert timed("county_department", 2024, odd, seen="2025-01-20") == "on_time"  # by its capture
        assert timed("county_department", 2024, odd, claim("2025-01-15"), seen="2025-06-01") == "on_time"


def test_a_date_refreshed_after_the_first_capture_does_not_make_it_late() -> None:
    refreshed = claim("2025-03-20", source="meta_tag", seen="2025-04-01")
    found = timed("county_department", 2024, claim("2025-01-20"), refreshed, seen="2025-01-25")
    assert found == "on_time"


def test_a_date_refreshed_after_the_first_capture_alone_proves_nothing() -> None:
    refreshed = claim("2025-03-20", source="meta_tag", seen="2025-04-01")
    assert timed("county_department", 2024, refreshed, seen="2025-02-10") == "date_unknown"


def test_of_two_addresses_the_earlier_counts() -> None:
    first, again = claim("2025-01-20"), claim("2025-03-20", document="summary column")
    assert timed("county_department", 2024, first, again) == "on_time"


def test_a_migration_day_is_no_publication_day() -> None:
    two, three = {date(2021, 1, 19): 2}, {date(2021, 1, 19): 3}
    town = "township_government"
    assert timed(town, 2018, claim("2021-01-19"), shared_days=two) == "date_is_migration"
    assert timed(town, 2018, claim("2021-01-19")) == "late_past_outer"
    genuine = timed(town, 2020, claim("2021-01-19"), shared_days=three)
    assert genuine == "on_time"  # one year's batch, in its season
    march = {date(2021, 3, 20): 3}
    assert timed("county_department", 2020, claim("2021-03-20"), shared_days=march) == "date_is_migration"
    pair = {date(2021, 3, 20): 2}
    assert timed("county_department", 2020, claim("2021-03-20"), shared_days=pair) == "late"


def test_after_a_placeholder_the_first_true_version_counts() -> None:
    fields = {
        "placeholder_until": at("2025-01-28"),
        "versions": (version("2025-01-28", "p", "candidate"), version("2025-03-10", "a")),
    }
    found = judged(2024, held=report(2024, claim("2025-01-20"), seen="2025-03-10", **fields))
    assert found.timeliness == "date_unknown"
    assert "placeholder_replaced" in found.content
    proved = report(2024, claim("2025-01-20"), seen="2025-03-10", absent_on=at("2025-02-20"), **fields)
    assert judged(2024, held=proved).timeliness == "late_proved_by_capture"


def test_content_never_changes_timeliness() -> None:
    held = report(2024, claim("2025-01-20"), replaced_on=date(2025, 5, 1), changed_cells=("a.b.c",))
    found = judged(2024, held=held)
    assert (found.timeliness, found.content) == ("on_time", ("replaced",))


def content_of(**fields: object) -> tuple[str, ...]:
    found: Verdict = judged(2024, held=report(2024, claim("2025-01-20"), **fields))
    return tuple(flag.value for flag in found.content)


def test_content_flags() -> None:
    assert content_of() == ("complete",)
    assert content_of(kind="candidate") == ("shell_only",)
    assert content_of(kind="candidate", unreadable=True) == ("unreadable",)
    assert content_of(duplicates=("http://x/2",)) == ("duplicate",)
    assert content_of(other_texts=("http://x/2",)) == ("replaced",)
    assert content_of(same_text_as=("other",)) == ("same_text_two_publishers",)
    assert content_of(attribution_unclear=True) == ("attribution_unclear",)


def test_nobody_is_late_while_the_attribution_is_unclear() -> None:
    held = report(2024, claim("2025-05-20"), attribution_unclear=True)
    found = judged(2024, held=held)
    assert (found.timeliness, found.content) == (None, ("attribution_unclear",))
    assert "逾期" not in found.words()
