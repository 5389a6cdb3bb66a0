"""The audit: who is missing, who is late, and how we know. Verdicts as of a day; the clock is never asked."""

from archive.audit.judge import judge
from archive.audit.statuses import Content, NotCrawled, Presence, Timeliness
from archive.audit.verdict import Verdict

__all__ = ["Content", "NotCrawled", "Presence", "Timeliness", "Verdict", "judge"]
