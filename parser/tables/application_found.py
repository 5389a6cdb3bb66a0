"""What reading table 三 brings, and the names of its rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parser.document import Finding
from parser.findings import finding
from parser.labels import APPLICATIONS
from parser.report import ApplicationsRow
from parser.tables.rows import Row

TABLE = "表三"
SUB_ROWS = ("other_overdue_correction", "other_overdue_fee", "other_other")
LABELS = {row.key: row.label for row in APPLICATIONS.rows}
COLUMN_LABELS = {column.key: column.label for column in APPLICATIONS.columns}


@dataclass
class Found:
    """The table as read. `version` is None where its rows do not say; `evidence` is what they say."""

    rows: tuple[ApplicationsRow, ...] | None = None
    version: str | None = None
    evidence: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    grids: set[int] = field(default_factory=set)
    rejected: list[Row] = field(default_factory=list)  # rows whose numbers were left out with a finding
    widths: dict[str, int] = field(default_factory=dict)  # row → cells drawn, where that is not seven

    def tell(
        self, code: str, key: str, row: Row | None, columns: Sequence[str] = (), **fields: object
    ) -> None:
        """A finding on a row of the table, or on some of its columns alone."""
        cells = [f"applications.{key}.{column}" for column in columns] or [f"applications.{key}"]
        place = row.locator if row is not None else ""
        self.findings.append(
            finding(code, locator=place, cells=cells, table=TABLE, row=LABELS[key], **fields)
        )
