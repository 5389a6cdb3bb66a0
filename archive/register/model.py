"""The register's units: counties and the bodies that must publish (statute.md §1.3; practice.md §1.7)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class PublisherKind(StrEnum):
    """What a body is. The kind decides the due date and its basis (archive/audit/data/deadlines.yml)."""

    COUNTY_GOVERNMENT = "county_government"
    COUNTY_DEPARTMENT = "county_department"  # the government office (政府办公室) among them
    AUTHORISED_ORG = "authorised_org"
    TOWNSHIP_GOVERNMENT = "township_government"
    SUBDISTRICT_OFFICE = "subdistrict_office"
    DEVELOPMENT_ZONE = "development_zone"
    VERTICAL_BODY = "vertical_body"
    PUBLIC_INSTITUTION = "public_institution"


class ExpectedBasis(StrEnum):
    """Why a report is expected of a body. `template` alone never gives 'missing' (practice.md §1.7)."""

    USER_LIST = "user_list"
    PUBLISHED_BEFORE = "published_before"
    OWN_COLUMN = "own_column"
    OFFICIAL_LIST = "official_list"
    TEMPLATE = "template"


class Alias(BaseModel):
    """Another way a body or county is written, and why it is read so.

    `misreading` marks a name that is wrong as printed (an OCR error, a typing error); a match through it is
    reported as a correction, never silently. A former name carries the report years for which it held.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=2)
    reason: str = Field(min_length=2)
    misreading: bool = False
    valid_from: int | None = None
    valid_until: int | None = None


class Cover(BaseModel):
    """Another body's report covers this one (合署, 加挂牌子, 镇街合一, 托管) in those report years."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str
    reason: str
    valid_from: int | None = None
    valid_until: int | None = None


class LocalTarget(BaseModel):
    """A day that a notice or the office itself sets. An administrative target, never used for 'late'."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: tuple[PublisherKind, ...] = Field(min_length=1)
    report_year: int = Field(ge=2008, le=2100)
    day: date
    source: str = Field(min_length=2)


class County(BaseModel):
    """A county-level division. `code` is the six-digit division code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name: str
    prefecture: str | None = None
    province: str | None = None
    aliases: tuple[Alias, ...] = ()
    display_name: str | None = None  # how tables head it, where that differs from the name
    sample: bool = False  # its data are played by the sample portals, never to be mixed with real ones
    targets: tuple[LocalTarget, ...] = ()
    launches: tuple[date, ...] = ()  # days on which its site was opened or moved: older reports carry them

    def target(self, kind: PublisherKind, report_year: int) -> LocalTarget | None:
        """The local target of a kind and report year; the last one given, where there are several."""
        found = (t for t in reversed(self.targets) if kind in t.kinds and t.report_year == report_year)
        return next(found, None)

    @property
    def label(self) -> str:
        """The heading in tables."""
        return self.display_name or self.name


class Publisher(BaseModel):
    """A body that publishes, or would have to. `code` is unique in the register.

    `valid_from` and `valid_until` are report years, both included; None leaves that side open. `expected` is
    False where a list that wins leaves the body out; then `expected_note` says which list.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    official_name: str
    kind: PublisherKind
    county_code: str
    expected_basis: ExpectedBasis = ExpectedBasis.OFFICIAL_LIST
    aliases: tuple[Alias, ...] = ()
    valid_from: int | None = None
    valid_until: int | None = None
    covered: tuple[Cover, ...] = ()
    expected: bool = True
    expected_note: str | None = None
    notes: tuple[str, ...] = ()  # what happened to it, by its day (archive.register.amendments)
    ended: date | None = None  # the day on which it ended, where a file tells it
    successor: Cover | None = None  # whose report covers the year of which it saw the end and not the due day

    def valid_in(self, report_year: int) -> bool:
        """Whether the register knows the body for that report year."""
        return (self.valid_from is None or self.valid_from <= report_year) and (
            self.valid_until is None or report_year <= self.valid_until
        )

    def gone_by(self, report_year: int, due: date) -> bool:
        """Whether it ended between the last day of a report year and its due day: it must see both."""
        return self.ended is not None and self.ended.year == report_year + 1 and self.ended <= due

    def cover_in(self, report_year: int) -> Cover | None:
        """The cover that holds for that report year."""
        for cover in self.covered:
            after = cover.valid_from is None or cover.valid_from <= report_year
            if after and (cover.valid_until is None or report_year <= cover.valid_until):
                return cover
        return None
