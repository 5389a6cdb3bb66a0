"""The user's own list of who must publish (practice.md §1.7): a workbook → a register file and differences.

The first sheet with a 单位名称 column is read; 代码, 类别 and 县区 columns help where they are there. Bodies
that the register knows keep their codes; others get one derived from county and name, so that importing the
same list twice gives the same file.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from pydantic import BaseModel, ConfigDict

from archive.register.errors import RegisterError
from archive.register.matching import name_rules, normalise
from archive.register.model import ExpectedBasis, Publisher, PublisherKind
from archive.register.portals import load_portal_register
from archive.register.register import Register

_HEAD_ROWS = 10  # a title and a note may stand above the heads


class KindWords(BaseModel):
    """How one kind is named and recognised."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...]
    endings: tuple[str, ...]


class ListWords(BaseModel):
    """data/kinds.yml"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: dict[PublisherKind, KindWords]
    columns: dict[str, tuple[str, ...]]


@cache
def list_words() -> ListWords:
    """The table, read once."""
    path = Path(__file__).parent / "data" / "kinds.yml"
    return ListWords.model_validate(yaml.safe_load(path.read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class ListRow:
    """One body of the list; `line` is its row in the sheet, 1-based."""

    line: int
    name: str
    code: str | None
    kind: str | None
    county: str | None


@dataclass(frozen=True)
class UserList:
    """What an import gives: the file's content and both differences."""

    counties: tuple[str, ...]
    known: tuple[tuple[ListRow, Publisher], ...]
    new: tuple[Publisher, ...]  # in the list, not in the register
    left_out: tuple[Publisher, ...]  # in the register and expected, not in the list
    doubled: tuple[ListRow, ...] = field(default=())  # a body named twice

    def file_text(self, source: str) -> str:
        """The register file, as YAML."""
        counties = [{"code": code, "expects": "listed"} for code in self.counties]
        content = {
            "format": 1,
            "provenance": f"单位名单 the user's list: {source}",
            "verified": True,
            "counties": counties,
            "publishers": [*map(_known_entry, self.known), *map(_new_entry, self.new)],
        }
        return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def read_list(path: Path) -> list[ListRow]:
    """The rows of a workbook. Raises RegisterError for what is no workbook or has no 单位名称 column."""
    try:
        found = _first_list(path)
    except OSError as error:
        raise RegisterError(
            f"单位名单无法读取，请检查路径和权限 the list cannot be read: {path}: {error.strerror}"
        ) from error
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise RegisterError(f"单位名单读不了，请另存为 xlsx the list is no readable xlsx: {path}") from error
    if found:
        return found
    heads = "、".join(list_words().columns["name"])
    raise RegisterError(
        f"没有单位名称列，表头应为 no column of names, its head must be one of {heads}: {path}"
    )


def _first_list(path: Path) -> list[ListRow]:
    """The rows of the first sheet that has them. Broken XML inside raises SyntaxError."""
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            rows = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
            if found := _rows_of_sheet(rows):
                return found
    finally:
        book.close()
    return []


def counties_named(rows: Iterable[ListRow]) -> set[str]:
    """Codes of the counties that the rows name by code, or by a name that one county of the country bears."""
    by_name: dict[str, list[str]] = {}
    for county in load_portal_register().counties.values():
        by_name.setdefault(county.name, []).append(county.code)
    named = {row.county for row in rows if row.county}
    return {codes[0] for name in named if len(codes := by_name.get(name, [name])) == 1}


def import_list(rows: Sequence[ListRow], register: Register, county_code: str | None = None) -> UserList:
    """Match every row against the register. Raises RegisterError for a row without a county or a kind."""
    known: dict[str, tuple[ListRow, Publisher]] = {}
    new: dict[str, Publisher] = {}
    doubled: list[ListRow] = []
    for row in rows:
        county = _county(row, register, county_code)
        publisher = _match(row, register, county)
        if publisher is None:
            publisher = _new_publisher(row, register, county)
            doubled += [row] if publisher.code in new else []
            new[publisher.code] = publisher
        elif publisher.code in known:
            doubled.append(row)
        else:
            known[publisher.code] = (row, publisher)
    counties = {p.county_code for _, p in known.values()} | {p.county_code for p in new.values()}
    left_out = [
        body
        for code in sorted(counties)
        for body in register.of_county(code)
        if body.code not in known and body.expected and body.expected_basis is not ExpectedBasis.TEMPLATE
    ]
    return UserList(
        counties=tuple(sorted(counties)),
        known=tuple(known[code] for code in sorted(known)),
        new=tuple(new[code] for code in sorted(new)),
        left_out=tuple(left_out),
        doubled=tuple(doubled),
    )


def _rows_of_sheet(rows: Sequence[Sequence[str]]) -> list[ListRow]:
    for number, row in enumerate(rows[:_HEAD_ROWS]):
        columns = _columns(row)
        if "name" in columns:
            body = enumerate(rows[number + 1 :], start=number + 2)
            return [made for line, cells in body if (made := _row(line, cells, columns))]
    return []


def _columns(heads: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, words in list_words().columns.items():
        plain = [normalise(word) for word in words]
        place = next((n for word in plain for n, head in enumerate(heads) if normalise(head) == word), None)
        if place is not None:
            found[name] = place
    return found


def _row(line: int, cells: Sequence[str], columns: Mapping[str, int]) -> ListRow | None:
    def cell(name: str) -> str | None:
        place = columns.get(name)
        return (cells[place] or None) if place is not None and place < len(cells) else None

    name = cell("name")
    return None if name is None else ListRow(line, name, cell("code"), cell("kind"), cell("county"))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a code that the workbook keeps as a number
    return str(value).strip()


def _county(row: ListRow, register: Register, county_code: str | None) -> str:
    named = row.county and next(
        (c.code for c in register.counties.values() if row.county in {c.code, c.name, c.display_name}), None
    )
    if named:
        return named
    if county_code:
        return county_code
    raise RegisterError(
        f"第{row.line}行“{row.name}”的县区未知 row {row.line}: no county; 请加县区列或用 --county 指定"
        " add a 县区 column or give --county"
    )


def _match(row: ListRow, register: Register, county: str) -> Publisher | None:
    by_code = register.by_code(row.code) if row.code else None
    return by_code or register.match(row.name, county).publisher


def _new_publisher(row: ListRow, register: Register, county: str) -> Publisher:
    name = normalise(row.name)
    digest = hashlib.sha256(f"{county}/{name}".encode()).hexdigest()[:8].upper()
    return Publisher(
        code=f"{county}-U{digest}",
        official_name=name,
        kind=_kind(row, register.counties[county].name),
        county_code=county,
        expected_basis=ExpectedBasis.USER_LIST,
    )


def _kind(row: ListRow, county_name: str) -> PublisherKind:
    words = list_words().kinds
    for kind, known in words.items():
        if row.kind and row.kind in known.words:
            return kind
    if (found := kind_by_name(row.name, county_name)) is not None:
        return found
    listed = "、".join(_first_words(words.values()))
    raise RegisterError(
        f"第{row.line}行“{row.name}”看不出类别 row {row.line}: the kind of body is not clear; 请在类别列填写"
        f" fill the 类别 column with one of {listed}"
    )


def kind_by_name(printed: str, county_name: str) -> PublisherKind | None:
    """What a body is by the ending of its name; None where that tells nothing."""
    name = normalise(printed)
    if name.removeprefix(county_name) in name_rules().county_government_forms:
        return PublisherKind.COUNTY_GOVERNMENT
    return next((kind for ending, kind in _endings() if name.endswith(ending)), None)


@cache
def _endings() -> list[tuple[str, PublisherKind]]:
    """The longest first."""
    rows = ((ending, kind) for kind, known in list_words().kinds.items() for ending in known.endings)
    return sorted(rows, key=lambda row: -len(row[0]))


def _first_words(kinds: Iterable[KindWords]) -> Iterable[str]:
    return (kind.words[0] for kind in kinds)


def _known_entry(item: tuple[ListRow, Publisher]) -> dict[str, object]:
    row, publisher = item
    entry: dict[str, object] = {"code": publisher.code, "expected_basis": ExpectedBasis.USER_LIST.value}
    name = normalise(row.name)
    if name != publisher.official_name and name not in {alias.name for alias in publisher.aliases}:
        entry["aliases"] = [{"name": name, "reason": "单位名单用名 as the user's list writes it"}]
    return entry


def _new_entry(publisher: Publisher) -> dict[str, object]:
    return {
        "code": publisher.code,
        "county_code": publisher.county_code,
        "official_name": publisher.official_name,
        "kind": publisher.kind.value,
        "expected_basis": publisher.expected_basis.value,
    }
