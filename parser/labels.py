"""The official terms as data: loaded from parser/data/*.yml and validated when the room is imported."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from importlib.resources import files
from typing import Literal, Self, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from parser.text import bare, bare_label
from parser.wording import Wording

Version = Literal["v2019", "v2021"]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


class Term(_Table):
    """A label and how its variants are told: whole (`exact`), or by a word inside (`any` unless `none`)."""

    key: str
    label: str = ""
    exact: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _told(self) -> Self:
        if not self.exact and not self.any:
            raise ValueError(f"{self.key}: needs `exact` or `any`")
        if any(bare(word) != word for word in (*self.exact, *self.any, *self.none)):
            raise ValueError(f"{self.key}: words are written without brackets, blanks and punctuation")
        return self

    def matches(self, text: str) -> bool:
        """Whether a cell's text is this label."""
        if bare_label(text) in self.exact or bare(text) in self.exact:
            return True
        whole = bare(text)
        return any(word in whole for word in self.any) and not any(word in whole for word in self.none)


class ApplicationColumn(Term):
    """A number column of table 三."""


class ApplicationRow(Term):
    """A number row of table 三; `group` names the group whose cell stands left of it."""

    group: str | None = None
    versions: tuple[Version, ...] = ("v2019", "v2021")


class ApplicationLabels(_Table):
    """data/applications.yml."""

    columns: tuple[ApplicationColumn, ...] = Field(min_length=7, max_length=7)
    organisations: tuple[str, ...]
    head: tuple[str, ...]
    groups: tuple[Term, ...]
    rows: tuple[ApplicationRow, ...]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        counts = {version: len(self.rows_of(version)) for version in ("v2019", "v2021")}
        if counts != {"v2019": 23, "v2021": 25}:
            raise ValueError(f"rows of table 三: expected 23 and 25, got {counts}")
        return self

    @cached_property
    def leaves(self) -> frozenset[str]:
        """The rows that (七)总计 sums up: every row of a group but that total itself."""
        return frozenset(row.key for row in self.rows if row.group is not None and row.key != "result_total")

    def rows_of(self, version: str) -> tuple[ApplicationRow, ...]:
        """The rows of one format in printed order."""
        return self._rows_of[version]

    @cached_property
    def _rows_of(self) -> dict[str, tuple[ApplicationRow, ...]]:
        return {
            version: tuple(row for row in self.rows if version in row.versions)
            for version in ("v2019", "v2021")
        }

    def group_label(self, row: ApplicationRow) -> tuple[str | None, str | None]:
        """(group, subgroup) of a row as SCHEMA.md writes them."""
        return self._group_labels[row.key]

    @cached_property
    def _group_labels(self) -> dict[str, tuple[str | None, str | None]]:
        labels = {group.key: group.label for group in self.groups}
        found: dict[str, tuple[str | None, str | None]] = {}
        for row in self.rows:
            inner = None if row.group in (None, "result") else labels[row.group or ""]
            found[row.key] = (labels["result"] if row.group else None, inner)
        return found


class DisclosureColumn(Term):
    """A number column of table 二."""

    versions: tuple[Version, ...] = ("v2019", "v2021")
    labels: dict[Version, str] = {}
    money: bool = False
    signed: bool = False

    def label_in(self, version: str) -> str:
        """The official label in one format."""
        return self.labels.get(cast("Version", version), self.label)


class DisclosureRow(Term):
    """A number row of table 二 with its columns in each format."""

    item: str
    columns: dict[Version, tuple[str, ...]]

    def columns_in(self, version: str) -> tuple[str, ...]:
        """The row's columns in one format, none where that format has no such row."""
        return self.columns.get(cast("Version", version), ())


class DisclosureLabels(_Table):
    """data/disclosure.yml."""

    columns: tuple[DisclosureColumn, ...]
    head: tuple[str, ...]
    item_heading: str
    rows: tuple[DisclosureRow, ...]

    @model_validator(mode="after")
    def _known_columns(self) -> Self:
        known = {column.key for column in self.columns}
        used = {key for row in self.rows for keys in row.columns.values() for key in keys}
        if used != known:
            raise ValueError(f"columns of table 二 do not fit its rows: {sorted(used ^ known)}")
        return self


class ReviewLabels(_Table):
    """data/review.yml."""

    groups: tuple[Term, ...] = Field(min_length=3, max_length=3)
    litigation: tuple[str, ...]
    outcomes: tuple[Term, ...] = Field(min_length=5, max_length=5)
    fragments: tuple[str, ...]
    row_labels: tuple[str, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The 15 cell keys in printed order."""
        return tuple(f"{group.key}_{outcome.key}" for group in self.groups for outcome in self.outcomes)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Cell key → label as SCHEMA.md writes it."""
        return {f"{g.key}_{o.key}": f"{g.label}/{o.label}" for g in self.groups for o in self.outcomes}


class Marks(_Table):
    """data/marks.yml."""

    blank: frozenset[str]
    zero_words: frozenset[str]
    count_units: tuple[str, ...]
    money_units: dict[str, Decimal]
    footnotes: str
    tail: tuple[str, ...]
    tail_short: tuple[str, ...]
    attachment: tuple[str, ...]
    metadata: tuple[str, ...]
    signers: tuple[str, ...]
    doubtful_below: float = Field(gt=0, lt=1)


class NonReport(_Table):
    """A kind of page that is no report, and the pattern of its title."""

    reason: str
    pattern: re.Pattern[str]
    unless_filled: bool = False


class Titles(_Table):
    """data/titles.yml."""

    report: tuple[re.Pattern[str], ...]
    not_a_report: tuple[NonReport, ...]
    template_body: tuple[re.Pattern[str], ...]
    draft_body: tuple[re.Pattern[str], ...]
    traditional: dict[str, str]


class Heading(_Table):
    """A section's heading: `exact` variants, and `all`: a short line with one word of each list."""

    key: str
    label: str = ""
    exact: tuple[str, ...]
    all: tuple[tuple[str, ...], ...]

    def matches(self, label: str) -> bool:
        """Whether a bare heading line (enumerator removed) is this section's heading."""
        return label in self.exact or all(any(word in label for word in words) for words in self.all)


class Headings(_Table):
    """data/headings.yml."""

    current: tuple[Heading, ...] = Field(min_length=6, max_length=6)
    pre2019: tuple[Heading, ...]
    pre2019_marks: tuple[str, ...]


class Duties(_Table):
    """data/duties.yml."""

    rule_making_places: tuple[str, ...]
    article_50: tuple[str, ...]
    aspects: dict[str, tuple[str, ...]]
    problems: tuple[str, ...]
    improvements: tuple[str, ...]
    residue: tuple[str, ...]
    self_names: dict[str, tuple[str, ...]]


class FactWords(_Table):
    """One fact of data/narrative.yml: the words that tell it."""

    patterns: tuple[str, ...]
    none: tuple[str, ...] = ()
    about: Literal["anything", "applications", "disclosure"] = "anything"
    whole: bool = False
    sections: tuple[str, ...] = ("overall",)


_FIGURES = "零〇一二两三四五六七八九十百千万"
# 1,234; or 12, which no figure stands before; or 一百零三, which no 第 and no other figure stands before.
# It begins with a set of characters, so that the search for it skips all others at once.
_NUMBER = (
    rf"(?P<n>[\d{_FIGURES}](?:(?<=\d)(?:\d{{0,2}}(?:,\d{{3}})+|(?<!\d\d)\d*)"
    rf"|(?<=[{_FIGURES}])(?<![第一二两三四五六七八九十百千万].)[{_FIGURES}]*))"
)


class Narrative(_Table):
    """data/narrative.yml. `compiled` fills an expression's placeholders in."""

    unit: str
    application: str
    facts: dict[str, FactWords]
    other: re.Pattern[str]
    part: re.Pattern[str]
    all_natural: re.Pattern[str]
    about_before: re.Pattern[str]
    breakdown: str
    breakdown_item: re.Pattern[str]
    breakdown_open: re.Pattern[str]
    outcomes: dict[str, str]
    all_concluded: str

    def compiled(self, expression: str) -> Wording:
        """The number is the group `n`, in Arabic or Chinese figures."""
        for name, value in {"{n}": _NUMBER, "{unit}": self.unit, "{application}": self.application}.items():
            expression = expression.replace(name, value)
        return Wording(expression)


def _load(name: str) -> object:
    content: object = yaml.safe_load((files("parser") / "data" / name).read_text(encoding="utf-8"))
    return content


def keys_of(terms: Iterable[Term]) -> tuple[str, ...]:
    """The keys in order."""
    return tuple(term.key for term in terms)


APPLICATIONS = ApplicationLabels.model_validate(_load("applications.yml"))
DISCLOSURE = DisclosureLabels.model_validate(_load("disclosure.yml"))
REVIEW = ReviewLabels.model_validate(_load("review.yml"))
MARKS = Marks.model_validate(_load("marks.yml"))
TITLES = Titles.model_validate(_load("titles.yml"))
NARRATIVE = Narrative.model_validate(_load("narrative.yml"))
HEADINGS = Headings.model_validate(_load("headings.yml"))
DUTIES = Duties.model_validate(_load("duties.yml"))
