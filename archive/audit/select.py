"""The part of an audit that is about some publishers: what stands beside them is judged as in the whole."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from archive.audit.run import Audit, CountyAudit, tally


def only_publishers(audit: Audit, codes: Collection[str]) -> Audit:
    """The verdicts of these publishers, with their counties' sums over them alone."""
    counties = tuple(found for county in audit.counties if (found := _only(county, codes)).verdicts)
    return replace(audit, counties=counties, unknown_counties=())


def _only(county: CountyAudit, codes: Collection[str]) -> CountyAudit:
    verdicts = tuple(verdict for verdict in county.verdicts if verdict.publisher.code in codes)
    return replace(county, verdicts=verdicts, tally=tally(verdicts), strays=(), differences=(), every=True)
