"""A list read to its end as the spider does it, with a function in the place of the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from archive.context import Role
from crawler.platforms import Platform
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest
from crawler.platforms.page import Page
from crawler.platforms.rows import Row
from crawler.portal import Column

MOST = 40  # requests; a list that wants more goes round
Server = Callable[[PageRequest], str | None]  # None: 404


@dataclass
class Followed:
    """What the list came to."""

    asked: list[PageRequest] = field(default_factory=list)
    pages: list[ListPage] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        return list({row.url: row for page in self.pages for row in page.rows}.values())

    @property
    def own(self) -> list[str]:
        """Addresses of the list's own rows, in the order in which they were met."""
        return list(dict.fromkeys(r.url for p in self.pages for r in p.rows if r.belongs is not False))


def follow(made: Platform, column: Column, server: Server) -> Followed:
    """Every page of the column's list; what cannot be read without another way to it is a trouble."""
    came = Followed()
    waiting = list(made.column_requests(column, []))
    assert all(request.role is Role.COLUMN for request in waiting)
    while waiting:
        request = waiting.pop(0)
        assert len(came.asked) < MOST, "the list has no end"
        came.asked.append(request)
        text = server(request)
        try:
            listed = None if text is None else made.read_list(Page(request.url, text), request, column)
            trouble = "404" if listed is None else listed.unseen
        except LayoutUnknownError as error:
            listed, trouble = None, str(error)
        if listed is not None:
            came.pages.append(listed)
            waiting += [*([listed.next] if listed.next else []), *listed.lists]
        elif request.fallback is not None:
            waiting.insert(0, request.fallback)
            continue
        came.troubles += [trouble] if trouble else []
    return came
