"""The rows of table 三: which row of which grid bears which label, cut and lost labels among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parser.document import Finding
from parser.findings import finding
from parser.labels import APPLICATIONS
from parser.tables.application_found import LABELS, SUB_ROWS, TABLE, Found
from parser.tables.head import HeadBuilder
from parser.tables.layout import Line
from parser.tables.rows import Row
from parser.tables.vocabulary import APPLICATION_COLUMNS as COLUMNS
from parser.tables.vocabulary import Head, application_group, application_rows, head_of
from parser.text import bare, bare_label


class Scanner:
    """Walks the rows once: heads set the columns, labelled rows become lines, cut rows are joined."""

    def __init__(self, rows: Sequence[Row], found: Found) -> None:
        self.rows = rows
        self.found = found
        self.head = HeadBuilder(found.findings)
        self.last: Line | None = None  # the last labelled line
        self.cut: tuple[str, Row] | None = None  # a label part that matched nothing and had no numbers
        self.keys: set[str] = set()
        self.in_other = False  # the group cell (六)其他处理 has been seen
        self.unknown: tuple[Row, Finding] | None = None  # a row with numbers whose label matched nothing

    def lines(self) -> Iterator[Line]:
        for row in self.rows:
            kind = head_of(row)
            if kind is Head.APPLICATIONS:
                self.head.add(row)
                self.cut = None
                continue
            if kind is not Head.NONE:
                self._leave(kind)
                continue
            yield from self._row(row)

    def _leave(self, kind: Head) -> None:
        self.cut = None
        if kind is Head.REVIEW:
            self.last = None

    def _row(self, row: Row) -> Iterator[Line]:
        matches = self._labels(row)
        if len(matches) > 1 or any(len(keys) > 1 for _, keys in matches):
            yield from self._several(row, matches)
        elif matches:
            at, keys = matches[0]
            yield self._line(row, keys[0], at)
        elif row.words and not self._only_groups(row):
            yield from self._unmatched(row)
        elif row.numbers and self._belongs(row):
            yield from self._numbers_alone(row)

    def _only_groups(self, row: Row) -> bool:
        """The row's own label is gone and the cell of its group is left."""
        return row.numbers > 2 and all(application_group(row.tokens[at].text) for at in row.words)

    def _belongs(self, row: Row) -> bool:
        """Whether the row goes on from labelled rows, or comes right under a head."""
        if self.last is None:
            return bool(self.head.rows) and self.head.rows[-1].grid == row.grid
        return self.last.row.grid >= row.grid - 1

    def _labels(self, row: Row) -> list[tuple[int, tuple[str, ...]]]:
        """(token, keys) of each label in the row; a label cut into several cells is put together."""
        for at in row.words:
            group = application_group(row.tokens[at].text)
            self.in_other = self.in_other or group == "other"
        matches = [
            (at, keys) for at in row.words if (keys := self._allowed(application_rows(row.tokens[at].text)))
        ]
        named = [(at, keys) for at, keys in matches if keys != ("other_processing",)]
        if named and len(named) < len(matches):
            matches = named  # the group cell (六)其他处理 beside its first sub-row
        if matches:
            return matches
        leading = [at for at in row.words if not any(t.value.number is not None for t in row.tokens[:at])]
        if len(leading) > 1:
            for first in range(len(leading) - 1):
                text = "".join(row.tokens[at].text for at in leading[first:])
                keys = self._allowed(application_rows(text))
                if len(keys) == 1:
                    return [(leading[-1], keys)]
        return []

    def _allowed(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """其他 and 总计 name columns too: as rows they need the rows before them, 其他 those of its group."""
        if keys == ("result_total",) and len(self.keys) < 2:
            return ()
        if keys == ("other_other",) and not (self.in_other or self.keys & set(SUB_ROWS)):
            return ()
        return keys

    def _line(self, row: Row, key: str, at: int, until: int | None = None) -> Line:
        tokens = row.tokens[at + 1 : until]
        while tokens and tokens[0].words and not _has_digit(tokens[0].text):
            tokens = tokens[1:]
        line = Line(key, row, at, tokens, columns=self.head.columns())
        line.head = self.head.cells(row)
        self.last, self.cut, self.unknown = line, None, None
        self.keys.add(key)
        return line

    def _several(self, row: Row, matches: list[tuple[int, tuple[str, ...]]]) -> Iterator[Line]:
        """Two labelled halves side by side, or labels run together in one cell."""
        if all(len(keys) == 1 for _, keys in matches):
            ends = [at for at, _ in matches[1:]] + [None]
            halves = [
                self._line(row, keys[0], at, end) for (at, keys), end in zip(matches, ends, strict=True)
            ]
            if all(half.tokens for half in halves):
                yield from halves
                return
        if row.numbers:
            self.found.findings.append(
                finding(
                    "ambiguous_label",
                    locator=row.locator,
                    cells=[f"applications.{key}" for _, keys in matches for key in keys],
                    table=TABLE,
                    raw=row.label,
                )
            )
            self.found.rejected.append(row)

    def _unmatched(self, row: Row) -> Iterator[Line]:
        """A row whose words name no row: the rest of a label that was cut, or a row that nobody knows."""
        label = row.label
        near = self.last is not None and 0 <= row.grid - self.last.row.grid <= 1
        joined = self._joined(label) if near or self.cut else None
        if joined is not None:
            key, adopts = joined
            if row.numbers and adopts:
                at = row.words[-1] if row.words else -1
                self.found.tell("row_joined", key, row)
                yield self._line(row, key, at)
            elif self.last is None or self.last.key != key:
                yield self._line(row, key, row.words[-1])
            return
        if not near:
            return
        if row.numbers == 0:
            yield from self._completes_unknown(row)
            if application_group(label) is None and len(bare(label)) <= 40:
                self.cut = ((self.cut[0] if self.cut else "") + label, row)
            return
        if row.numbers >= 3:
            told = finding("unknown_row", locator=row.locator, cells=["applications"], table=TABLE, raw=label)
            self.found.findings.append(told)
            self.found.rejected.append(row)
            self.unknown = (row, told)

    def _completes_unknown(self, row: Row) -> Iterator[Line]:
        """The rest of the label of the row above, whose first part named no row but bears the numbers."""
        if self.unknown is None:
            return
        above, told = self.unknown
        self.unknown = None
        if 0 <= row.grid - above.grid <= 1 and (row.grid != above.grid or row.index == above.index + 1):
            keys = self._allowed(application_rows(above.label + row.label))
            if len(keys) == 1 and bare(above.label + row.label).endswith(bare_label(LABELS[keys[0]])):
                self.found.findings.remove(told)
                self.found.rejected.remove(above)
                self.found.tell("row_joined", keys[0], above)
                yield self._line(above, keys[0], above.words[-1])

    def _joined(self, label: str) -> tuple[str, bool] | None:
        """(key, whether it still lacks numbers) if the label completes the one before it."""
        if self.last is not None:
            before = self.last.row.label + (self.cut[0] if self.cut else "")
            wanted = bare_label(LABELS[self.last.key]) if self.last.key else None
            whole = bare(before + label)
            if wanted and (
                whole.endswith(wanted) or (wanted.endswith(bare(label)) and len(bare(label)) >= 2)
            ):
                return self.last.key, self.last.filled == 0
        if self.cut is not None:
            keys = self._allowed(application_rows(self.cut[0] + label))
            if len(keys) == 1 and bare(self.cut[0] + label).endswith(bare_label(LABELS[keys[0]])):
                return keys[0], True
        return None

    def _numbers_alone(self, row: Row) -> Iterator[Line]:
        """Numbers without a label: they belong to the label above if that one has none."""
        last = self.last
        if last is not None and last.key and last.filled == 0 and len(last.tokens) < len(COLUMNS):
            self.found.tell("row_joined", last.key, row)
            line = self._line(row, last.key, -1)
        else:
            at = row.words[-1] if row.words else -1
            line = Line("", row, at, row.tokens[at + 1 :], columns=self.head.columns())
            line.head = self.head.cells(row)
        yield line


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def name_unlabelled(lines: list[Line], found: Found) -> None:
    """A row of seven numbers without a label, right between two known rows one apart, is the row between."""
    present = {line.key for line in lines}
    for at, line in enumerate(lines):
        if line.key:
            continue
        before = lines[at - 1].key if at else ""
        after = lines[at + 1].key if at + 1 < len(lines) else ""
        between = _between(before, after, present)
        if between is not None and line.full(len(line.columns)):
            line.key = between
            found.tell("label_missing", between, line.row)
    lines[:] = [line for line in lines if line.key]


def _between(before: str, after: str, present: set[str]) -> str | None:
    for version in ("v2021", "v2019"):
        keys = ["", *(row.key for row in APPLICATIONS.rows_of(version)), ""]
        for key in keys[1:-1]:
            at = keys.index(key)
            if (keys[at - 1], keys[at + 1]) == (before, after) and key not in present:
                return key
    return None
