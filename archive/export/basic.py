"""reports, cells (long and wide), findings, facts: what the catalogue holds of each report, as it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date

from archive.export.conduct import figure_scope
from archive.export.model import KEY, Kind, Row, Table, columns
from archive.export.source import Held, Source

REPORTS = columns(
    KEY + "county:text kind sample:flag format_version title:text url index_number publisher_shown:text"
    " document_kind signed_date:day signed_by:text first_seen:moment last_seen:moment first_gone:moment"
    " figure_scope figure_scope_quote:text replaced_on:day n_versions:integer n_changed_cells:integer"
    " n_cells:integer n_warn:integer n_fail:integer media_type attribution:text version content_digest"
    " extractor_version"
)
CELLS = columns(
    KEY + "format_version key table row column value:number state raw:text label:text unit inferred:number"
    " ocr:flag confidence:number locator version"
)
FINDINGS = columns(KEY + "code severity message:text cells locator version")
FACTS = columns(KEY + "key value:number approximate:flag quote:text section version")


def reports(source: Source) -> Table:
    """A row a report held."""
    return Table("reports", REPORTS, [_report(held) for held in source.held])


def _report(held: Held) -> Row:
    report, version = held.report, held.version
    scope, clause = figure_scope(held)
    severities = [finding["severity"] for finding in held.findings]
    return {
        **held.key,
        "county": held.county.label,
        "kind": held.publisher.kind.value,
        "sample": held.county.sample,
        "format_version": version["format_version"],
        "title": report["title"],
        "url": report["url"],
        "index_number": version["index_number"],
        "publisher_shown": version["publisher_shown"],
        "document_kind": report["kind"],
        "signed_date": day(version["signed_date"]),
        "signed_by": version["signed_by"],
        "first_seen": report["first_seen"],
        "last_seen": report["last_seen"],
        "first_gone": report["first_gone"],
        "figure_scope": scope,
        "figure_scope_quote": clause,
        "replaced_on": day(report["replaced_on"]),
        "n_versions": len(json.loads(report["versions"])),
        "n_changed_cells": len(json.loads(report["changed_cells"])),
        "n_cells": version["n_cells"],
        "n_warn": severities.count("warn"),
        "n_fail": severities.count("fail"),
        "media_type": version["media_type"],
        "attribution": report["attribution"],
        "version": version["version"],
        "content_digest": version["content_digest"],
        "extractor_version": version["extractor_version"],
    }


def cells(source: Source, keys: Sequence[str]) -> Table:
    """Long form: a row a number, in the order of `keys`; a cell that no key names comes behind."""
    place = {key: at for at, key in enumerate(keys)}
    rows = [
        {
            **held.key,
            "format_version": held.version["format_version"],
            **_parts(key),
            **{name: held.cells[key][name] for name in _TOLD},
            "ocr": held.cells[key]["confidence"] is not None,
            "version": held.version["version"],
        }
        for held in source.held
        for key in sorted(held.cells, key=lambda key: (place.get(key, len(place)), key))
    ]
    return Table("cells", CELLS, rows)


_TOLD = ("value", "state", "raw", "label", "unit", "inferred", "confidence", "locator")


def _parts(key: str) -> Row:
    """`applications.new_received.total` by its three parts; table 四 has no rows."""
    table, *row, column = key.split(".")
    return {"key": key, "table": table, "row": row[0] if row else None, "column": column}


def cells_wide(source: Source, keys: Sequence[str]) -> Table:
    """A row a report, a column a number; null where the report shows none."""
    named = columns(KEY + "format_version") | dict.fromkeys(keys, Kind.NUMBER)
    rows = [
        held.key | {"format_version": held.version["format_version"]} | {key: held.value(key) for key in keys}
        for held in source.held
    ]
    return Table("cells_wide", named, rows)


def findings(source: Source) -> Table:
    """Everything that a person should look at."""
    return Table("findings", FINDINGS, list(_findings(source)))


def _findings(source: Source) -> Iterator[Row]:
    for held in source.held:
        for row in sorted(held.findings, key=lambda row: (row["code"], row["cells"], row["finding"])):
            told = {name: row[name] for name in ("code", "severity", "message", "locator", "version")}
            yield {**held.key, **told, "cells": "; ".join(json.loads(row["cells"]))}


def facts(source: Source) -> Table:
    """Numbers told in words, with the words."""
    names = ("key", "value", "approximate", "quote", "section", "version")
    rows = [
        {**held.key, **{name: fact[name] for name in names}} for held in source.held for fact in held.facts
    ]
    return Table("facts", FACTS, rows)


def day(text: str | None) -> date | None:
    """A day of the catalogue."""
    return date.fromisoformat(text) if text else None
