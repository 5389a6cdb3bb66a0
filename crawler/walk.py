"""One walk of one column: what was seen, what became of each row, and whether absence may be read from it.

Pure bookkeeping: the spider tells what happened, `record` says what it amounts to. `complete` is earned
(practice.md §1.4): every page seen, the stated total met, no page met twice, no page or report failed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from archive.context import RowOutcome, WalkKind, WalkRecord, WalkResult, WalkRow
from crawler.answers import Trouble
from crawler.held import Before, shows_report
from crawler.platforms.base import ListPage, PageRequest, Platform
from crawler.platforms.rows import Row
from crawler.portal import Column, ColumnKind, Portal

# Which trouble names a walk that met several: what the site did comes before what we saw.
GRAVITY = (
    WalkResult.DECLINED,
    WalkResult.BLOCKED,
    WalkResult.UNREACHABLE,
    WalkResult.LAYOUT_CHANGED,
    WalkResult.INCOMPLETE,
)
MAX_STALE = 5  # pages in succession without a row that was not there before: calendars, session ids
MAX_ECHOES = 12  # opened lists in succession that show what others showed: folders named by visit or day
MAX_PAGES = 2000  # no column of a county has more; a pager that never ends is a fault


@dataclass(frozen=True, slots=True)
class Run:
    """What is the same for every walk of a crawl."""

    id: str
    years: frozenset[int]
    full: bool
    rereads: bool = False  # nothing is fetched: the look took place when its pages were archived


@dataclass
class Part:
    """One list of a column as far as it was read: the column's own, or one that its page opens."""

    numbers: set[int] = field(default_factory=set)  # of the pages read
    total: int | None = None  # rows, as the portal states it
    pages: int | None = None  # likewise
    ended_early: bool = False  # the last stated page was not there: told by 404, a common fault of pagers
    own: set[str] = field(default_factory=set)
    stale: int = 0  # pages read last that brought no new row
    page_rows: dict[frozenset[str], int] = field(default_factory=dict)


@dataclass
class Walk:
    """A column being walked. `pending` counts requests under way for it, rows of other walks included."""

    portal: Portal
    column: Column
    platform: Platform
    run: Run
    started: datetime
    kind: WalkKind = WalkKind.COLUMN
    pending: int = 0
    pages: list[str] = field(default_factory=list)
    rows: dict[str, WalkRow] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)  # by PageRequest.part
    troubles: list[Trouble] = field(default_factory=list)
    stopped_early: bool = False
    answers: int = 0  # non-empty answers of a route
    echoes: int = 0  # opened lists read last whose rows were all known
    done: bool = False
    had_rows: bool = False  # an earlier walk of the column saw rows
    before: Before | None = None  # and reports among them
    moments: list[datetime] = field(default_factory=list)  # when replayed answers were asked for
    _asked: set[str] = field(default_factory=set)
    _opened: set[str] = field(default_factory=set)

    def may_ask(self, request: PageRequest) -> bool:
        """False for a page that this walk has asked for already: a pager that goes round."""
        body = request.json or request.form
        # One page may hold several lists, told apart by what is remembered of them (gkmlpt's categories).
        apart = f"{request.carry.get('static')} {request.carry.get('category')}"
        key = f"{request.method} {request.url} {body} {apart}"
        if key in self._asked or len(self._asked) >= MAX_PAGES:
            return False
        self._asked.add(key)
        return True

    def opens(self, request: PageRequest) -> bool:
        """True once for each list that a page opens: menus name the same folders on every page.

        A list that opens another, which shows the same and opens a third, is not followed for ever.
        """
        if self.echoes > MAX_ECHOES:
            words = f"一再打开内容相同的列表 lists that show the same open one another: {request.url}"
            self.trouble(WalkResult.INCOMPLETE, "lists_echo", words)
            return False
        new = request.part not in self._opened
        self._opened.add(request.part)
        return new

    def part(self, request: PageRequest) -> Part:
        return self.parts.setdefault(request.part, Part())

    def add_page(self, record_id: str | None, listed: ListPage, request: PageRequest) -> bool:
        """A list page that was read. False: going on is of no use, the same page came again."""
        if record_id and record_id not in self.pages:  # routes of one application share its frame
            self.pages.append(record_id)
        part = self.part(request)
        own = [row.url for row in listed.rows if row.belongs is not False]
        if request.year is None or request.part:
            part.numbers.add(request.number)
            part.total = part.total if listed.total is None else listed.total
            part.pages = listed.pages or part.pages
            part.stale = part.stale + 1 if part.own.issuperset(own) else 0
            part.own.update(own)
        self.answers += bool(own)
        if request.part and own:
            self.echoes = self.echoes + 1 if self.rows.keys() >= set(own) else 0
        if listed.unseen:
            self.trouble(WalkResult.INCOMPLETE, "unseen", listed.unseen)
        if not listed.rows and not listed.says_empty and listed.next is None and not listed.lists:
            self.trouble(
                WalkResult.LAYOUT_CHANGED,
                "no_rows",
                f"第 {request.number} 页读不出任何行 no row could be read",
            )
        if part.stale > MAX_STALE:
            words = f"连续 {part.stale} 页没有新行 page after page without a new row, last: {request.url}"
            self.trouble(WalkResult.INCOMPLETE, "pager_stale", words)
            return False
        return not self._repeats(frozenset(own), request)

    def _repeats(self, urls: frozenset[str], request: PageRequest) -> bool:
        if not urls or (request.year is not None and not request.part):
            return False
        first = self.part(request).page_rows.setdefault(urls, request.number)
        # A JSON list starts over at its first row: page 1 of the column and of the list may be the same.
        if request.probe and not request.doubtful and 1 < first == request.number - 1:
            return (
                True  # a guess beyond the end of a list whose pager works: some servers show the last again
            )
        if first != request.number and request.carry.get("page") != "1":
            self.trouble(
                WalkResult.INCOMPLETE,
                "page_repeated",
                f"第 {request.number} 页与第 {first} 页相同 the same page came twice",
            )
            return True
        return False

    def add_row(self, row: Row, outcome: RowOutcome, reason: str | None, publisher: str | None) -> None:
        """The row as printed. Seen again, its first outcome stays and only what was missing is added."""
        known = self.rows.get(row.url)
        self.rows[row.url] = WalkRow(
            url=row.url,
            title=known.title if known else row.title,
            date=(known and known.date) or row.date,
            publisher_hint=(known and known.publisher_hint) or publisher or row.publisher,
            index_number=(known and known.index_number) or row.index_number,
            outcome=known.outcome if known else outcome,
            reason=known.reason if known else reason,
        )

    def row_failed(self, url: str, trouble: Trouble, *, proves_nothing: bool) -> None:
        """A followed row brought no page. `proves_nothing`: the report may exist, so absence is unproved."""
        if url in self.rows:
            outcome = RowOutcome.SKIPPED if trouble.code in {"off_site", "robots"} else self.rows[url].outcome
            self.rows[url] = self.rows[url].model_copy(update={"reason": trouble.code, "outcome": outcome})
        if proves_nothing:
            self.troubles.append(trouble)

    def trouble(self, result: WalkResult, code: str, words: str) -> None:
        self.troubles.append(Trouble(result, code, words))

    def record(self, ended: datetime) -> WalkRecord:
        """What the walk amounts to."""
        if self.kind is not WalkKind.LOOKUP:  # a search finds or does not: it proves no absence
            self._judge_whole()
        result = min((t.result for t in self.troubles), key=GRAVITY.index, default=WalkResult.HEALTHY)
        reason = "；".join(dict.fromkeys(t.words for t in self.troubles)) or None
        if reason is None and self.kind is WalkKind.LOOKUP:
            reason = "索引号检索，不证明缺失 a look-up proves no absence"
        if reason is None and not self.run.full:
            reason = "常规采集，只看最新几页 routine crawl: newest pages only"
        started = min([self.started, *self.moments])  # a look is as old as its oldest page
        if self.run.rereads and self.moments:
            started, ended = min(self.moments), max(self.moments)
        return WalkRecord(
            kind=self.kind,
            portal=self.portal.id,
            county_code=self.portal.county_code,
            column=self.column.id,
            column_url=self.portal.absolute(self.column.url),
            publishers=self._publishers(),
            years=tuple(sorted(self.run.years)),
            run=self.run.id,
            started=started,
            ended=ended,
            pages=tuple(self.pages),
            rows=tuple(self.rows.values()),
            stated_total=self._stated_total(),
            result=result,
            complete=self._is_whole(),
            reason=reason,
            adapter=self.platform.name,
            adapter_version=self.platform.version,
        )

    def _is_whole(self) -> bool:
        if self.kind is WalkKind.LOOKUP:
            return False
        return self.run.full and not self.troubles and not self.stopped_early

    def _judge_whole(self) -> None:
        if self.troubles:
            return
        if not self.pages and not self.rows:  # a routine crawl asks for nothing of a route that is held
            self.trouble(WalkResult.INCOMPLETE, "no_page", "一页也没有取到 no page was fetched")
        if self.had_rows and not self.rows:
            words = "栏目曾有内容，现在为空 the column had rows before and has none now"
            self.trouble(WalkResult.LAYOUT_CHANGED, "emptied", words + self._evidence())
        elif self.before and not self.stopped_early and not any(map(shows_report, self.rows.values())):
            words = "栏目曾有年报，现在一篇也没有 the column had reports before and shows none now"
            self.trouble(WalkResult.LAYOUT_CHANGED, "reports_gone", words + self._evidence())
        if not self.stopped_early:
            for name, part in self.parts.items():
                self._judge_part(name, part)
        if self.column.harvest and not self._publishers():  # else it would speak for the whole county
            words = "机构名称在名录里都没有 the register knows none of the organs: whose absence is unknown"
            self.trouble(WalkResult.INCOMPLETE, "organs_unknown", words)
        if self.column.kind is ColumnKind.ROUTE and not self.answers:
            self.trouble(
                WalkResult.INCOMPLETE,
                "route_unproven",
                "年报路径从未给出过报告 the route never answered with a report: silence proves nothing",
            )

    def _evidence(self) -> str:
        """Both captures: of when the reports were there, and of now."""
        now = self.pages[0] if self.pages else "—"
        if self.before is None:
            return f" (now {now})"
        return f" ({self.before.reports}: {self.before.ended:%Y-%m-%d} {self.before.page or '—'}; now {now})"

    def _judge_part(self, name: str, part: Part) -> None:
        where = f"{name}: " if name else ""
        if part.total is not None and len(part.own) < part.total:
            words = f"站点称共 {part.total} 条，读到 {len(part.own)} 条 fewer rows than the portal states"
            self.trouble(WalkResult.INCOMPLETE, "total_differs", where + words)
        if part.pages is not None and len(part.numbers) + part.ended_early < part.pages:
            words = f"站点称共 {part.pages} 页，读到 {len(part.numbers)} 页 fewer pages than stated"
            self.trouble(WalkResult.INCOMPLETE, "pages_differ", where + words)

    def _stated_total(self) -> int | None:
        """The rows that the portal states, of all lists with rows together; None where one states none."""
        totals = [part.total for part in self.parts.values() if part.own or part.total]
        return sum(t for t in totals if t is not None) if totals and None not in totals else None

    def _publishers(self) -> tuple[str, ...]:
        """Register codes; none: every publisher of the county. Of harvested organs only those known count."""
        if self.column.kind is ColumnKind.ROUTE and not self.column.publishers:
            return tuple(dict.fromkeys(area.publisher for area in self.column.areas if area.publisher))
        return self.column.publishers
