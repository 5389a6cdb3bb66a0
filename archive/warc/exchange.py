"""One attempt to fetch one URL, as it went over the wire (archive.md §3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was sent, what came back, and how it ended.

    `request` and `response` are wire bytes, framing included; either may be empty. `started` is aware (the
    request was sent). `protocol` is read off the status line when it is not given. `outcome` is "response"
    when an answer came, even a cut one; else one word that says why not: dns, refused, refused_address (the
    name leads into a private network), unreachable, timeout, tls, reset, protocol (an answer that is no
    HTTP), guard, cancelled, failed. `truncated` is None or disconnect, length, time, unspecified
    (WARC-Truncated). `error` is the class name of what was raised.
    """

    method: str
    url: str
    request: bytes
    response: bytes
    started: datetime
    ip: str | None = None
    protocol: str | None = None
    outcome: str = "response"
    truncated: str | None = None
    error: str | None = None
    tls: str | None = None  # "TLSv1.3", as the transport names it
    tls_policy: str | None = None  # where certificates or suites are taken that we do not take elsewhere

    def __post_init__(self) -> None:
        if self.started.tzinfo is None:
            raise ValueError("an exchange needs an aware start time")
