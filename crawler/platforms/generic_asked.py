"""Lists that a page does not hold itself: asked of the endpoints that it shows, read by their structure.

A column's page leads to a chain of trials, each the fallback of the one before: endpoints of the page, then
its script files and the endpoints they name. A trial counts only if a report stands in its answer. Few are
made (`MAX_TRIALS`, `MAX_SCRIPTS`); where all fail the last one says so, and the walk is not complete.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from urllib.parse import urlsplit

from crawler.guard import normal_host
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest, once
from crawler.platforms.generic_endpoint import Endpoint
from crawler.platforms.generic_endpoints import (
    MAX_SCRIPTS,
    MAX_TRIALS,
    script_files,
    shown_in_page,
    shown_in_script,
    with_paging,
)
from crawler.platforms.generic_families import AS, LEVEL, LIST, YEARS, ByFamily
from crawler.platforms.generic_known import Known
from crawler.platforms.generic_rows import Found, read_answer
from crawler.platforms.page import Page
from crawler.platforms.rows import Row, parse_html
from crawler.portal import Portal
from crawler.titles import TitleKind, read_title

ENDPOINT, SCRIPT = "endpoint", "script"
# What a trial remembers: what it asks, the rows seen so far, the page's number, the page it is for, what that
# told, script files still to be read, how many trials were made, the total of rows as stated.
ASK, SEEN, AT, PAGE_URL, KNOWN, REST, TRIED, TOTAL = (
    "g_ask",
    "g_seen",
    "g_at",
    "g_page",
    "g_known",
    "g_rest",
    "g_tried",
    "g_total",
)
# Whether the page holds reports itself, the total it states, its script files, its endpoints without pages.
MORE, WANTED, FILES, PLAIN = "g_more", "g_wanted", "g_files", "g_plain"
HTML = re.compile(r"<(?:!doctype|html|body|head)\b", re.IGNORECASE)
MAX_PAGES = 200
KEPT = 60_000  # characters of a script file that are remembered for the next column


@dataclass
class Memory:
    """What is spared: script files read before, endpoints that answered without a report."""

    scripts: dict[str, str] = field(default_factory=dict)
    fruitless: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Step:
    """An answer that was read: how many rows were new, how many are seen by now, how many there are."""

    found: Found
    page: Page
    request: PageRequest
    new: int
    seen: int
    total: int | None


class ByEndpoint(ByFamily):
    """Columns filled by script, without a browser and without knowing whose script it is."""

    def __init__(self, portal: Portal) -> None:
        super().__init__(portal)
        self.memory = Memory()

    def is_ours(self, url: str) -> bool:
        """Whether an address lies on the portal's hosts or below their name; the guard has the last word."""
        host, own = normal_host(urlsplit(url).hostname or ""), self.portal.host
        if host in self.portal.hosts:
            return True
        stem = own.removeprefix("www.")
        return host.endswith(f".{stem}") and "." in stem

    # --- asking ------------------------------------------------------------------------------------------

    def trials(
        self, page: Page, request: PageRequest, rows: Sequence[Row], total: int | None
    ) -> PageRequest | None:
        """The first request of the chain that may bring a column's rows; None where the page shows no way.

        Where the page holds reports itself only endpoints that know pages are asked, for the rows beyond its
        own; `total` is the number of rows that the page states.
        """
        tree = parse_html(page.text)
        here = request.url if "#" in request.url else page.url
        known = Known.of_page(tree, page.text, here)
        carry = {
            **{key: request.carry[key] for key in (LEVEL, LIST, YEARS) if key in request.carry},
            PAGE_URL: page.url,
            SEEN: _digests(rows),
            MORE: "1" if any(map(is_report, rows)) else "",
            WANTED: "" if total is None else str(total),
            KNOWN: known.dumped(),
            "category": request.part or page.url,  # the walk tells requests of different lists apart by it
        }
        own = replace(request, carry=carry)
        found = shown_in_page(tree, page.text, page.url, known)
        files = [url for url in script_files(tree, page.url) if self.is_ours(url)][:MAX_SCRIPTS]
        plain = [endpoint.dumped() for endpoint in found if not endpoint.pages][:MAX_TRIALS]
        own = replace(own, carry={**carry, FILES: json.dumps(files), PLAIN: json.dumps(plain)})
        return self._chain(found, files, known, own)

    def _chain(
        self, found: Sequence[Endpoint], files: Sequence[str], known: Known, request: PageRequest
    ) -> PageRequest | None:
        """Endpoints one after another, then the script files; those read before without a request."""
        found, files = list(found), list(files)
        while files and files[0] in self.memory.scripts:
            text = self.memory.scripts[files.pop(0)]
            known = known.with_script(text)
            found += _told(text, request, known)
        found = [e for e in found if self.is_ours(e.url) and _key(e) not in self.memory.fruitless]
        tried = int(request.carry.get(TRIED, "0"))
        found = [e for e in found if e.pages or not request.carry[MORE]][: max(0, MAX_TRIALS - tried)]
        request = replace(request, carry={**request.carry, TRIED: str(tried + len(found))})
        following: PageRequest | None = None
        if files:
            carry = {**request.carry, AS: SCRIPT, KNOWN: known.dumped(), REST: json.dumps(files[1:])}
            later = self._chain((), files[1:], known, request)
            following = _request(request, files[0], carry, fallback=later)
        for endpoint in reversed(found):
            following = self._asking(endpoint, request, following)
        return following

    def _asking(self, endpoint: Endpoint, request: PageRequest, fallback: PageRequest | None) -> PageRequest:
        number = 0 if endpoint.first == 0 else 1
        carry = {**request.carry, AS: ENDPOINT, ASK: endpoint.dumped(), AT: str(number), "page": "1"}
        return _send(endpoint.numbered(number), _request(request, "", carry, fallback=fallback))

    # --- reading -----------------------------------------------------------------------------------------

    def read_answered(self, page: Page, request: PageRequest) -> ListPage:
        """The answer to a trial: of a script file or of an endpoint."""
        read = self.read_script if request.carry[AS] == SCRIPT else self.read_endpoint
        return read(page, request)

    def read_script(self, page: Page, request: PageRequest) -> ListPage:
        """A script file: the endpoints that it names for the page that loads it, else the next file."""
        known = Known(json.loads(request.carry[KNOWN])).with_script(page.text)
        if len(page.text) <= KEPT:
            self.memory.scripts[request.url] = page.text
        found = [] if HTML.search(page.text[:500]) else _told(page.text, request, known)
        following = self._chain(
            found, json.loads(request.carry[REST]), known, replace(request, fallback=None)
        )
        if following is None:
            raise LayoutUnknownError(
                "页面和脚本都没有给出可读的列表 neither the page nor its scripts show a list: "
                f"{request.carry[PAGE_URL]}"
            )
        return ListPage((), next=following)

    def direct(self, page: Page, request: PageRequest) -> ListPage | None:
        """A column whose address is an endpoint itself; None for a page."""
        if HTML.search(page.text) or not page.text.strip():
            return None
        found = read_answer(page.text, page.url)
        if found is None or not any(map(is_report, found.rows)):
            return None
        endpoint = _of_address(request.url)
        carry = {
            **request.carry,
            AS: ENDPOINT,
            ASK: endpoint.dumped(),
            PAGE_URL: page.url,
            SEEN: "",
            AT: str(1 if endpoint.first is None else endpoint.first),
            MORE: "",
            WANTED: "",
            "category": request.url,
        }
        return self._listed(found, endpoint, page, replace(request, carry=carry))

    def read_endpoint(self, page: Page, request: PageRequest) -> ListPage:
        """What an endpoint answers. Raises LayoutUnknownError where that is no list of reports."""
        endpoint = Endpoint.loaded(request.carry[ASK])
        found = read_answer(page.text, request.carry[PAGE_URL])
        rows = found.rows if found else ()
        wanted = found is not None and found.total is not None and str(found.total) == request.carry[WANTED]
        if request.carry.get("page") == "1" and not any(map(is_report, rows)) and not (rows and wanted):
            self.memory.fruitless.add(_key(endpoint))
            if found is not None and found.empty and request.fallback is None and endpoint.pages:
                return ListPage((), says_empty=True, total=0)
            raise LayoutUnknownError(
                f"试过的接口没有年报 no report in the answer of {endpoint.method} {request.url} "
                f"({endpoint.reason})"
            )
        if found is None:
            raise LayoutUnknownError(f"接口的回答读不懂 an answer that cannot be read: {request.url}")
        return self._listed(found, endpoint, page, request)

    def _listed(self, found: Found, endpoint: Endpoint, page: Page, request: PageRequest) -> ListPage:
        rows = once(replace(row, url=self.identity(row.url)) for row in found.rows)
        before = set(request.carry.get(SEEN, "").split())
        new = {_digest(row) for row in rows} - before
        seen = before | new
        told = request.carry.get(TOTAL)
        total = found.total if found.total is not None else int(told) if told else None
        step = _Step(found, page, request, new=len(new), seen=len(seen), total=total)
        following = self._following(step, endpoint)
        if following is not None:
            carry = {
                **following.carry,
                SEEN: " ".join(sorted(seen)),
                TOTAL: "" if total is None else str(total),
            }
            following = replace(following, carry=carry)
        whole = total if total is not None and total >= len(seen) else None
        return ListPage(
            tuple(rows),
            next=following,
            total=whole,
            pages=found.pages if whole is None and endpoint.first != 0 else None,
            says_empty=not rows,
        )

    def _following(self, step: _Step, endpoint: Endpoint) -> PageRequest | None:
        """The request for the next page; None where all is seen or the endpoint knows no page."""
        request, total, pages = step.request, step.total, step.found.pages
        at = int(request.carry[AT])
        if total is not None and step.seen >= total:
            return None
        last = pages is not None and at >= pages - (endpoint.first == 0)
        if not endpoint.pages:
            if last or (total is None and pages is None):
                return None
            paged = self._paged(endpoint, step.page, request)
            if paged is None:
                return self._by_its_scripts(endpoint, request)
            endpoint = paged
        ended = last if total is None else not step.new and at > 1
        if ended or at >= MAX_PAGES or at < 0:
            return self._page_zero(endpoint, request) if total is not None and at > 0 else None
        carry = {**request.carry, AT: str(at + 1), ASK: endpoint.dumped(), "page": str(at + 1)}
        following = replace(_request(request, "", carry), number=request.number + 1)
        return replace(_send(endpoint.numbered(at + 1), following), probe=total is None and pages is None)

    def _by_its_scripts(self, endpoint: Endpoint, request: PageRequest) -> PageRequest | None:
        """The page's script files, which may tell how a further page of the endpoint is asked for."""
        files = json.loads(request.carry.get(FILES, "[]"))
        if not files or request.number > 1:
            return None
        carry = {**request.carry, PLAIN: json.dumps([endpoint.dumped()]), MORE: "1"}
        own = replace(request, carry=carry, fallback=None)
        return self._chain((), files, Known(json.loads(request.carry[KNOWN])), own)

    def _page_zero(self, endpoint: Endpoint, request: PageRequest) -> PageRequest | None:
        """Rows are missing at the end: the endpoint may count its pages from 0."""
        if endpoint.first == 0 or "\ue000" not in endpoint.dumped():
            return None
        carry = {**request.carry, AT: "-1", ASK: replace(endpoint, first=0).dumped(), "page": "0"}
        following = replace(_request(request, "", carry), number=request.number + 1)
        return _send(endpoint.numbered(0), following)

    def _paged(self, endpoint: Endpoint, page: Page, request: PageRequest) -> Endpoint | None:
        """The same endpoint with a page's number, as its own answer shows it."""
        tree = parse_html(page.text)
        base = request.carry[PAGE_URL]
        known = Known.of_page(tree, page.text, base)
        for shown in shown_in_page(tree, page.text, base, known):
            if shown.pages and shown.url.partition("?")[0] == endpoint.url.partition("?")[0]:
                return shown
        return None


def _send(endpoint: Endpoint, request: PageRequest) -> PageRequest:
    """The request that asks an endpoint, with the page as Referer: some need it (portals.md §4.1)."""
    return replace(
        request,
        url=endpoint.url,
        method=endpoint.method,
        form=endpoint.form,
        json=endpoint.json,
        headers=(("Referer", request.carry[PAGE_URL]),),
    )


def _request(
    request: PageRequest, url: str, carry: dict[str, str], fallback: PageRequest | None = None
) -> PageRequest:
    """A plain request of the same list."""
    return PageRequest(
        url,
        number=request.number,
        publisher=request.publisher,
        part=request.part,
        settled=request.settled,
        fallback=fallback,
        carry=carry,
    )


def _told(text: str, request: PageRequest, known: Known) -> list[Endpoint]:
    """The endpoints that a script file names, and those of the page with the way in which it turns pages."""
    plain = [Endpoint.loaded(told) for told in json.loads(request.carry.get(PLAIN, "[]"))]
    return [*shown_in_script(text, request.carry[PAGE_URL], known), *with_paging(plain, text)]


def _of_address(url: str) -> Endpoint:
    """An endpoint whose address is known, its page parameter marked."""
    shown = shown_in_script(json.dumps(url), url, Known({}))
    return shown[0] if shown else Endpoint(url)


def is_report(row: Row) -> bool:
    """Whether a row is titled as a report, or may be."""
    reading = read_title(row.title)
    return reading.kind is TitleKind.REPORT or (reading.kind is TitleKind.UNKNOWN and reading.hinted)


def _key(endpoint: Endpoint) -> str:
    one = endpoint.numbered(1)
    return f"{one.method} {one.url} {one.form} {one.json}"


def _digest(row: Row) -> str:
    return sha256(row.url.encode()).hexdigest()[:10]


def _digests(rows: Sequence[Row]) -> str:
    return " ".join(sorted({_digest(row) for row in rows}))
