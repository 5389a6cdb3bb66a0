"""Questions to the catalogue that need no audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select, union_all

from archive.catalogue import schema
from archive.catalogue.store import Catalogue


def findings_by_run(catalogue: Catalogue, runs: Sequence[str]) -> Mapping[str, int]:
    """Findings of what each of these runs was the first to capture; 0 for one that brought nothing new."""
    capture, finding = schema.capture, schema.finding
    order = func.row_number().over(
        partition_by=capture.c.version, order_by=(capture.c.date, capture.c.record_id)
    )
    firsts = (
        select(capture.c.version, capture.c.run, order.label("place"))
        .where(capture.c.version.is_not(None))
        .subquery()
    )
    of_versions = (
        select(firsts.c.run)
        .join(finding, finding.c.version == firsts.c.version)
        .where(firsts.c.place == 1, firsts.c.run.in_(runs))
    )
    of_records = (
        select(capture.c.run)
        .join(finding, finding.c.record_id == capture.c.record_id)
        .where(finding.c.version.is_(None), capture.c.run.in_(runs))
    )
    every = union_all(of_versions, of_records).subquery()
    with catalogue.engine.connect() as connection:
        counted = connection.execute(select(every.c.run, func.count().label("n")).group_by(every.c.run)).all()
    return dict.fromkeys(runs, 0) | {str(row.run): int(row.n) for row in counted}
