"""`suppress.jsonl` (practice.md §7): what people decided must not be passed on. The WARC keeps it.

One line an entry: `{"digest": "sha256:…", "reason": "…", "date": "2026-02-03"}`. The digest is that of a
payload, as `explain` prints it, or of a content. Who passes documents on reads this first; a file with a line
that cannot be read is refused whole, since passing on what that line names could not be taken back.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FILE = "suppress.jsonl"


class SuppressError(ValueError):
    """A line that cannot be read; the message names file and line."""


class Suppression(BaseModel):
    """One line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str = Field(min_length=16)
    reason: str = Field(min_length=2)
    date: dt.date


def read_suppressed(path: Path) -> frozenset[str]:
    """The digests, in lower case; none where there is no file. Raises SuppressError, OSError."""
    if not path.exists():
        return frozenset()
    found = set()
    for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.add(Suppression.model_validate_json(line).digest.lower())
        except ValidationError as error:
            first = error.errors()[0]
            raise SuppressError(
                f"{path} 第{number}行无法读取，请改正后再运行 line {number} cannot be read, mend it first:"
                f" {'.'.join(map(str, first['loc']))} {first['msg']}"
            ) from error
    return frozenset(found)


def is_suppressed(suppressed: frozenset[str], *digests: str | None) -> bool:
    """Whether any of the digests of a document is named."""
    return any(digest is not None and digest.lower() in suppressed for digest in digests)
