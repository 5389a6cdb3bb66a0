"""Exit codes of the `scrapy` commands: the contract of design.md §5, told in docs/exit-codes.md."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """0 is done; 1 is left to crashes, so that a crash is never taken for a verdict."""

    DONE = 0
    CRASH = 1
    USAGE = 2
    ARCHIVE_NOT_WRITABLE = 3
    INPUT_UNREADABLE = 4
    NOT_FOUND = 5
    DAMAGE = 6
    NOT_SENT = 7
    INCOMPLETE = 10
    DECLINED = 11
    FINDINGS = 12
    AUDIT_MISSING = 20
    AUDIT_LATE = 21
    AUDIT_MISSING_AND_LATE = 22
    AUDIT_UNKNOWN = 23
    INTERRUPTED = 130
