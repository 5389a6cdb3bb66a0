"""A county's register beside other lists of its bodies: what the portal publishes, the departments' template.

A count of units that differs from the office's own list, without the difference printed, ends trust
(practice.md §8). So both ways are told; none of it makes a verdict, an exit code or a colour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from archive.audit.organs import OrganList
from archive.register import County, Publisher, Register
from archive.register.template import compare_departments, departments_named, departments_of
from archive.register.userlist import kind_by_name


class ListWord(BaseModel):
    """How a difference is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    head: str
    zh: str
    en: str


CODES = (
    "listed_not_registered",
    "listed_unclear",
    "registered_not_listed",
    "template_lacking",
    "beyond_template",
    "no_duty",
    "no_departments",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One body that one list has and another has not. The record shows the portal's list."""

    code: str
    name: str
    publisher: str | None = None  # its register code
    years: tuple[int, ...] = ()
    url: str | None = None
    read: datetime | None = None
    record_id: str | None = None

    @property
    def zh(self) -> str:
        """In Chinese."""
        return list_words()[self.code].zh.format(name=self.name, years=years_text(self.years))

    @property
    def en(self) -> str:
        """In English."""
        return list_words()[self.code].en.format(name=self.name, years=years_text(self.years))


@cache
def list_words() -> Mapping[str, ListWord]:
    """data/lists.yml, read once. Raises ValueError where a code has no row or a row no code."""
    path = Path(__file__).parent / "data" / "lists.yml"
    table = {
        code: ListWord.model_validate(row) for code, row in yaml.safe_load(path.read_text("utf-8")).items()
    }
    if set(table) != set(CODES):
        raise ValueError(f"lists.yml: {sorted(set(table) ^ set(CODES))}")
    return table


def years_text(years: Sequence[int]) -> str:
    """`2024`, `2019–2025`, `2018、2020`"""
    if len(years) > 1 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}–{years[-1]}"
    return "、".join(map(str, years))


def differences(
    register: Register, county_code: str, years: Sequence[int], organ_lists: Iterable[OrganList] = ()
) -> tuple[Difference, ...]:
    """Everything by which the county's register and the other lists differ, in the order of CODES."""
    county, bodies = register.counties[county_code], register.of_county(county_code)
    found = [*_beside_template(county, bodies, years)]
    for organs in organ_lists:
        found += _beside_portal(register, bodies, organs, max(years))
    return tuple(sorted(found, key=lambda told: (CODES.index(told.code), told.publisher or "", told.name)))


def told_together(found: Iterable[Difference]) -> list[Difference]:
    """For people: those of one kind, year and list in one line, their names joined."""
    groups: dict[Difference, list[str]] = {}
    for one in found:
        groups.setdefault(replace(one, name="", publisher=None), []).append(one.name)
    return [replace(group, name="、".join(names)) for group, names in groups.items()]


def _beside_template(county: County, bodies: Sequence[Publisher], years: Sequence[int]) -> list[Difference]:
    told: dict[tuple[str, str, str | None], list[int]] = defaultdict(list)
    for year, found in compare_departments(county, bodies, years).items():
        if not found.listed:
            told["no_departments", county.label, None].append(year)
            continue
        for department in found.lacking:
            told["template_lacking", department.name, None].append(year)
        for code, listed in (("beyond_template", found.beyond), ("no_duty", found.no_duty)):
            for body in listed:
                told[code, body.official_name, body.code].append(year)
    return [Difference(*key, tuple(found)) for key, found in told.items()]


def _beside_portal(
    register: Register, bodies: Sequence[Publisher], organs: OrganList, year: int
) -> list[Difference]:
    """`year`: the last one judged; who is not valid then need not be listed now."""
    shown = (organs.url, organs.read, organs.record_id)
    county = register.counties[organs.county]
    departments: dict[str, set[str]] = defaultdict(set)  # of the template → bodies that are it
    for body in bodies:
        for name in departments_of(body, county) if body.valid_in(year) else ():
            departments[name].add(body.code)
    found: list[Difference] = []
    listed: set[str] = set()
    for organ in organs.organs:
        match = register.match(organ.name, organs.county, year)
        codes = {body.code for body in match.candidates} | ({organ.publisher} if organ.publisher else set())
        codes = codes or {
            code for name in departments_named(organ.name, county) for code in departments.get(name, ())
        }
        listed |= codes
        if not codes:
            clear = kind_by_name(organ.name, county.name) is not None
            code = "listed_not_registered" if clear else "listed_unclear"
            found.append(Difference(code, organ.name, None, (), *shown))
    if organs.complete:
        found += [
            Difference("registered_not_listed", body.official_name, body.code, (), *shown)
            for body in bodies
            if body.code not in listed and body.expected and body.valid_in(year)
        ]
    return found
