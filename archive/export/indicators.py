"""indicators: shares with their formulas; null where an operand is blank (practice.md §4.5).

Beside each report's own shares, a row a county and year sums numerator and denominator over the reports that
could be judged, and says how many those are of how many expected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from archive.audit.run import Audit
from archive.export.model import KEY, Row, Table, columns
from archive.export.source import Held, Source

INDICATORS = columns(
    KEY + "scope indicator name:text formula:text numerator:number denominator:number value:number"
    " why_null:text n_judged:integer n_expected:integer"
)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Share(_Model):
    """One share; an operand is a cell key or the name of a group."""

    key: str
    zh: str
    of: tuple[str, ...] = Field(min_length=1)
    per: tuple[str, ...] = Field(min_length=1)


class Mix(_Model):
    """A share for each member of a group."""

    key: str
    zh: str
    group: str


class Group(_Model):
    """The rows of table 三 that make up a group, by format."""

    all: tuple[str, ...] = ()
    v2019: tuple[str, ...] = ()
    v2021: tuple[str, ...] = ()

    def keys(self, version: str | None) -> tuple[str, ...]:
        """Cell keys of the group's totals; none where the format is not known and matters."""
        rows = self.all or {"v2019": self.v2019, "v2021": self.v2021}.get(version or "", ())
        return tuple(f"applications.{row}.total" for row in rows)


class IndicatorTable(_Model):
    """data/indicators.yml."""

    indicators: tuple[Share, ...]
    mixes: tuple[Mix, ...]
    groups: Mapping[str, Group]


@dataclass(frozen=True)
class Worked:
    """One share worked out for one report."""

    key: str
    zh: str
    formula: str
    numerator: float | None
    denominator: float | None
    blank: tuple[str, ...]

    @property
    def value(self) -> float | None:
        """None where an operand is blank or nothing is to be shared."""
        return None if self.numerator is None or not self.denominator else self.numerator / self.denominator

    @property
    def why_null(self) -> str | None:
        """Why there is no value."""
        if self.blank:
            return f"空缺 blank: {'; '.join(self.blank)}"
        return "分母为0 the denominator is 0" if not self.denominator else None


@cache
def indicator_table() -> IndicatorTable:
    """The table, read once. Raises ValueError where it is wrong."""
    path = Path(__file__).parent / "data" / "indicators.yml"
    return IndicatorTable.model_validate(yaml.safe_load(path.read_text("utf-8")))


def indicators(source: Source, audit: Audit) -> Table:
    """Every report that has tables, then every county and year."""
    rows: list[Row] = []
    judged: dict[tuple[str, int], dict[str, list[Worked]]] = defaultdict(lambda: defaultdict(list))
    for held in source.held:
        if not held.cells:
            continue
        for share in work_out(held):
            rows.append(_row(held, share))
            judged[held.county.code, held.year][share.key].append(share)
    names = {held.county.code: held.county.label for held in source.held}
    for (county, year), shares in sorted(judged.items()):
        expected = sum(
            v.expected and v.report_year == year and c.county.code == county
            for c in audit.counties
            for v in c.verdicts
        )
        rows += [_sum(county, names[county], year, found, expected) for found in shares.values()]
    return Table("indicators", INDICATORS, rows)


def work_out(held: Held) -> Iterator[Worked]:
    """The shares of one report, in the order of the table."""
    table, version = indicator_table(), held.version["format_version"]
    for share in table.indicators:
        yield _worked(
            held, share.key, share.zh, *(_operands(side, version) for side in (share.of, share.per))
        )
    for mix in table.mixes:
        members = table.groups[mix.group].keys(version)
        for member in members:
            row = member.split(".")[1]
            yield _worked(held, f"{mix.key}.{row}", f"{mix.zh}：{row}", [member], members)


def _operands(names: Sequence[str], version: str | None) -> list[str]:
    groups = indicator_table().groups
    return [key for name in names for key in (groups[name].keys(version) if name in groups else (name,))]


def _worked(held: Held, key: str, zh: str, of: Sequence[str], per: Sequence[str]) -> Worked:
    formula = f"({' + '.join(of)}) / ({' + '.join(per)})"
    blank = tuple(dict.fromkeys(cell for cell in (*of, *per) if held.value(cell) is None))
    if not of or not per:
        blank = ("format_version",)
    if blank:
        return Worked(key, zh, formula, None, None, blank)
    sums = [sum(held.value(cell) or 0 for cell in side) for side in (of, per)]
    return Worked(key, zh, formula, sums[0], sums[1], ())


def _row(held: Held, share: Worked) -> Row:
    return {
        **held.key,
        "scope": "report",
        "indicator": share.key,
        "name": share.zh,
        "formula": share.formula,
        "numerator": share.numerator,
        "denominator": share.denominator,
        "value": share.value,
        "why_null": share.why_null,
        "n_judged": int(share.value is not None),
        "n_expected": 1,
    }


def _sum(county: str, label: str, year: int, shares: Sequence[Worked], expected: int) -> Row:
    """Over the reports with both operands, those whose denominator is 0 among them."""
    whole = [share for share in shares if share.numerator is not None]
    numerator, denominator = (
        sum(value for share in whole if (value := getattr(share, side)) is not None)
        for side in ("numerator", "denominator")
    )
    return {
        "county_code": county,
        "publisher_code": None,
        "publisher": label,
        "report_year": year,
        "scope": "county_units",
        "indicator": shares[0].key,
        "name": shares[0].zh,
        "formula": f"各单位合计 sum over units of: {shares[0].formula}",
        "numerator": numerator,
        "denominator": denominator,
        "value": numerator / denominator if denominator else None,
        "why_null": None if denominator else "分母为0 the denominator is 0",
        "n_judged": len(whole),
        "n_expected": expected,
    }
