"""The stories of reports that are not there: neighbours that published, and looks at the column."""

from __future__ import annotations

from datetime import date

from archive.register import Publisher
from tests.archive.planted.stories import DAY, told
from tests.archive.planted.table import Calendar
from tests.archive.planted.world import Page, Place, moment

Bodies = list[tuple[str, Publisher]]  # row, body
NEIGHBOURS = 9
#: Where last year's reports of the bodies are there, more neighbours: else the brake would hold.
MANY_BEFORE = frozenset({"last_years_text", "template_published_before"})


def neighbours(place: Place, *years: int, count: int = NEIGHBOURS) -> None:
    """Bodies that published on 10 January: a column that shows nobody's report proves nothing."""
    for _ in range(count):
        body = place.body("township_government", "township_government")
        for year in years:
            publish(place, body, year)


def publish(place: Place, body: Publisher, year: int) -> None:
    """The report of a body, on 10 January."""
    day = date(year + 1, 1, 10)
    place.world.capture(place.page(body, year), body, year, moment(day), [told(day)])


def look_twice(place: Place, days: Calendar, of: Publisher | None = None) -> None:
    """Two whole walks after the due day, two working days apart."""
    for day in (days.looks[0], days.looks[2]):
        place.walk(day, [] if of else None, of=of)


def absent_as_of(place: Place, bodies: Bodies, days: Calendar, point: str) -> None:
    look_twice(place, days)


def looks(place: Place, bodies: Bodies, days: Calendar, point: str) -> None:
    first, second, third = days.looks
    walked: dict[str, tuple[date, ...]] = {
        "none": (),
        "on_closes": (days.closes,),
        "once": (first,),
        "on_closes_and_once": (days.closes, second),
        "twice_in_a_day": (first, first),
        "twice_one_workday_apart": (first, second),
        "twice_two_workdays_apart": (first, third),
    }
    for number, day in enumerate(walked[point]):
        place.walk(day, clock=f"{9 + 4 * number:02d}:00")


def failed_looks(place: Place, bodies: Bodies, days: Calendar, point: str) -> None:
    place.walk(days.closes)
    for day in days.looks:
        place.walk(day, [], result=point)


def two_homes(place: Place, bodies: Bodies, days: Calendar, point: str) -> None:
    look_twice(place, days)
    for _, body in bodies:
        place.walk(days.closes, [], of=body)
        if point == "other_failed":
            place.walk(days.looks[0], [], result="declined", of=body)
        if point in {"other_once", "other_twice"}:
            place.walk(days.looks[0], [], of=body)
        if point == "other_twice":
            place.walk(days.looks[2], [], of=body)


def listed_not_had(place: Place, bodies: Bodies, days: Calendar, point: str) -> None:
    for _, body in bodies:
        place.page(body, days.year - (point == "other_year"))
    look_twice(place, days)


def nobody_named(place: Place, bodies: Bodies, days: Calendar, point: str) -> None:
    year = days.year - (point == "other_year")
    page = Page(f"http://{place.portal}.test/unsigned.htm", f"{year}年政府信息公开工作年度报告")
    place.world.capture(page, None, year, moment(days.due))
    place.listed.append(page)
    look_twice(place, days)


def titled_with_the_year(place: Place, bodies: Bodies, days: Calendar, point: str) -> None:
    for _, body in bodies:
        page = place.page(body, days.year)
        place.world.capture(page, body, days.year - 1, moment(days.due), title_year=days.year)
    look_twice(place, days)


def expected_or_not(place: Place, bodies: Bodies, days: Calendar, point: str) -> None:
    look_twice(place, days)
    for _, body in bodies:
        if point == "template_published_before":
            publish(place, body, days.year - 1)
        if point == "template_own_column":
            look_twice(place, days, body)


def register_says(point: str, days: Calendar, neighbour: str) -> dict[str, object]:
    """What the register says of the bodies of `expected_or_not`."""
    if point.startswith("template"):
        return {"expected_basis": "template"}
    cover, year = {"by": neighbour, "reason": "合署办公"}, days.year
    return {
        "ended_on_due": {"valid_until": year, "ended": days.due, "notes": ("撤销建制",)},
        "merged_on_due": {"valid_until": year, "ended": days.due, "successor": cover},
        "merged_after_due": {"valid_until": year, "ended": days.due + DAY, "successor": cover},
        "until_last_year": {"valid_until": year - 1},
        "until_this_year": {"valid_until": year},
        "from_this_year": {"valid_from": year},
        "from_next_year": {"valid_from": year + 1},
        "covered_last_year": {"covered": [{**cover, "valid_until": year - 1}]},
        "covered_this_year": {"covered": [{**cover, "valid_from": year}]},
        "not_in_the_users_list": {"expected": False, "expected_note": "未列入单位名单 not in the list"},
    }[point]


ABSENT = {
    story.__name__: story
    for story in (
        absent_as_of,
        looks,
        failed_looks,
        two_homes,
        listed_not_had,
        nobody_named,
        titled_with_the_year,
        expected_or_not,
    )
}


def vanished(place: Place, row: str, kind: str, days: Calendar, point: str) -> list[Publisher]:
    """So many of so many that published the year before are gone. Gives those gone."""
    gone, _, of = point.partition("_of_")
    bodies = [place.body(row, kind) for _ in range(int(of))]
    for number, body in enumerate(bodies):
        publish(place, body, days.year - 1)
        if number >= int(gone):
            publish(place, body, days.year)
    look_twice(place, days)
    return bodies[: int(gone)]


def county_and_office(place: Place, county: Publisher, office: Publisher, days: Calendar) -> None:
    """The office's report came a day late, the county's never. `days`: the county's."""
    neighbours(place, days.year)
    late = days.closes + DAY
    place.world.capture(place.page(office, days.year), office, days.year, moment(late), [told(late)])
    look_twice(place, days)
