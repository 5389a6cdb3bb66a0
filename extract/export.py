"""Document → plain data for JSON: the `document` key of `scrapy report` and of the hand-off."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from parser.document import Document, Grid, Paragraph


def document_json(document: Document) -> dict[str, Any]:
    """Keys are the field names of parser.document; blocks carry `type` paragraph or grid; dates are ISO."""
    return {item.name: _plain(getattr(document, item.name)) for item in fields(document)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field of any dataclass of the contract
    if isinstance(value, (Paragraph, Grid)):
        kind = "paragraph" if isinstance(value, Paragraph) else "grid"
        return {"type": kind} | {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value
