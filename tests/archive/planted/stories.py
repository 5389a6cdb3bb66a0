"""The stories of statuses.yml: what was published when, what was claimed, what was captured and walked.

A story of a report that is there is a function of (place, body, calendar, point); one of a report that is not
there is told of a place with every row's body in it, since a place's column is looked at for all of them.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Callable
from datetime import date, timedelta

from archive.register import Publisher
from tests.archive.planted.table import Calendar
from tests.archive.planted.world import Days, Page, Place, moment

DAY = timedelta(days=1)
Held = Callable[[Place, Publisher, Calendar, str], None]
Claimed = tuple[str, str, Days]


def told(day: date, source: str = "metadata_row", kind: str = "published") -> Claimed:
    """A source that names one day."""
    return (kind, source, (day, day))


def _page(
    place: Place, body: Publisher, days: Calendar, seen: date, *claims: Claimed, **more: object
) -> Page:
    page = place.page(body, days.year)
    place.world.capture(page, body, days.year, moment(seen), claims, **more)  # type: ignore[arg-type]
    return page


def dated(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    _page(place, body, days, days.day(point), told(days.day(point)))


def undated(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    _page(place, body, days, days.day(point))


def undated_at_night(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    page = place.page(body, days.year)
    clock = "23:30" if point in {"on_due", "on_closes"} else "00:30"
    place.world.capture(page, body, days.year, moment(days.day(point), clock))


def written_day_only(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    written = days.due - 9 * DAY
    claims = (told(written, "signature", "signed"), told(written, "metadata_row", "written"))
    _page(place, body, days, days.day(point), *claims)


def dated_1970(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    _page(place, body, days, days.day(point), told(date(1970, 1, 1)))


def dated_2087(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    _page(place, body, days, days.day(point), told(date(2087, 12, 31)))


def dated_after_its_capture(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    _page(place, body, days, days.day(point), told(days.day(point) + DAY))


def undated_absent_before(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    later = days.closes + 3 * DAY
    page = place.page(body, days.year, listed=False)
    place.walk(days.day(point), [], of=body)
    place.world.capture(page, body, days.year, moment(later))
    place.walk(later, [page], of=body)


def two_days_told(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    first, _, second = point.partition(",")
    claims = (told(days.day(first)), told(days.day(second), "url_day"))
    _page(place, body, days, days.day(second) + DAY, *claims)


def month_told(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    year, month = days.due.year, days.due.month + (point == "next_month")
    last = date(year, month, months.monthrange(year, month)[1])
    _page(place, body, days, last + 9 * DAY, ("published", "url_month", (date(year, month, 1), last)))


def claim_against_captures(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    claimed = days.due - 5 * DAY
    without, seen = {
        "walked_that_day": (claimed, days.due - 3 * DAY),
        "seen_by_due": (claimed + DAY, days.due - 3 * DAY),
        "seen_after_closes": (claimed + DAY, days.closes + DAY),
        "walked_after_closes": (days.closes + 6 * DAY, days.closes + 13 * DAY),
    }[point]
    page = place.page(body, days.year, listed=False)
    place.walk(without, [], of=body)
    place.world.capture(page, body, days.year, moment(seen), [told(claimed)])
    place.walk(seen, [page], of=body)


def migrated(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    words = point.split("_")
    years, day = {"two": 2, "four": 4}[words[0]], days.due + int(words[2]) * DAY
    pages = []
    for year in range(days.year, days.year - years, -1):
        page = place.page(body, year, listed=False)
        place.world.capture(page, body, year, moment(day), [told(day)])
        pages.append(page)
    place.walk(day + 9 * DAY, pages, of=body)


def replaced(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    day = days.day(point)
    page = _page(place, body, days, day, told(day), text=f"first of {body.code}")
    place.world.capture(
        page, body, days.year, moment(day + 20 * DAY), [told(day)], text=f"second of {body.code}"
    )


def footer_changed(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    day = days.day(point)
    page = _page(place, body, days, day, told(day))
    place.world.capture(page, body, days.year, moment(day + 20 * DAY), [told(day)], look="new footer")


def second_text(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    _second(place, body, days, point, text=f"another of {body.code}")


def duplicate(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    _second(place, body, days, point, text=f"text of {body.code}")


def _second(place: Place, body: Publisher, days: Calendar, point: str, text: str) -> None:
    day = days.day(point)
    _page(place, body, days, day, told(day), text=f"text of {body.code}")
    page = place.page(body, days.year, second=True)
    place.world.capture(
        page, body, days.year, moment(day + 20 * DAY), [told(day + 20 * DAY)], text=text, n_cells=100
    )


def same_text_as_a_neighbour(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    neighbour = place.body("township_government", "township_government")
    for owner in (body, neighbour):
        _page(place, owner, days, days.day(point), told(days.day(point)), text=f"text of {body.code}")


def placeholder(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    before, day = days.due - 3 * DAY, days.day(point)
    page = _page(place, body, days, before, told(before), kind="not_a_report", text=f"soon {body.code}")
    place.world.capture(page, body, days.year, moment(day), [told(day)])


def shell(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    _page(place, body, days, days.day(point), told(days.day(point)), kind="candidate", n_cells=0)


def scan(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    _page(place, body, days, days.day(point), told(days.day(point)), kind="candidate", n_cells=0, scan=True)


def whose_is_unclear(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    _page(place, body, days, days.day(point), told(days.day(point)), publisher_unclear=True)


def gone(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    day = days.day(point)
    page = _page(place, body, days, day, told(day))
    place.world.capture(page, body, days.year, moment(day + 20 * DAY), status=404)


def published_around_as_of(place: Place, body: Publisher, days: Calendar, point: str) -> None:
    day = place.world.as_of + {"day_before": -1, "same_day": 0, "day_after": 1}[point] * DAY
    _page(place, body, days, day, told(day))


HELD: dict[str, Held] = {
    story.__name__: story
    for story in (
        dated,
        undated,
        undated_at_night,
        written_day_only,
        dated_1970,
        dated_2087,
        dated_after_its_capture,
        undated_absent_before,
        two_days_told,
        month_told,
        claim_against_captures,
        migrated,
        replaced,
        footer_changed,
        second_text,
        duplicate,
        same_text_as_a_neighbour,
        placeholder,
        shell,
        scan,
        whose_is_unclear,
        gone,
        published_around_as_of,
    )
}
HELD |= {"batch": dated, "launched": dated}
