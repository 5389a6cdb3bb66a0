"""The planted years: every story, at every point, for every row of statute.md §4.1, by the day judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from tests.archive.planted import absent, stories
from tests.archive.planted.table import Calendar, calendar, expected, table
from tests.archive.planted.world import Place, World

_LATE = frozenset({"late", "late_by_practice", "late_past_outer"})


@dataclass(frozen=True)
class Plant:
    """One publisher and report year, and its story."""

    publisher: str
    row: str
    year: int
    story: str
    point: str

    def wanted(self) -> tuple[str, str | None, str | None, tuple[str, ...], int | None]:
        """Presence, why not crawled, timeliness, content, days late, as the table has them."""
        should, days = expected(self.row, self.year, self.story, self.point), calendar(self.row, self.year)
        late = (_first_day(self, days) - days.due).days if should.timeliness in _LATE else None
        return should.presence, should.why, should.timeliness, should.content, late


def _first_day(plant: Plant, days: Calendar) -> date:
    """The first day on which it may have been published."""
    if plant.story == "migrated":
        return days.due + timedelta(days=int(plant.point.rpartition("_")[2]))
    if plant.story == "month_told":
        return date(days.due.year, days.due.month + (plant.point == "next_month"), 1)
    return days.day(plant.point.partition(",")[0])


@dataclass
class Planted:
    """Everything judged as of one day, for one report year."""

    year: int
    world: World
    plants: list[Plant]


class Planter:
    """Plants one report year."""

    def __init__(self, year: int, codes: Iterator[int]) -> None:
        self.year = year
        self._codes = codes
        self._worlds: dict[date, World] = {}
        self._plants: dict[date, list[Plant]] = defaultdict(list)

    def planted(self) -> list[Planted]:
        """A world a day judged."""
        for story in stories.HELD:
            self._held(story)
        for story in absent.ABSENT:
            self._absent(story)
        if self.year in table()["stories"]["vanished"]["years"]:
            self._vanished()
        self._county_and_office()
        return [Planted(self.year, world, self._plants[day]) for day, world in self._worlds.items()]

    def _held(self, story: str) -> None:
        for row in table()["rows"]:
            days = calendar(row, self.year)
            as_of = days.due - timedelta(days=4) if story == "published_around_as_of" else self._end
            place = self._place(as_of)
            points = table()["stories"][story]["points"]
            if story == "launched":
                place.launches = tuple(days.day(point) for point in points)
            for point in points:
                body = place.body(row, table()["rows"][row]["kind"])
                stories.HELD[story](place, body, days, point)
                self._note(as_of, Plant(body.code, row, self.year, story, point))
            place.walk(date(self.year + 2, 12, 1))

    def _absent(self, story: str) -> None:
        for rows in self._by_due().values():
            days = calendar(rows[0], self.year)
            for point in table()["stories"][story]["points"]:
                as_of = days.day(point) if story == "absent_as_of" else self._end
                place = self._place(as_of)
                if point in absent.MANY_BEFORE:
                    absent.neighbours(place, self.year - 1, self.year, count=2 * absent.NEIGHBOURS)
                else:  # the brake wants more that are shown than that never were, from five on
                    absent.neighbours(place, self.year, count=absent.NEIGHBOURS if len(rows) > 4 else 2)
                said = {}
                if story == "expected_or_not":
                    said = absent.register_says(point, days, place.bodies[0].code)
                bodies = [(row, place.body(row, table()["rows"][row]["kind"], **said)) for row in rows]
                absent.ABSENT[story](place, bodies, days, point)
                for row, body in bodies:
                    self._note(as_of, Plant(body.code, row, self.year, story, point))

    def _vanished(self) -> None:
        for row, told in table()["rows"].items():
            for point in table()["stories"]["vanished"]["points"]:
                days, place = calendar(row, self.year), self._place(self._end)
                for body in absent.vanished(place, row, told["kind"], days, point):
                    self._note(self._end, Plant(body.code, row, self.year, "vanished", point))

    def _county_and_office(self) -> None:
        place = self._place(self._end)
        county = place.body("county_government", "county_government")
        office = place.body("government_office", "county_department")
        absent.county_and_office(place, county, office, calendar("county_government", self.year))
        for row, body in (("county_government", county), ("government_office", office)):
            self._note(self._end, Plant(body.code, row, self.year, "county_and_office", "office_alone"))

    @property
    def _end(self) -> date:
        return date(self.year + 2, 12, 31)

    def _by_due(self) -> dict[date, list[str]]:
        found: dict[date, list[str]] = defaultdict(list)
        for row in table()["rows"]:
            found[calendar(row, self.year).due].append(row)
        return found

    def _place(self, as_of: date) -> Place:
        world = self._worlds.setdefault(as_of, World(as_of))
        return world.place(f"{next(self._codes):06d}")

    def _note(self, as_of: date, plant: Plant) -> None:
        self._plants[as_of].append(plant)


def planted_years() -> Iterator[Planted]:
    """Every year of the calendar."""
    codes = count(900001)
    for year in table()["calendar"]:
        yield from Planter(year, codes).planted()
