"""How an attempt ended, in the archive's words: why nothing came, or why only a part did."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectError

from crawler.guard import REFUSED_ADDRESS, GuardRefused


def outcome_of(error: BaseException) -> str:
    """One word for how an attempt failed (archive.warc.exchange)."""
    if isinstance(error, GuardRefused):
        return error.code if error.code == REFUSED_ADDRESS else "guard"
    word = next((word for kind, word in _OUTCOMES if isinstance(error, kind)), "failed")
    if word == "reset" and any(_is_tls(cause) for cause in _causes(error)):
        return "tls"
    return word


_OUTCOMES: tuple[tuple[type[BaseException], str], ...] = (
    (IgnoreRequest, "guard"),
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "refused"),
    (DownloadTimeoutError, "timeout"),
    (ConnectError, "unreachable"),
    (ResponseDataLossError, "reset"),
    (DownloadFailedError, "reset"),
    (DownloadCancelledError, "cancelled"),
    (asyncio.CancelledError, "cancelled"),
)


def _causes(error: BaseException) -> list[BaseException]:
    """What lies behind a Scrapy download error: Twisted wraps a list of failures."""
    causes: list[BaseException] = []
    cause = error.__cause__
    while cause is not None and cause not in causes:
        causes.append(cause)
        reasons = getattr(cause, "reasons", None) or []
        causes += [reason.value for reason in reasons if isinstance(reason.value, BaseException)]
        cause = cause.__cause__
    return causes


def _is_tls(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in ("OpenSSL", "service_identity")


def truncation_of(error: BaseException | None, flags: Sequence[str]) -> str | None:
    """WARC-Truncated for an answer of which only a part came or was kept."""
    if error is None:
        cut = {"dataloss": "disconnect", "download_stopped": "unspecified"}
        return next((cut[flag] for flag in flags if flag in cut), None)
    if isinstance(error, DownloadTimeoutError):
        return "time"
    if isinstance(error, DownloadCancelledError):  # Scrapy's word for DOWNLOAD_MAXSIZE
        return "length"
    if isinstance(error, (ResponseDataLossError, DownloadFailedError)):
        return "disconnect"
    return "unspecified"
