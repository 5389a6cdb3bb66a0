"""Table 二: rows by label, columns by the head of their block, in the 2019 or the 2021 form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from parser.document import Finding
from parser.findings import finding
from parser.labels import DISCLOSURE, DisclosureRow, keys_of
from parser.report import CellState, NumberCell, ProactiveRow
from parser.tables.cells import Place, absent, money_cell, number_cell
from parser.tables.rows import Row, Token
from parser.tables.vocabulary import Head, disclosure_column, disclosure_rows, head_of, is_item
from parser.text import bare
from parser.values import Kind

TABLE = "表二"
COLUMN = {column.key: column for column in DISCLOSURE.columns}
ROW = {row.key: row for row in DISCLOSURE.rows}
_KEYS = keys_of(DISCLOSURE.rows)


@dataclass(slots=True, eq=False)
class _Line:
    key: str
    label: str
    row: Row
    tokens: list[Token]
    head: list[tuple[str, Token]]  # the columns of the block's head, in order
    cells: dict[str, NumberCell] | None = None


@dataclass
class Found:
    """The table as read; `evidence` tells which form its labels are of: {"v2021": [...], "v2019": [...]}."""

    rows: tuple[ProactiveRow, ...] | None = None
    evidence: dict[str, list[str]] = field(default_factory=lambda: {"v2021": [], "v2019": []})
    findings: list[Finding] = field(default_factory=list)
    grids: set[int] = field(default_factory=set)
    rejected: list[Row] = field(default_factory=list)

    @property
    def version(self) -> str | None:
        """The form that more labels speak for."""
        counts = {version: len(set(words)) for version, words in self.evidence.items()}
        if not any(counts.values()):
            return None
        return max(counts, key=lambda version: counts[version])


def read_disclosure(rows: Sequence[Row], fallback_version: str) -> Found:
    """Read table 二; `fallback_version` is table 三's, for a table 二 whose heads are all lost."""
    found = Found()
    lines = _scan(rows, found)
    named, headed = {line.key for line in lines}, any(found.evidence.values())
    if len(named) < (2 if headed else 4):
        return Found()  # 行政许可, 行政处罚 are the words of menus and of other tables too
    version = found.version or fallback_version
    for line in lines:
        line.cells = _cells(line, version, found)
    found.grids = {line.row.grid for line in lines}
    by_key: dict[str, list[_Line]] = {key: [] for key in _KEYS}
    for line in lines:
        by_key[line.key].append(line)
    wanted = [row for row in DISCLOSURE.rows if version in row.columns]
    _report_foreign(by_key, version, found)
    found.rows = tuple(_build(row, by_key[row.key], version, found) for row in wanted)
    if all(cell.state is not CellState.READ for row in found.rows for cell in row.cells.values()):
        found.findings.append(finding("empty_table", cells=["proactive_disclosure"], table=TABLE))
    return found


def _scan(rows: Sequence[Row], found: Found) -> list[_Line]:
    lines: list[_Line] = []
    head: list[tuple[str, Token]] = []
    for row in rows:
        kind = head_of(row)
        if kind is Head.DISCLOSURE:
            head = _head(row, found) or head
            continue
        if kind is not Head.NONE:
            head = []
            continue
        matched = _labels(row)
        if any(is_item(row.tokens[at].text) for at in row.words) and not matched:
            head = []
        if not matched and row.numbers and not row.words and lines and _waits(lines[-1], row):
            lines[-1].tokens = list(row.tokens)
            found.findings.append(_about("row_joined", lines[-1]))
            continue
        for place, (at, key) in enumerate(matched):
            end = matched[place + 1][0] if place + 1 < len(matched) else None
            tokens = row.tokens[at + 1 : end]
            lines.append(_Line(key, row.tokens[at].text, row, tokens, head))
    lines = [line for line in lines if line.tokens]
    for line in lines:
        if line.key in ("other_external_services", "procurement"):
            found.evidence["v2019"].append(ROW[line.key].key)
    return lines


def _waits(line: _Line, row: Row) -> bool:
    """Whether a label stands right above its numbers, which have come down a row."""
    above = row.grid == line.row.grid and row.index == line.row.index + 1
    return above and all(token.padding for token in line.tokens)


def _labels(row: Row) -> list[tuple[int, str]]:
    """(token, row key) of each label; a label cut into neighbouring cells is put together."""
    matched = [(at, keys[0]) for at in row.words if len(keys := disclosure_rows(row.tokens[at].text)) == 1]
    leading = row.words[: next((n for n, at in enumerate(row.words) if at != n), len(row.words))]
    if not matched and len(leading) > 1:
        keys = disclosure_rows("".join(row.tokens[at].text for at in leading))
        if len(keys) == 1:
            return [(leading[-1], keys[0])]
    return matched


def _head(row: Row, found: Found) -> list[tuple[str, Token]]:
    pairs: list[tuple[str, Token]] = []
    for at in row.words:
        key = disclosure_column(row.tokens[at].text)
        if key is None or (pairs and pairs[-1][0] == key):
            continue
        pairs.append((key, row.tokens[at]))
        versions = COLUMN[key].versions
        if len(versions) == 1:
            found.evidence[versions[0]].append(key)
        elif key == "decisions" and len(pairs) == 1 and "本年" in bare(row.tokens[at].text):
            found.evidence["v2021"].append("本年处理决定数量")
    return pairs


def _cells(line: _Line, version: str, found: Found) -> dict[str, NumberCell] | None:
    """The line's cells by column; None where nothing is certain (with a finding)."""
    wanted = ROW[line.key].columns_in(version)
    if not wanted:
        return None
    columns = _columns(line, wanted)
    if columns is None:
        found.findings.append(_about("header_unclear", line))
        found.rejected.append(line.row)
        return None
    tokens = _place(line, columns, found)
    if tokens is None:
        return None
    return {key: _cell(line, key, token, version, found) for key, token in zip(columns, tokens, strict=True)}


def _columns(line: _Line, wanted: tuple[str, ...]) -> tuple[str, ...] | None:
    """The line's columns in the order of its head; the standard order where the head is lost or cut."""
    heads = tuple(key for key, _ in line.head)
    if set(heads) == set(wanted):
        return heads
    known = [key for key in heads if key in wanted]
    if not known:
        return wanted
    in_order = [wanted.index(key) for key in known]
    return wanted if in_order == sorted(in_order) else None


def _place(line: _Line, columns: tuple[str, ...], found: Found) -> list[Token] | None:
    tokens = line.tokens
    filled = [token for token in tokens if not token.padding]
    width = len(columns)
    if len(filled) == width and (width == 1 or _side_by_side(tokens, filled)):
        return filled
    if width == 1 and len(filled) > 1 and _all_equal(filled):
        for token in filled[1:]:
            token.taken = True
        found.findings.append(_about("repeated_value", line, n=len(filled)))
        return filled[:1]
    if len(filled) < width:
        placed = _with_blanks(line, columns)
        if placed is not None:
            return placed
    found.findings.append(_about("row_width", line, n=len(filled), expected=width))
    found.rejected.append(line.row)
    return None


def _all_equal(tokens: list[Token]) -> bool:
    """The same number in every cell: a merged cell that was repeated."""
    return all(t.value.kind is Kind.NUMBER and t.value.number == tokens[0].value.number for t in tokens)


def _side_by_side(tokens: list[Token], filled: list[Token]) -> bool:
    first = tokens.index(filled[0])
    return tokens[first : first + len(filled)] == filled


def _with_blanks(line: _Line, columns: tuple[str, ...]) -> list[Token] | None:
    """A row with blanks: under its head where columns are places, else only if it is drawn in full."""
    tokens, width = line.tokens, len(columns)
    if len(tokens) < width:
        merged = tokens and all(t.padding for t in tokens) and sum(t.end - t.start for t in tokens) >= width
        return [tokens[0]] * width if merged and line.row.trusted else None
    heads = [token for key, token in line.head]
    if line.row.trusted and len(heads) == width:
        under = [[t for t in tokens if t.start < head.end and head.start < t.end] for head in heads]
        if all(len(cells) == 1 for cells in under):
            placed = [cells[0] for cells in under]
            if len({id(token) for token in placed}) == width and all(
                t in placed or t.padding for t in tokens
            ):
                return placed
        return None
    same_width = not heads or len(line.row.tokens) >= width + 1
    return tokens[:width] if same_width and all(token.padding for token in tokens[width:]) else None


def _cell(line: _Line, key: str, token: Token, version: str, found: Found) -> NumberCell:
    column = COLUMN[key]
    place = _place_of(line.key, line.label, key, version)
    if column.money:
        return money_cell(token, place, found.findings, head_unit=_head_unit(line, key))
    return number_cell(token, place, found.findings, signed=column.signed)


@lru_cache(maxsize=1024)
def _place_of(row: str, label: str, key: str, version: str) -> Place:
    place = f"proactive_disclosure.{row}.{key}"
    return Place(place, TABLE, _row_label(label), COLUMN[key].label_in(version))


def _head_unit(line: _Line, key: str) -> str | None:
    printed = next((token.text for name, token in line.head if name == key), None)
    text = bare(printed) if printed else bare(COLUMN[key].label)
    if "万元" in text or "万元" in bare(line.label):
        return "万元"
    if "单位元" in text or text.endswith("金额元"):
        return "元"
    return "万元" if key == "amount_wan_yuan" else None


def _row_label(text: str) -> str:
    return "".join(text.split())


def _about(code: str, line: _Line, **fields: object) -> Finding:
    return finding(
        code,
        locator=line.row.locator,
        cells=[f"proactive_disclosure.{line.key}"],
        table=TABLE,
        row=_row_label(line.label),
        **fields,
    )


def _report_foreign(by_key: dict[str, list[_Line]], version: str, found: Found) -> None:
    for key, lines in by_key.items():
        if version not in ROW[key].columns:
            for line in lines:
                found.findings.append(_about("unexpected_row", line))
                found.rejected.append(line.row)


def _build(row: DisclosureRow, lines: list[_Line], version: str, found: Found) -> ProactiveRow:
    columns = row.columns_in(version)

    def empty() -> dict[str, NumberCell]:
        return {key: absent(COLUMN[key].label_in(version)) for key in columns}

    if not lines:
        label = (row.exact or row.any)[0]
        found.findings.append(
            finding("missing_row", cells=[f"proactive_disclosure.{row.key}"], table=TABLE, row=label)
        )
        return ProactiveRow(row.key, label, row.item, empty())
    label = _row_label(lines[0].label)
    read = [line for line in lines if line.cells is not None]
    content = [
        line for line in read if any(c.state is not CellState.BLANK for c in (line.cells or {}).values())
    ]
    read = content or read[:1]
    if not read:
        return ProactiveRow(row.key, label, row.item, empty())
    if len(read) > 1:
        seen = Counter(
            tuple((k, c.value, c.state) for k, c in sorted((line.cells or {}).items())) for line in read
        )
        code = "doubled_row" if len(seen) == 1 else "doubled_row_differs"
        found.findings.append(_about(code, read[1]))
        if len(seen) > 1:
            return ProactiveRow(row.key, label, row.item, empty())
    cells = read[0].cells or {}
    return ProactiveRow(row.key, label, row.item, {key: cells[key] for key in columns})
