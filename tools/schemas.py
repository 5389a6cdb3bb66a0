"""Writes the published contracts to docs/schema/: `python -m tools.schemas`. A test compares them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from archive.context import CrawlContext, RunRecord, WalkRecord
from crawler.portal import Portal
from parser.document import Document
from parser.report import AnnualReport

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "schema"
CONTRACTS: dict[str, Any] = {
    "portal": Portal,
    "crawl-context": CrawlContext,
    "walk": WalkRecord,
    "run": RunRecord,
    "document": Document,
    "annual-report": AnnualReport,
}


def schema(name: str) -> str:
    """The JSON Schema of one contract, as it is written to its file."""
    body = TypeAdapter(CONTRACTS[name]).json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps({**head, **body}, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in CONTRACTS:
        (FOLDER / f"{name}.json").write_text(schema(name), encoding="utf-8")


if __name__ == "__main__":
    main()
