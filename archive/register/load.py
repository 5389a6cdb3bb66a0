"""Reading register files.

A register file is YAML. The shipped ones lie in `data/counties/`, one per county, with the hand-kept
`data/aliases.yml`; further files (setting REGISTER_FILES) add to them, close or change entries, in the order
given. A folder stands for every `*.yml` in it, by name.

    format: 1
    provenance: where the rows come from, in words      # required
    verified: false                                     # true once a person has checked every row
    counties:
      - code: "330681"
        name: 某市                   # required for a county the register does not know yet
        prefecture: 某市
        province: 某省
        display_name: 某市（样例）   # heading in tables
        sample: true                 # played by the sample portals
        expects: listed              # listed: only the bodies in THIS file are expected of the county, the
                                     # others stay known, so that a name still finds them. all (default): all
        launches: [2021-01-19]       # the site was opened or moved: a later-than-due report of that day is
                                     # date_is_migration, not late
        targets:                     # 内部时限, shown beside the due day, never used for 逾期
          - {kinds: [county_department], report_year: 2025, day: 2026-01-20, source: 某府办函〔2026〕1号}
        aliases:
          - {name: 某巿, reason: OCR 误读, misreading: true}
          - {name: 某县, reason: 2018年撤县设市, valid_until: 2017}   # a former name, with its report years
    publishers:
      - code: 330681-S01             # required, unique
        county_code: "330681"        # required for a new body, as are official_name and kind
        official_name: 某市示例镇人民政府
        kind: township_government    # archive.register.model.PublisherKind
        expected_basis: official_list
        valid_from: 2019             # report years, both included
        valid_until: 2025
        aliases: [{name: 示例镇政府, reason: 简称}]
        covered: [{by: 330681-S02, reason: 镇街合一, valid_from: 2022}]
      - code: "330681001"            # a known code: the fields given replace the known ones, aliases add
        valid_from: 2023
        valid_until: 2023

    changes:                         # what happened to a body, by its day (archive.register.amendments)
      - {code: "330681102", what: closed, date: 2022-06-30, reason: 撤销建制}

An unknown key, a code twice in one file, years that end before they begin or one name for two bodies of a
county in the same year is refused. A county that is asked for, or named by its code alone, and whose bodies
no file gives is taken from the raw register, unverified (archive.register.drafts).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from archive.register.amendments import Amendment, amended
from archive.register.contradictions import refuse_backwards, refuse_homonyms, refuse_names_taken
from archive.register.drafts import county_content
from archive.register.errors import RegisterError
from archive.register.matching import NameIndex
from archive.register.model import (
    Alias,
    County,
    Cover,
    ExpectedBasis,
    LocalTarget,
    Publisher,
    PublisherKind,
)
from archive.register.register import Register

_DATA = Path(__file__).parent / "data"
SHIPPED = (_DATA / "counties", _DATA / "aliases.yml")


class CountyEntry(BaseModel):
    """One county as a file gives it."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    code: str = Field(pattern=r"^\d{6}$")
    name: str | None = None
    prefecture: str | None = None
    province: str | None = None
    aliases: tuple[Alias, ...] = ()
    display_name: str | None = None
    sample: bool | None = None
    targets: tuple[LocalTarget, ...] = ()
    launches: tuple[date, ...] = ()
    expects: Literal["all", "listed"] = "all"


class PublisherEntry(BaseModel):
    """One body as a file gives it: whole if new, the changed fields if known."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    code: str = Field(min_length=6, pattern=r"^[0-9A-Za-z-]+$")
    official_name: str | None = None
    kind: PublisherKind | None = None
    county_code: str | None = None
    expected_basis: ExpectedBasis | None = None
    aliases: tuple[Alias, ...] = ()
    valid_from: int | None = Field(default=None, ge=2008, le=2100)
    valid_until: int | None = Field(default=None, ge=2008, le=2100)
    covered: tuple[Cover, ...] = ()


class RegisterFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")

    format: Literal[1]
    provenance: str = Field(min_length=4)
    verified: bool = False
    counties: tuple[CountyEntry, ...] = ()
    publishers: tuple[PublisherEntry, ...] = ()
    changes: tuple[Amendment, ...] = ()

    @field_validator("publishers")
    @classmethod
    def codes_once(cls, entries: tuple[PublisherEntry, ...]) -> tuple[PublisherEntry, ...]:
        """A code twice in one file would make the later row win in silence."""
        seen: set[str] = set()
        for entry in entries:
            if entry.code in seen:
                raise ValueError(f"代码重复 code given twice: {entry.code}")
            seen.add(entry.code)
        return entries


def load_register(paths: Sequence[Path] | None = None, *, wanted: Collection[str] = ()) -> Register:
    """The shipped register, then the given files and folders in their order.

    `wanted` are codes of counties that must be in it (those of the portal files): what no file gives comes
    from the raw register, if that has it. Raises RegisterError for a file that is absent, unreadable,
    misspelt or contradictory.
    """
    counties: dict[str, County] = {}
    publishers: dict[str, Publisher] = {}
    files = [(path, read_file(path)) for path in _files([*SHIPPED, *(paths or ())])]
    for path, file in [*_drafts([file for _, file in files], wanted), *files]:
        _merge(file, path, counties, publishers)
    refuse_homonyms(publishers.values())
    refuse_names_taken(publishers.values())
    ordered = tuple(publishers[code] for code in sorted(publishers))
    return Register(
        counties={code: counties[code] for code in sorted(counties)},
        publishers=ordered,
        names=NameIndex(counties.values(), ordered),
    )


def _drafts(files: Sequence[RegisterFile], wanted: Collection[str]) -> Iterable[tuple[Path, RegisterFile]]:
    """The counties that are wanted, or named by their code alone, and that no file gives."""
    entries = [county for file in files for county in file.counties]
    given = {county.code for county in entries if county.name is not None}
    for code in sorted({*wanted, *(county.code for county in entries)} - given):
        content = county_content(code)
        if content is not None:
            yield Path(f"(raw register {code})"), RegisterFile.model_validate(content)


def read_file(path: Path) -> RegisterFile:
    """One file, validated. Raises RegisterError."""
    try:
        raw: Any = yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
    except (OSError, ValueError, yaml.YAMLError) as error:  # ValueError: no UTF-8, or a day like 2022-13-30
        raise RegisterError(
            f"名录文件读不了 register file cannot be read: {path}: {_one_line(error)}"
        ) from error
    try:
        return RegisterFile.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "(file)"
        raise RegisterError(
            f"名录文件有误 register file is wrong: {path}: {where}: {first['msg']}"
            "（格式见 archive/register/load.py see the format there）"
        ) from error


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.yml"))
        else:
            yield path


def _merge(
    file: RegisterFile, path: Path, counties: dict[str, County], publishers: dict[str, Publisher]
) -> None:
    for county in file.counties:
        counties[county.code] = _county(county, counties.get(county.code), path)
    for entry in file.publishers:
        publisher = _publisher(entry, publishers.get(entry.code), path)
        if publisher.county_code not in counties:
            raise _no_county(path, entry.code, publisher.county_code)
        refuse_backwards(publisher, path)
        publishers[entry.code] = publisher
    for amendment in file.changes:
        publisher = amended(publishers.get(amendment.code), amendment, str(path))
        if publisher.county_code not in counties:
            raise _no_county(path, publisher.code, publisher.county_code)
        publishers[amendment.code] = publisher
    listed = {county.code for county in file.counties if county.expects == "listed"}
    if not listed:
        return  # looking through every body once a file costs the square of the counties
    named = {entry.code for entry in file.publishers} | {change.code for change in file.changes}
    for code, publisher in publishers.items():
        if publisher.county_code in listed and code not in named:
            note = f"未列入单位名单 not in the list {path.name}"
            publishers[code] = publisher.model_copy(update={"expected": False, "expected_note": note})


def _county(entry: CountyEntry, known: County | None, path: Path) -> County:
    given = entry.model_dump(exclude_none=True, exclude={"expects", "aliases", "targets", "launches"})
    if known is not None:
        aliases = known.aliases + tuple(a for a in entry.aliases if a not in known.aliases)
        more = {"targets": known.targets + entry.targets, "launches": known.launches + entry.launches}
        return known.model_copy(update={**given, "aliases": aliases, **more})
    if entry.name is None:
        raise RegisterError(
            f"名录文件有误 register file is wrong: {path}: 县区 {entry.code} 缺 name（名录中尚无此县区）"
            " name is needed for a county not yet known"
        )
    return County(**given, aliases=entry.aliases, targets=entry.targets, launches=entry.launches)


def _publisher(entry: PublisherEntry, known: Publisher | None, path: Path) -> Publisher:
    fields = entry.model_fields_set - {"aliases", "covered"}
    given = {name: getattr(entry, name) for name in fields}
    if known is not None:
        changed = {
            **given,
            "aliases": known.aliases + tuple(a for a in entry.aliases if a not in known.aliases),
            "covered": known.covered + entry.covered,
            "expected": True,
            "expected_note": None,
        }
        return known.model_copy(update=changed)
    missing = [name for name in ("official_name", "kind", "county_code") if given.get(name) is None]
    if missing:
        raise RegisterError(
            f"名录文件有误 register file is wrong: {path}: {entry.code}: 缺 {'、'.join(missing)}"
            "（名录中尚无此单位） needed for a body not yet known"
        )
    return Publisher(**given, aliases=entry.aliases, covered=entry.covered)


def _no_county(path: Path, code: str, county: str) -> RegisterError:
    return RegisterError(
        f"名录文件有误 register file is wrong: {path}: {code}: 县区代码未知 county {county} is not in the"
        " register; 请在 counties 中补上 add it under counties"
    )
