"""What `scrapy audit` says beside its result: which publishers are meant, and what no crawl can tell of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from archive.audit.workdays import day_in_china
from archive.register import Register
from crawler.command import Refusal
from crawler.exits import Exit

if TYPE_CHECKING:
    from archive.audit.run import Audit

_STALE_DAYS = 31  # the day judged so long after the last look: nobody has looked since
_NAMED = 5


def publishers_named(names: Sequence[str], register: Register, counties: Sequence[str]) -> tuple[str, ...]:
    """Codes of the publishers asked for, by code or name. Refuses nobody's name, and one of several."""
    codes: list[str] = []
    for name in names:
        scope = counties or (None,)
        found = {body.code: body for county in scope for body in register.match(name, county).candidates}
        if len(found) != 1:
            several = "、".join(f"{body.code} {body.official_name}" for body in found.values())
            told = f"名称不唯一，请用代码 more than one, give the code: {several}" if found else ""
            told = told or "名录中没有这个单位 no such body in the register"
            raise Refusal(f"{told}: --publisher {name}", Exit.USAGE)
        codes += found
    return tuple(dict.fromkeys(codes))


def audit_notes(audit: Audit) -> Iterator[str]:
    """Lines for stderr: counties that nobody walked, and a day judged long after the last look."""
    unwalked = [county.county.label for county in audit.counties if not county.homes]
    if unwalked:
        more = f"等 and others（{len(unwalked)}）" if len(unwalked) > _NAMED else ""
        yield (
            f"{'、'.join(unwalked[:_NAMED])}{more}：没有门户文件或从未采集，全部记为未能核查"
            " no portal file, or never crawled: nothing can be said of it"
        )
    last = max((home.last_look.ended for county in audit.counties for home in county.homes), default=None)
    if last is None:
        return
    days = (audit.scope.as_of - day_in_china(last)).days
    if days > _STALE_DAYS:
        yield (
            f"核查日{audit.scope.as_of}晚于最后一次采集（{day_in_china(last)}）{days}天：其后公开的无从得知"
            f" the day judged is {days} days after the last look: what was published since is not known"
        )
