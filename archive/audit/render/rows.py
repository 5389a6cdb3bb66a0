"""The full table as codes and record ids, a line a publisher and report year: for a whole country."""

from __future__ import annotations

from collections.abc import Iterator

from archive.audit.run import CountyAudit

HEAD = "publisher\treport_year\tpresence\tnot_crawled\ttimeliness\tcontent\tdays_late\tevidence"


def audit_rows(county: CountyAudit) -> Iterator[str]:
    """Tab-separated, in the order of HEAD, without a line end; `evidence` are record ids parted by spaces."""
    for verdict in county.verdicts:
        late = "" if verdict.days_late is None else verdict.days_late
        content, ids = ",".join(verdict.content), " ".join(verdict.evidence_ids)
        yield (
            f"{verdict.publisher.code}\t{verdict.report_year}\t{verdict.presence}"
            f"\t{verdict.not_crawled or ''}\t{verdict.timeliness or ''}\t{content}\t{late}\t{ids}"
        )
