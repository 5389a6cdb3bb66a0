"""The raw register of portals: every county-level division with where its portal is said to be.

Compiled from public lists; no row was fetched or checked by anyone (archive/register/README.md). It tells
where to look, never what is there: `verified` stays False until a person has looked, and nothing of it
enters the register of publishers by itself.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from archive.register.errors import RegisterError

_DATA = Path(__file__).parent / "data"
PORTALS, HOSTS = _DATA / "portals.csv", _DATA / "hosts.csv"
TOWNSHIPS = _DATA / "townships.csv.gz"

Row = TypeVar("Row", bound="_Row")


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(min_length=2, description="where the row comes from, in words")
    verified: bool = Field(description="true once a person has looked; none of the shipped rows is")


class CountyPortal(_Row):
    """A county-level division and its portal as a public list has them. Empty: not known."""

    code: str = Field(pattern=r"^\d{6}$")
    name: str = Field(min_length=2)
    prefecture: str
    province: str
    portal_url: str
    section_url: str = Field(description="a page of 政府信息公开: the section's own, or a list inside it")
    likely_platform: str = Field(description="by the shape of the URL alone")

    @field_validator("portal_url", "section_url")
    @classmethod
    def _is_a_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError(f"不是网址 no URL: {url}")
        return url


class KnownHost(_Row):
    """A host that is no county's main portal. Role `clone`: a copy on a foreign host, never to be crawled."""

    host: str = Field(min_length=4)
    county_code: str = Field(pattern=r"^(?:\d{6})?$")
    role: str
    status: str
    replaced_by: str
    year: str
    note: str


class Township(BaseModel):
    """A township-level unit of the statistical code list; `kind` and `expected_basis` as in the register."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^\d{9}$")
    county_code: str = Field(pattern=r"^\d{6}$")
    official_name: str = Field(min_length=2)
    kind: str
    expected_basis: str


@dataclass(frozen=True)
class PortalRegister:
    """All county-level divisions by their codes."""

    counties: dict[str, CountyPortal]

    def of(self, code: str) -> CountyPortal | None:
        """The row of a six-digit code."""
        return self.counties.get(code)

    def select(self, patterns: str) -> list[CountyPortal]:
        """The counties of codes or patterns, parted by commas: `3606*,330681`, in the order of codes.

        Raises RegisterError, which names the pattern, where one fits no county.
        """
        found: dict[str, CountyPortal] = {}
        for pattern in filter(None, (part.strip() for part in patterns.split(","))):
            fitting = {code: row for code, row in self.counties.items() if fnmatchcase(code, pattern)}
            if not fitting:
                raise RegisterError(f"没有这样的县区代码 no county has such a code: {pattern}；如 like 3606*")
            found |= fitting
        return [found[code] for code in sorted(found)]


@cache
def load_portal_register(path: Path = PORTALS) -> PortalRegister:
    """The shipped rows, or those of another file of the same form. Raises RegisterError."""
    rows = _read(path, CountyPortal)
    counties = {row.code: row for row in rows}
    if len(counties) < len(rows):
        raise RegisterError(f"名录文件有误 register file is wrong: {path}: 代码重复 a code stands twice")
    return PortalRegister(counties)


@cache
def load_known_hosts(path: Path = HOSTS) -> tuple[KnownHost, ...]:
    """Hosts beside the portals: sub-hosts, moved, dead, name traps, clones. Raises RegisterError."""
    return tuple(_read(path, KnownHost))


def clone_hosts() -> frozenset[str]:
    """Hosts that are known to copy government pages (portals.md §8.6); their sub-hosts are none either."""
    return frozenset(row.host for row in load_known_hosts() if row.role == "clone")


def townships_of(county_code: str) -> Iterator[Township]:
    """The township-level units of a county, in the order of their codes. Raises RegisterError."""
    try:
        for row in _townships().get(county_code, ()):
            yield Township.model_validate(row)
    except (OSError, EOFError, KeyError, ValidationError) as error:
        raise RegisterError(f"名录文件读不了 register file cannot be read: {TOWNSHIPS}: {error}") from error


@cache
def _townships() -> dict[str, list[dict[str, str]]]:
    """The rows by county: a register of many counties asks for each."""
    found: dict[str, list[dict[str, str]]] = {}
    with gzip.open(TOWNSHIPS, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["county_code"], []).append(row)
    return found


def _read(path: Path, kind: type[Row]) -> list[Row]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RegisterError(f"名录文件读不了 register file cannot be read: {path}: {error}") from error
    read: list[Row] = []
    for number, row in enumerate(rows, 2):
        try:
            read.append(kind.model_validate(row))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            told = f"{path}: 第 {number} 行 line {number}: {where}: {first['msg']}"
            raise RegisterError(f"名录文件有误 register file is wrong: {told}") from error
    return read
