"""What an answer, or the lack of one, means for a walk."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.http import Response

from archive.context import WalkResult
from crawler.guard import SWITCHED_OFF, GuardRefused
from crawler.politeness import DECLINED, FAILURES, HostClosed
from crawler.replay import NotArchived
from crawler.robots import RobotsForbids

GONE = {404, 410}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that keeps a walk from being complete. `code` is short and stable, `words` are for people."""

    result: WalkResult
    code: str
    words: str


def answer_trouble(response: Response) -> Trouble | None:
    """What is wrong with an answer by its status; None for one that can be read."""
    if why := response.meta.get(DECLINED):
        return Trouble(WalkResult.DECLINED, "declined", f"站点谢绝 declined: {why}")
    if 200 <= response.status < 300:
        return None  # after a 304 the page is the held one (crawler.conditional)
    words = f"HTTP {response.status}: {response.url}"
    return Trouble(WalkResult.INCOMPLETE, f"http_{response.status}", words)


def says_gone(trouble: Trouble) -> bool:
    """True where the site itself says that the page is not there: an answer, not a failure."""
    return trouble.code in {f"http_{status}" for status in GONE}


def trouble_of(error: BaseException | None) -> Trouble:
    """What a request that brought no answer means for a walk."""
    words = str(error) or repr(error)
    if isinstance(error, HostClosed):
        return Trouble(error.result, error.result.value, error.reason)
    if isinstance(error, RobotsForbids):
        return Trouble(WalkResult.BLOCKED, "robots", words)
    if isinstance(error, NotArchived):
        return Trouble(WalkResult.INCOMPLETE, "not_archived", words)
    if isinstance(error, GuardRefused):
        declined = error.code == SWITCHED_OFF  # its owner said so to us, not to the crawler
        return Trouble(WalkResult.DECLINED if declined else WalkResult.INCOMPLETE, error.code, words)
    if isinstance(error, FAILURES):
        return Trouble(WalkResult.UNREACHABLE, "unreachable", f"连接失败 no answer: {error!r}")
    return Trouble(WalkResult.INCOMPLETE, "failed", words)
