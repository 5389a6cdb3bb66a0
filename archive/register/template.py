"""The template of a county's departments: what a county's own list is checked against (practice.md §1.7).

A template is no county's list: what it names and the list lacks, or the list has beyond it, is told and
nothing more; by itself it makes nobody expected and nobody missing. data/departments.yml is made by
tools/build_register.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from archive.register.errors import RegisterError
from archive.register.matching import is_government_office, name_rules, normalise
from archive.register.model import County, Publisher, PublisherKind

TEMPLATE = Path(__file__).parent / "data" / "departments.yml"


class Department(BaseModel):
    """A department of the template. `since` and `until` are report years, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=2)
    aliases: tuple[str, ...] = ()
    kind: PublisherKind
    since: int = Field(ge=2008, le=2100)
    until: int | None = None
    group: str
    expected: Literal["always", "if_listed", "never"]
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    note: str = ""

    def stood_in(self, report_year: int) -> bool:
        """Whether the template has it for that report year."""
        return self.since <= report_year and (self.until is None or report_year <= self.until)


class DepartmentTemplate(BaseModel):
    """The whole table. A list that lacks a department of the groups `lacking` is told of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provenance: str = Field(min_length=4)
    verified: bool
    groups: Mapping[str, str]  # group → what it means
    lacking: tuple[str, ...]
    departments: tuple[Department, ...]

    @model_validator(mode="after")
    def _groups_are_known(self) -> DepartmentTemplate:
        used = {*self.lacking, *(department.group for department in self.departments)}
        if strange := sorted(used - set(self.groups)):
            raise ValueError(f"组别未说明 groups that are not explained: {', '.join(strange)}")
        names = [department.name for department in self.departments]
        if doubled := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"名称重复 names that stand twice: {', '.join(doubled)}")
        return self


@dataclass(frozen=True, slots=True)
class Compared:
    """A county's list of departments beside the template, for one report year."""

    lacking: tuple[Department, ...]  # in the template, not in the list
    beyond: tuple[Publisher, ...]  # in the list, not in the template
    no_duty: tuple[Publisher, ...]  # in the list; the template says that it has no duty
    listed: int  # departments of the list


@cache
def department_template(path: Path = TEMPLATE) -> DepartmentTemplate:
    """The table, read once. Raises RegisterError."""
    try:
        return DepartmentTemplate.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RegisterError(f"部门模板读不了 the template cannot be read: {path}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise RegisterError(f"部门模板有误 the template is wrong: {path}: {where}: {first['msg']}") from error


def compare_departments(
    county: County, bodies: Iterable[Publisher], years: Iterable[int]
) -> dict[int, Compared]:
    """The departments of a county's list beside the template, by report year."""
    departments = [body for body in bodies if body.kind is PublisherKind.COUNTY_DEPARTMENT and body.expected]
    found = [(body, departments_of(body, county)) for body in departments]
    return {year: _compared([one for one in found if one[0].valid_in(year)], year) for year in years}


def _compared(found: Sequence[tuple[Publisher, list[str]]], report_year: int) -> Compared:
    seen = {name for _, names in found for name in names}
    return Compared(
        lacking=tuple(d for d in _told_of(report_year) if d.name not in seen),
        beyond=tuple(body for body, names in found if not names),
        no_duty=tuple(body for body, names in found if names and _without_duty(names)),
        listed=sum(not is_government_office(body) for body, _ in found),
    )


@cache
def _told_of(report_year: int) -> tuple[Department, ...]:
    """The departments of which a list that lacks them is told."""
    table = department_template()
    return tuple(
        department
        for department in table.departments
        if department.group in table.lacking
        and department.kind is PublisherKind.COUNTY_DEPARTMENT
        and department.stood_in(report_year)
    )


def _without_duty(names: Iterable[str]) -> bool:
    return all(_by_name()[name].expected == "never" for name in names)


def departments_of(body: Publisher, county: County) -> list[str]:
    """The departments of the template that a body is, by its name, else by its aliases."""
    names = (body.official_name, *(alias.name for alias in body.aliases))
    return next((found for name in names if (found := departments_named(name, county))), [])


def departments_named(name: str, county: County) -> list[str]:
    """The departments of the template that a printed name of the county stands for: 教体局, 县财政局."""
    if name.startswith(county.name):  # as nearly all are: the rest is one of a few hundred
        return _departments_printed(name[len(county.name) :])
    return _departments_of(_short(name, county))


@cache
def _departments_printed(rest: str) -> list[str]:
    return _departments_of(normalise(rest))


@cache
def _by_name() -> dict[str, Department]:
    return {department.name: department for department in department_template().departments}


@cache
def _names() -> dict[str, list[str]]:
    """Every way to write a department → the departments meant: 教育体育局 is both."""
    found: dict[str, list[str]] = {}
    for department in department_template().departments:
        for name in (department.name, *department.aliases):
            for form in {normalise(name), _bare(normalise(name))}:
                found.setdefault(form, []).append(department.name)
    return found


@cache  # the same few names in every county
def _departments_of(short: str) -> list[str]:
    """The departments that a name without its county stands for; of 某局(某办公室) also the outer name."""
    own = (short[1:],) if short[:1] in {"市", "县", "区", "旗"} else ()
    forms = (short, _bare(short), short.removeprefix("人民政府"), *own)
    return next((found for form in forms if (found := _names().get(form))), [])


def _bare(name: str) -> str:
    """A name without a trailing bracket."""
    return name.partition("(")[0] or name


def _short(name: str, county: County) -> str:
    """The name without what stands for its county: 某市某区教育局 → 教育局."""
    plain = normalise(name)
    if plain.endswith(name_rules().county_office_forms[0]):
        return name_rules().county_office_forms[0]
    for own in (county.name, *(alias.name for alias in county.aliases), county.prefecture or ""):
        before, found, rest = plain.partition(own) if own else (plain, "", "")
        if found and rest and len(before) <= len(county.province or "") + len(county.prefecture or ""):
            plain = rest
            break
    return plain.removeprefix("人民政府") or plain
