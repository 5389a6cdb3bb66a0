"""Findings by code: severity and wording are data (data/findings.yml), the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from parser.document import Finding, Severity


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: Severity
    text: str


FINDINGS = TypeAdapter(dict[str, _Entry]).validate_python(
    yaml.safe_load((files("parser") / "data" / "findings.yml").read_text(encoding="utf-8"))
)
_MAX_RAW = 60


def finding(code: str, *, locator: str = "", cells: Iterable[str] = (), **fields: object) -> Finding:
    """A finding of the table with its {fields} filled in; long raw text is cut."""
    entry = FINDINGS[code]
    short = {name: _cut(str(value)) for name, value in fields.items()}
    return Finding(code, entry.severity, entry.text.format(**short), locator, tuple(cells))


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MAX_RAW else text[: _MAX_RAW - 1] + "…"
