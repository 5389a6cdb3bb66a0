"""The index search: `trssearchform` of govsearch, or IGS (portals.md §7).

Installations differ in whether the form offers `indexid`, so its `<select>` is read first; where it does not,
the number is looked for in everything, and a hit counts only if its page shows the number.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.context import Role
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest
from crawler.platforms.links import absolute, with_query
from crawler.platforms.page import Page
from crawler.platforms.rows import parse_html

COLUMN = "searchColumn"
CHOICES = ("indexid", "all")  # of the select, the surest first


def search_requests(url: str, number: str) -> Iterator[PageRequest]:
    """What a search at `url` (the portal file's lookup_url) starts with."""
    path = urlsplit(url).path
    if "/igs/front/search" in path:
        # `IdxID` is confirmed as a field of the answer; that it can be filtered by is not (portals.md §7).
        changes = [("pageNumber", "1"), ("pageSize", "10"), ("filter[IdxID]", number)]
        yield PageRequest(with_query(url, changes), role=Role.LOOKUP)
    elif "/govsearch/jsonp/" in path:
        changes = [("page", "1"), (COLUMN, "indexid"), ("sword", number)]
        yield PageRequest(with_query(url, changes), role=Role.LOOKUP)
    else:
        yield PageRequest(url, role=Role.LOOKUP, carry={"kind": "form", "number": number})


def read_form(page: Page, request: PageRequest) -> ListPage:
    """The page with the form: no rows, the search itself as next. Raises LayoutUnknownError without one."""
    form = next(filter(_is_search, parse_html(page.text).iter("form")), None)
    if form is None:
        raise LayoutUnknownError(f"没有信息公开检索表单 no govsearch form on the page: {page.url}")
    fields = {
        field.get("name"): field.get("value") or "" for field in form.iter("input") if field.get("name")
    }
    offered = form.xpath(".//select[@name=$name]//option/@value", name=COLUMN)
    choice = next((choice for choice in CHOICES if choice in offered), None)
    if choice is None:
        names = ", ".join(map(str, offered)) or "无 none"
        raise LayoutUnknownError(f"检索表单没有索引号一项 the form offers no index number, only: {names}")
    fields |= {COLUMN: choice, "sword": request.carry["number"]}
    fields.setdefault("searchYear", "all")
    target = absolute(page.url, form.get("action")) or page.url
    asked = PageRequest(target, role=Role.LOOKUP, number=request.number + 1, carry={"kind": "hits"})
    if (form.get("method") or "").lower() == "get":
        return ListPage((), with_get(asked, fields))
    return ListPage((), with_post(asked, fields))


def with_get(request: PageRequest, fields: dict[str, str]) -> PageRequest:
    return PageRequest(
        with_query(request.url, fields.items()), role=request.role, number=request.number, carry=request.carry
    )


def with_post(request: PageRequest, fields: dict[str, str]) -> PageRequest:
    return PageRequest(
        request.url,
        role=request.role,
        number=request.number,
        method="POST",
        form=tuple(fields.items()),
        carry=request.carry,
    )


def _is_search(form: HtmlElement) -> bool:
    named = (form.get("name") or form.get("id") or "").lower() == "trssearchform"
    return named or "/govsearch/" in (form.get("action") or "")
