"""Documents: each asked for once in a run, told to every walk that waits for it; its attachments after it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.context import CrawlContext, Role, WalkResult
from archive.routes import is_route
from crawler.answers import Trouble, answer_trouble, says_gone, trouble_of
from crawler.conditional import CONDITIONAL
from crawler.platforms.dead import dead_words, is_home
from crawler.platforms.page import MAX_SHELLS, shell_target
from crawler.platforms.pictures import body_pictures
from crawler.platforms.rows import Row, parse_html
from crawler.politeness import BROWSER
from crawler.replay import moments_of
from crawler.spiders.steps import WalkSpider, is_shown
from crawler.titles import TitleKind, is_outside, read_title
from crawler.walk import Walk

logger = logging.getLogger(__name__)

MAX_ATTACHMENTS = 30
_ROW_FIELDS = ("publisher_hint", "list_title", "list_date", "list_index_number")  # of CrawlContext
LONGEST_DOWNLOAD_PAGE = 30_000  # bytes of a page that only hands out a file
FILE_MARKS = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!")
SHELLS = "shells"  # key in request.meta: how many pages without content led here


@dataclass
class Fetch:
    """One document asked for in this run, with the walks that wait for it."""

    url: str
    title: str
    column: tuple[str, str] | None = None  # portal and column whose list led to it
    is_attachment: bool = False
    files: tuple[tuple[str, str], ...] = ()  # files that its list names (portals.md §4.3, resList)
    waiting: list[Walk] = field(default_factory=list)
    trouble: Trouble | None = None
    done: bool = False


class DocumentSpider(WalkSpider):
    """Follows rows to documents, and documents to their attachments."""

    full: bool
    years: frozenset[int]
    walks: list[Walk]
    fetches: dict[str, Fetch]
    noted: set[tuple[str, str | None, str | None]]  # URL, portal, column

    def follow(self, walk: Walk, row: Row, publisher: str | None, via: str) -> list[Request]:
        """Ask for a row's document once in a run; a second list waits for the first one's request."""
        fetch = self.fetches.get(row.url)
        if fetch is not None:
            self.note(walk, row, publisher, via)
            if fetch.done:
                self._tell(walk, fetch)
            elif walk not in fetch.waiting:
                fetch.waiting.append(walk)
                walk.pending += 1
            return []
        column = (walk.portal.id, walk.column.id)
        fetch = self.fetches[row.url] = Fetch(row.url, row.title, column=column, files=row.files)
        if is_route(row.url) and walk.portal.browser is None:
            words = f"只由脚本绘制，门户文件须写 browser drawn by scripts, needs `browser`: {row.url}"
            fetch.trouble, fetch.done = Trouble(WalkResult.INCOMPLETE, "needs_browser", words), True
            self._tell(walk, fetch)
            return []
        walk.pending += 1
        return [self._document_request(walk, fetch, self._row_context(walk, row, publisher, via))]

    def unlisted_requests(self, walks: Sequence[Walk]) -> Iterator[Request]:
        """Are held reports still there that a list no longer shows (practice.md §1.9)? For whole walks.

        Their records are written: what comes of these requests is told by the captures alone.
        """
        whole = {(w.portal.id, w.column.id): w for w in walks}
        shown = {column: walk.rows.keys() for column, walk in whole.items()}
        for column, urls in self.held.unlisted(shown).items():
            for url in urls:
                if url in self.held and (request := self._unlisted_request(whole[column], url)):
                    yield request

    def _unlisted_request(self, walk: Walk, url: str) -> Request | None:
        """With the context in which it was held; None for what this run asked for, or leaves out."""
        former = self.held.capture(url).context
        title = former.get("list_title", "")
        outside = is_outside(self.years, title, former.get("list_date"), url)
        if url in self.fetches or outside or former.get("role") != Role.REPORT:
            return None
        if read_title(title).kind is TitleKind.OTHER:
            return None
        kept = {name: former.get(name) for name in _ROW_FIELDS}
        context = self.context(walk, Role.REPORT, former.get("via")).model_copy(update=kept)
        fetch = self.fetches[url] = Fetch(url, title, column=(walk.portal.id, walk.column.id))
        walk.pending += 1
        return self._document_request(walk, fetch, context)

    def _row_context(self, walk: Walk, row: Row, publisher: str | None, via: str) -> CrawlContext:
        return self.context(walk, Role.REPORT, via).model_copy(
            update={
                "publisher_hint": publisher or row.publisher,
                "list_title": row.title,
                "list_date": row.date,
                "list_index_number": row.index_number,
            }
        )

    def note(self, walk: Walk, row: Row, publisher: str | None, via: str) -> None:
        """A document met again in another list: what this one says of it is kept, nothing is asked for."""
        fetch, column = self.fetches.get(row.url), (walk.portal.id, walk.column.id)
        key = (row.url, *column)
        noted = self.tape.noted if self.tape else set()
        if (fetch is not None and fetch.column == column) or key in self.noted | noted:
            return
        self.noted.add(key)
        context = self._row_context(walk, row, publisher, via)
        self.archive.writer.write_context(row.url, context)

    def _document_request(self, walk: Walk, fetch: Fetch, context: CrawlContext) -> Request:
        return Request(
            fetch.url,
            callback=self.parse_report,
            errback=partial(self.report_failed, walk=walk, fetch=fetch),
            cb_kwargs={"walk": walk, "fetch": fetch},
            meta={
                "context": context,
                CONDITIONAL: True,
                BROWSER: is_shown(walk.portal, fetch.url, context.role),
            },
            dont_filter=True,  # the spider itself asks for each document once
        )

    def parse_report(self, response: Response, walk: Walk, fetch: Fetch) -> list[Request]:
        """A report page: its attachments, or the page to which a shell sends."""
        with self.step(walk):
            requests: list[Request] = []
            walk.moments += moments_of(response)
            fetch.trouble = answer_trouble(response) or self._no_document(response, walk, fetch)
            if fetch.trouble is None:
                via = response.url if SHELLS in response.meta else fetch.url
                requests = self.attachments(response, walk, via, fetch.files, fetch.title)
            if (
                fetch.trouble is None
                and not requests
                and (onward := self._behind_shell(response, walk, fetch))
            ):
                return [onward]
            self._fetched(fetch, walk)
            return requests

    def _no_document(self, response: Response, walk: Walk, fetch: Fetch) -> Trouble | None:
        """A page that answers 200 and is none: an error in words, or the home page (portals.md §8.2)."""
        if not is_html(response):
            return None
        if words := dead_words(self.page(response, walk.portal)):
            told = f"页面已失效 a dead page that answers {response.status}: {words}: {response.url}"
            return Trouble(WalkResult.INCOMPLETE, "dead_page", told)
        if is_home(response.url) and not is_home(fetch.url):
            told = f"转到了首页 leads to the site's home page: {fetch.url}"
            return Trouble(WalkResult.INCOMPLETE, "leads_home", told)
        return None

    def _behind_shell(self, response: Response, walk: Walk, fetch: Fetch) -> Request | None:
        """A request for the page behind a shell, under the same row, a few times at most."""
        onward = shell_target(self.page(response, walk.portal)) if is_html(response) else None
        hops = response.meta.get(SHELLS, 0) + 1
        if onward is None or hops > MAX_SHELLS:
            return None
        context = response.meta["context"].model_copy(update={"via": response.url})
        request = self._document_request(walk, fetch, context).replace(url=onward)
        request.meta[SHELLS] = hops
        walk.pending += 1
        return request

    def report_failed(self, failure: Failure, walk: Walk, fetch: Fetch) -> None:
        with self.step(walk):
            fetch.trouble = trouble_of(failure.value)
            self._fetched(fetch, walk)

    def _fetched(self, fetch: Fetch, walk: Walk) -> None:
        fetch.done = True
        self._tell(walk, fetch)
        for waiting in fetch.waiting:
            with self.step(waiting):
                self._tell(waiting, fetch)

    def _tell(self, walk: Walk, fetch: Fetch) -> None:
        if fetch.trouble is None:
            return
        if fetch.is_attachment:  # its report is held, so nothing of the column is in doubt
            logger.warning("%s: 附件未取到 attachment not fetched: %s", fetch.url, fetch.trouble.words)
            return
        proves_nothing = not says_gone(fetch.trouble) and read_title(fetch.title).kind is not TitleKind.OTHER
        walk.row_failed(fetch.url, fetch.trouble, proves_nothing=proves_nothing)

    def attachments(
        self,
        response: Response,
        walk: Walk,
        via: str,
        listed: Sequence[tuple[str, str]] = (),
        title: str = "",
    ) -> list[Request]:
        """Requests for the files of a report page, for those that its list named, and for its pictures.

        `title` is the row's: of a page that no list calls a report the pictures are left.
        """
        if not is_html(response):
            return []
        page = self.page(response, walk.portal)
        requests: list[Request] = []
        named = {**dict(listed), **dict(walk.platform.attachments(page))}
        if read_title(title).kind is TitleKind.REPORT:
            named |= dict(body_pictures(parse_html(page.text), page.url))
        for url, name in list(named.items())[:MAX_ATTACHMENTS]:
            if url in self.fetches or (not self.full and url in self.held):
                continue
            fetch = self.fetches[url] = Fetch(url, name, is_attachment=True)
            context = self.context(walk, Role.ATTACHMENT, via).model_copy(update={"list_title": name or None})
            walk.pending += 1
            request = self._document_request(walk, fetch, context)
            requests.append(request.replace(callback=self.parse_attachment))
        return requests

    def parse_attachment(self, response: Response, walk: Walk, fetch: Fetch) -> list[Request]:
        """A file, or the page by which the portal hands it out: then the file behind it."""
        with self.step(walk):
            walk.moments += moments_of(response)
            fetch.trouble = answer_trouble(response) or self._no_document(response, walk, fetch)
            if fetch.trouble is None and (onward := self._behind_download(response, walk, fetch)):
                return [onward]
            self._fetched(fetch, walk)
            return []

    def _behind_download(self, response: Response, walk: Walk, fetch: Fetch) -> Request | None:
        """A request for the one file to which a page in an attachment's place leads, by script or by link."""
        hops = response.meta.get(SHELLS, 0) + 1
        if not is_html(response) or hops > MAX_SHELLS or len(response.body) > LONGEST_DOWNLOAD_PAGE:
            return None
        page = self.page(response, walk.portal)
        links = [url for url, _ in walk.platform.attachments(page) if url not in {fetch.url, page.url}]
        onward = links[0] if len(links) == 1 else shell_target(page)
        if onward is None or onward in self.fetches:
            return None
        self.fetches[onward] = fetch
        request = self._document_request(walk, fetch, response.meta["context"])
        request = request.replace(url=onward, callback=self.parse_attachment)
        request.meta[SHELLS] = hops
        walk.pending += 1
        return request


def is_html(response: Response) -> bool:
    """By its bytes, then by its label: portals label files as pages, and pages as files."""
    kind = (response.headers.get("Content-Type") or b"").lower()
    head = response.body[:1024].lstrip()
    return head[:1] == b"<" or (b"html" in kind and not head.startswith(FILE_MARKS))
