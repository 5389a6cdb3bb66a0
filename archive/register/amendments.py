"""What happened to bodies, by its day: `changes` of a register file, for what came, went or was renamed.

    changes:
      - {code: 330681-A01, what: added, date: 2023-03-01, reason: 某府发〔2023〕1号, county_code: "330681",
         official_name: 某市数据局, kind: county_department}
      - {code: "330681102", what: closed, date: 2022-06-30, reason: 撤销建制}
      - {code: "330681103", what: merged, date: 2022-06-30, reason: 撤镇并街道, into: "330681005"}
      - {code: "330681104", what: renamed, date: 2022-06-30, reason: 撤乡设镇, name: 某市某某镇人民政府}

A body must stand on 31 December of the report year and on the due day (practice.md §1.7). So one that came
is expected from the year on whose last day it stood. One that went is expected up to the last year whose due
day it saw; for a year whose end alone it saw its successor's report covers it, or none is expected where it
has no successor. A former name holds for the years before the renaming.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from archive.register.errors import RegisterError
from archive.register.model import Alias, Cover, ExpectedBasis, Publisher, PublisherKind

_WORDS = {"added": "设立 added", "closed": "撤销 closed", "merged": "并入 merged", "renamed": "更名 renamed"}
_NEEDED = {
    "added": {"county_code", "official_name", "kind"},
    "closed": set[str](),
    "merged": {"into"},
    "renamed": {"name"},
}


class Amendment(BaseModel):
    """One row. `into` is the successor's code, `name` the new official name."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    code: str = Field(min_length=6, pattern=r"^[0-9A-Za-z-]+$")
    what: Literal["added", "closed", "merged", "renamed"]
    date: dt.date
    reason: str = Field(min_length=2)
    into: str | None = None
    name: str | None = Field(default=None, min_length=2)
    county_code: str | None = Field(default=None, pattern=r"^\d{6}$")
    official_name: str | None = Field(default=None, min_length=2)
    kind: PublisherKind | None = None

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Amendment:
        fields = {"into", "name", "county_code", "official_name", "kind"}
        given = {field for field in fields if getattr(self, field) is not None}
        if given != _NEEDED[self.what]:
            wanted = "、".join(sorted(_NEEDED[self.what])) or "（无 none）"
            raise ValueError(f"{self.code}: what: {self.what} 须有且只有 wants exactly: {wanted}")
        return self

    @property
    def words(self) -> str:
        """The reason as it stands beside a verdict."""
        to = self.name or self.into or ""
        return f"{self.date}{_WORDS[self.what]}{f' {to}' if to else ''}：{self.reason}"


def amended(known: Publisher | None, amendment: Amendment, where: str) -> Publisher:
    """The body after the change. Raises RegisterError for one that cannot have happened to it."""
    if amendment.what == "added":
        return _added(known, amendment, where)
    if known is None:
        raise _wrong(where, amendment, "名录中没有这个单位 no such body in the register")
    if amendment.what == "renamed":
        return _renamed(known, amendment, where)
    return _ended(known, amendment, where)


def _added(known: Publisher | None, amendment: Amendment, where: str) -> Publisher:
    if known is not None:
        raise _wrong(where, amendment, f"名录中已有 there already: {known.official_name}")
    assert amendment.official_name and amendment.kind and amendment.county_code  # noqa: PT018 - validated
    return Publisher(
        code=amendment.code,
        official_name=amendment.official_name,
        kind=amendment.kind,
        county_code=amendment.county_code,
        expected_basis=ExpectedBasis.OFFICIAL_LIST,
        valid_from=amendment.date.year,
        notes=(amendment.words,),
    )


def _renamed(known: Publisher, amendment: Amendment, where: str) -> Publisher:
    if amendment.name == known.official_name:
        raise _wrong(where, amendment, "新旧名称相同 it has that name already")
    former = Alias(name=known.official_name, reason=amendment.words, valid_until=amendment.date.year - 1)
    aliases = (*known.aliases, former)
    update = {"official_name": amendment.name, "aliases": aliases, "notes": (*known.notes, amendment.words)}
    return known.model_copy(update=update)


def _ended(known: Publisher, amendment: Amendment, where: str) -> Publisher:
    if known.valid_until is not None:
        told = f"已止于{known.valid_until}年度 ended with report year {known.valid_until} already"
        raise _wrong(where, amendment, told)
    update: dict[str, object] = {
        "valid_until": amendment.date.year - 1,
        "ended": amendment.date,
        "notes": (*known.notes, amendment.words),
    }
    if amendment.into is not None:
        update["successor"] = Cover(by=amendment.into, reason=amendment.words)
    return known.model_copy(update=update)


def _wrong(where: str, amendment: Amendment, told: str) -> RegisterError:
    change = f"{amendment.code} {amendment.what} {amendment.date}"
    return RegisterError(f"名录文件有误 register file is wrong: {where}: {change}: {told}")
