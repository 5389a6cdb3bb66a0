"""More than 5,000 planted publisher-years, each called what planted/statuses.yml says (statute.md §4)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

from archive.audit.run import Scope, run_audit
from archive.audit.statuses import Content, NotCrawled, Presence, Timeliness
from archive.audit.verdict import Verdict
from archive.catalogue import Catalogue
from tests.archive.planted.table import table
from tests.archive.planted.year import Plant, planted_years

#: The rows of statute.md §4.2.
ROWS_OF_THE_STATUTE = {
    "not_expected",
    "not_yet_due",
    "on_time",
    "on_time_next_workday",
    "late",
    "late_by_practice",
    "late_past_outer",
    "published_date_unknown",
    "date_is_migration",
    "invalid_date",
    "missing",
    "not_crawled",
    "wrong_year",
    "replaced",
    "duplicate",
}


@dataclass(frozen=True)
class Judged:
    """A plant, and what the audit called it."""

    plant: Plant
    verdict: Verdict


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    found: list[Judged] = []
    with Catalogue("sqlite://") as catalogue:
        for planted in planted_years():
            world = planted.world
            world.fill(catalogue)
            counties = tuple(place.code for place in world.places)
            scope = Scope(world.as_of, None, (planted.year,), counties)
            audit = run_audit(catalogue, world.register(), scope)
            verdicts = {verdict.publisher.code: verdict for verdict in audit.verdicts}
            found += [Judged(plant, verdicts[plant.publisher]) for plant in planted.plants]
    return found


def test_every_planted_status_is_right(judged: list[Judged]) -> None:
    wrong = [
        f"{item.plant}: {given} instead of {item.plant.wanted()}: {item.verdict.reasons}"
        for item in judged
        if (given := _given(item.verdict)) != item.plant.wanted()
    ]
    assert len(judged) >= 5000
    assert wrong == [], f"{len(wrong)} of {len(judged)}\n" + "\n".join(wrong[:40])


def _given(verdict: Verdict) -> tuple[str, str | None, str | None, tuple[str, ...], int | None]:
    return (
        verdict.presence.value,
        verdict.not_crawled.value if verdict.not_crawled else None,
        verdict.timeliness.value if verdict.timeliness else None,
        tuple(flag.value for flag in verdict.content),
        verdict.days_late,
    )


def test_every_row_meets_every_story_at_every_point(judged: list[Judged]) -> None:
    met = {(p.row, p.year >= 2019, p.story, p.point) for p in (item.plant for item in judged)}
    wanted = {
        (row, since_2019, name, point)
        for name, story in table()["stories"].items()
        for point in story["points"]
        for row in story.get("rows", table()["rows"])
        for since_2019 in (False, True)
    }
    assert met == wanted
    covered = {row for story in table()["stories"].values() for row in story["of"]}
    assert covered == ROWS_OF_THE_STATUTE


def test_every_status_is_planted_on_working_and_other_due_days(judged: list[Judged]) -> None:
    told = Counter[str]()
    for item in judged:
        presence, why, timeliness, content, _ = item.plant.wanted()
        told.update(value for value in (presence, why, timeliness, *content) if value)
    codes = {str(code) for kind in (Presence, Timeliness, Content, NotCrawled) for code in kind}
    assert codes <= told.keys()
    assert min(told[code] for code in codes) >= 10
    rolled = {
        (days[0] != days[1], due) for year in table()["calendar"].values() for due, days in year.items()
    }
    assert rolled == {(False, "january"), (True, "january"), (False, "march"), (True, "march")}


def test_nobody_without_a_statutory_day_is_called_late_or_unlawful(judged: list[Judged]) -> None:
    for item in judged:
        if item.plant.row in {"county_government", "county_department", "government_office"}:
            continue
        words = item.verdict.words("zh") + "".join(reason.zh for reason in item.verdict.reasons)
        assert item.verdict.timeliness is not Timeliness.LATE
        assert not any(word in words for word in ("逾期", "违法", "违反", "漏报", "拒不")), words
