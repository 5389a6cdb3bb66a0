"""gkmlpt, the catalogue of 广东集约化: `window._CONFIG` in the page, lists from an API with index numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

from archive.context import Role
from archive.index_number import canonical_form
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest, Sign, once
from crawler.platforms.gkmlpt_api import Answer, Config, Node, read_answer, read_config
from crawler.platforms.links import absolute
from crawler.platforms.nfcms import Nfcms
from crawler.platforms.page import Page
from crawler.platforms.rows import Row
from crawler.portal import Column, ColumnKind
from crawler.titles import TitleKind, read_title

AT = re.compile(r"^(?P<prefix>.*?)/gkmlpt(?:/|$)", re.IGNORECASE)
API = re.compile(r"/gkmlpt/api/all/(?P<category>\d+)", re.IGNORECASE)
PAGE_SIZE = 100  # rows of a page of the API, whatever the catalogue's own page shows


class Gkmlpt(Nfcms):
    """Recognise: `/gkmlpt/index#CATEGORY`, `/DEPARTMENT/gkmlpt/index`, `/gkmlpt/content/N/M/post_ID.html`,
    and in the page `window._CONFIG={SID:…,TREE:[…]}` (portals.md §4.4).

    The list is `/gkmlpt/api/all/CATEGORY?page=N&sid=SID`, JSON of 100 rows a page, `identifier` being the
    index number; page 0 is page 1, so counting starts at 1; some hosts know one page only and answer 404
    after it, which with a greater stated number is a walk not complete. Many hosts speak only http: portal
    files say so, and links of the same host follow the file. A category with `jump_url` stands in the NFCMS
    portal and is read there (class Nfcms). The category is the number after `#`; without it, the one named as
    the column is. The API takes no index number: a look-up reads the report columns and compares.
    """

    name = "gkmlpt"
    title = "gkmlpt（广东集约化目录）"
    signs = (
        Sign(re.compile(r"/gkmlpt/(?:index|content|api|search|guide|policy|mindex)"), "目录路径 /gkmlpt/"),
        Sign(re.compile(r"/gkmlpt(?:/|$)"), "路径 gkmlpt"),
    )

    @classmethod
    def column_of(cls, url: str) -> str | None:
        parts = urlsplit(url)
        found = AT.match(parts.path)
        if found is None:
            return super().column_of(url)
        # Which category it stands in is not in a document's address; the one named as the column is taken.
        return parts._replace(path=f"{found['prefix']}/gkmlpt/index", query="").geturl()

    def column_requests(self, column: Column, years: Sequence[int]) -> Iterator[PageRequest]:
        if column.kind in {ColumnKind.REPORTS, ColumnKind.CATALOGUE}:
            yield self._index_request(column, Role.COLUMN)
        else:
            yield from super().column_requests(column, years)

    def lookup_requests(self, index_number: str) -> Iterator[PageRequest]:
        """The report columns, whose rows show their index numbers: the one asked for is the hit."""
        for column in self.portal.columns:
            if column.kind in {ColumnKind.REPORTS, ColumnKind.CATALOGUE} and AT.match(column.url):
                asked = self._index_request(column, Role.LOOKUP)
                yield replace(asked, carry={**asked.carry, "number": index_number})

    def _index_request(self, column: Column, role: Role) -> PageRequest:
        url, fragment = urldefrag(self.portal.absolute(column.url))
        category = column.options.get("category") or (fragment if fragment.isdigit() else "")
        return PageRequest(url, role=role, carry={"category": category, "name": column.name})

    # --- reading -----------------------------------------------------------------------------------------

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        if request.carry.get("api") or API.search(urlsplit(page.url).path):
            return self._read_answer(page, request)
        if not AT.match(urlsplit(page.url).path):
            return super().read_list(page, request, column)  # a category that lives in the portal
        config = read_config(page.text)
        if config is None:
            raise LayoutUnknownError("目录页没有 window._CONFIG the catalogue's page has no window._CONFIG")
        if request.carry.get("static"):
            raise LayoutUnknownError("目录接口没有回答 the catalogue's API did not answer")
        category = request.carry.get("category") or self._named(
            config, request.carry.get("name", column.name)
        )
        node = config.node(category)
        if node is not None and (away := self._jump(page.url, node)):
            if request.role is Role.LOOKUP:
                return ListPage((), says_empty=True)  # pages of the portal show no index number
            return ListPage((), replace(away, fallback=replace(request, carry={"static": "1"})))
        return ListPage((), self._first(page.url, request, config, category))

    def attachments(self, page: Page) -> list[tuple[str, str]]:
        """The page's links, then what only the page's data names (`_CONFIG.DETAIL`)."""
        found = {self.identity(url): name for url, name in super().attachments(page)}
        config = read_config(page.text)
        for href, name in config.files if config else ():
            if url := absolute(page.url, href):
                url = self.identity(url)
                found[url] = found.get(url) or name
        return list(found.items())

    def _named(self, config: Config, name: str) -> str:
        """The category with the column's name, else the only one that is named as annual reports are."""
        nodes = list(config.nodes())
        for wanted in (
            [node for node in nodes if node.name == name],
            [node for node in nodes if read_title(node.name).kind is TitleKind.REPORT],
        ):
            if len(wanted) == 1:
                return wanted[0].id
        known = "、".join(f"{node.name} #{node.id}" for node in nodes[:30])
        raise LayoutUnknownError(
            f"不知是哪个目录，请在栏目网址后写 #编号 write #ID behind the column's URL: {known}"
        )

    def _jump(self, base: str, node: Node) -> PageRequest | None:
        """A category that stands elsewhere: its page there, unless that is the catalogue again."""
        url = absolute(base, node.jump_url) if node.jump_url else None
        if url is None or AT.match(urlsplit(url).path):
            return None
        return PageRequest(self.identity(url), carry={})

    def _first(self, base: str, request: PageRequest, config: Config, category: str) -> PageRequest:
        """The API's first page. Where the site lies below a folder, its API does too; else at the root."""
        found = AT.match(urlsplit(base).path)
        prefix = found["prefix"] if found else ""
        node = config.node(category)
        below = [[child.id, child.jump_url or ""] for child in node.children] if node else []
        carry = {
            "api": "1",
            "page": "1",
            "static": request.carry.get("again", ""),
            "below": json.dumps(below) if below else "",
            "number": request.carry.get("number", ""),
        }
        asked = [
            PageRequest(
                _api(base, at, category, 1, config.sid),
                role=Role.LOOKUP if request.role is Role.LOOKUP else Role.LIST,
                number=request.number,
                part=request.part,
                carry=carry,
            )
            for at in dict.fromkeys((prefix, ""))
        ]
        last = replace(request, carry={**request.carry, "static": "1"})
        for candidate in reversed(asked):
            last = replace(candidate, fallback=last)
        return last

    def _read_answer(self, page: Page, request: PageRequest) -> ListPage:
        answer = read_answer(page, f"{page.url.partition('/gkmlpt/')[0]}/gkmlpt")
        here = int(request.carry.get("page") or 1)
        rows = tuple(once(self._known(row) for row in answer.rows))
        if wanted := request.carry.get("number"):
            shown = canonical_form(wanted)
            rows = tuple(row for row in rows if canonical_form(row.index_number or "") == shown)
        if here == 1 and not answer.entries and (below := tuple(self._below(page, request, answer))):
            return ListPage((), lists=below)
        size = max(answer.entries, int(request.carry.get("size") or 0)) or PAGE_SIZE
        pages = -(-answer.total // size) if answer.total is not None else None
        following = None
        if answer.entries and (here < pages if pages is not None else answer.entries >= PAGE_SIZE):
            following = replace(
                request,
                url=re.sub(r"([?&]page=)\d+", rf"\g<1>{here + 1}", page.url),
                number=request.number + 1,
                probe=pages is None,
                fallback=None,
                carry={
                    **request.carry,
                    "api": "1",
                    "page": str(here + 1),
                    "size": str(size),
                    "pages": str(pages or ""),
                },
            )
        return ListPage(
            rows,
            following,
            total=answer.total,
            pages=pages,
            says_empty=not answer.entries and not answer.total,
        )

    def _known(self, row: Row) -> Row:
        """The row under the addresses that will be asked for."""
        files = tuple((self.identity(url), name) for url, name in row.files)
        return replace(row, url=self.identity(row.url), files=files)

    def _below(self, page: Page, request: PageRequest, answer: Answer) -> Iterator[PageRequest]:
        """A category without rows of its own: its jump, else the categories below it, each a list."""
        if answer.jump_url and (away := self._jump(page.url, Node("", "", answer.jump_url))):
            yield replace(away, part=away.url)
            return
        for category, jump_url in json.loads(request.carry.get("below") or "[]"):
            if jump_url and (away := self._jump(page.url, Node(category, "", jump_url))):
                yield replace(away, part=away.url)
            else:
                url = API.sub(f"/gkmlpt/api/all/{category}", page.url)
                carry = {"api": "1", "page": "1", "number": request.carry.get("number", "")}
                yield replace(request, url=url, part=category, number=1, fallback=None, carry=carry)


def _api(base: str, prefix: str, category: str, number: int, sid: str | None) -> str:
    query = urlencode([("page", str(number)), *([("sid", sid)] if sid else [])])
    return urljoin(base, f"{prefix}/gkmlpt/api/all/{category}?{query}")
