"""The county's report and its office's own (practice.md §1.5)."""

from __future__ import annotations

from archive.audit.office import spare_county_and_office
from archive.audit.verdict import Verdict
from tests.archive.judging import body, claim, judged, probe, report

COUNTY = body("county_government", code="999901-GOV", official_name="某县人民政府")
OFFICE = body(code="999901-OFFICE", official_name="某县人民政府办公室", expected_basis="template")
BUREAU = body(code="999901-D1", official_name="某县教育局")
LOOKS = (probe("2025-04-10"), probe("2025-04-20"))


def of_office(day: str) -> Verdict:
    return judged(2024, publisher=OFFICE, held=report(2024, claim(day)))


def of_county(held: bool) -> Verdict:
    made = report(2024, claim("2025-03-01")) if held else None
    return judged(2024, publisher=COUNTY, held=made, probes=LOOKS)


def test_an_office_alone_is_not_late_and_its_county_not_missing() -> None:
    before = [of_county(held=False), of_office("2025-03-01")]
    assert [before[0].presence, before[1].timeliness] == ["missing", "late"]
    county, office = spare_county_and_office(before)
    assert (county.presence, office.presence) == ("missing_unconfirmed", "held")
    assert (office.timeliness, office.content, office.days_late) == (None, ("attribution_unclear",), None)
    assert "逾期" not in office.words()


def test_an_office_in_time_stays_in_time() -> None:
    county, office = spare_county_and_office([of_county(held=False), of_office("2025-01-20")])
    assert (county.presence, office.timeliness) == ("missing_unconfirmed", "on_time")


def test_where_both_hold_one_each_is_judged_by_its_own() -> None:
    both = [of_county(held=True), of_office("2025-03-01")]
    assert spare_county_and_office(both) == both
    assert both[1].timeliness == "late"


def test_others_are_untouched() -> None:
    bureau = judged(2024, publisher=BUREAU, held=report(2024, claim("2025-03-01")))
    found = spare_county_and_office([of_county(held=False), bureau])
    assert [v.presence for v in found] == ["missing", "held"]
    assert found[1].timeliness == "late"
