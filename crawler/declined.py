"""Answers that are a refusal and not content: by their status, or a challenge (data/declined.yml)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict
from scrapy.http import Response


class _Challenge(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    pattern: re.Pattern[str]
    max_bytes: int
    meaning: str


class _Declining(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    statuses: Mapping[int, str]
    challenges: tuple[_Challenge, ...]


@cache
def _declining() -> _Declining:
    path = Path(__file__).parent / "data" / "declined.yml"
    return _Declining.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def declines(response: Response) -> str | None:
    """Why this answer is a refusal by the site and not content, None if it is none."""
    return why_declined(response.status, _plain_body(response))


def why_declined(status: int, body: bytes) -> str | None:
    """The same for a status and a plain body, for what is held already (data/declined.yml)."""
    table = _declining()
    if status in table.statuses:
        return f"HTTP {status} {table.statuses[status]}"
    if status not in {200, 202, 203}:
        return None
    for challenge in table.challenges:
        if len(body) <= challenge.max_bytes and challenge.pattern.search(body.decode("utf-8", "replace")):
            return f"HTTP {status} {challenge.meaning}"
    return None


def _plain_body(response: Response) -> bytes:
    """The body with gzip or deflate undone, as far as it is short enough to be a challenge."""
    coding = (response.headers.get("Content-Encoding") or b"").lower()
    if len(response.body) > 32768 or coding not in {b"gzip", b"deflate"}:
        return response.body
    try:
        return zlib.decompressobj(47).decompress(response.body, 65536)
    except zlib.error:
        return response.body
