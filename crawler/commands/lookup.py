"""`scrapy lookup INDEX_NUMBER [-p PORTAL]`: finds a document by its 索引号.

The catalogue first; if it does not know the number, the portals' own index search, archived as it goes.
0  found    2  no CONTACT, or unknown portal    5  not found    10, 11  not found, a portal did not answer
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.command import NianbaoCommand
from crawler.exits import Exit
from crawler.stores import open_catalogue

if TYPE_CHECKING:
    from archive.warc.capture import Pointer


class Command(NianbaoCommand):
    """Prints each document that shows the number, with its evidence."""

    min_args = max_args = 1

    def syntax(self) -> str:
        return "INDEX_NUMBER [-p PORTAL]"

    def short_desc(self) -> str:
        return "按索引号查找 Find a document by its index number"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-p", "--portal", default="", metavar="PORTAL", help="只查该门户 this portal only"
        )

    def work(self, args: list[str], opts: argparse.Namespace) -> Exit:
        number = args[0].strip()
        if not any(char.isdigit() for char in number):
            raise UsageError(f"不像索引号 not an index number: {number}")
        if self._in_catalogue(number, opts.portal):
            return Exit.DONE
        return self._in_portals(number, opts.portal)

    def _in_catalogue(self, number: str, portal: str) -> bool:
        from sqlalchemy import or_, select

        from archive.catalogue.schema import capture, version
        from archive.warc.capture import Pointer
        from crawler.lookup import canonical

        assert self.settings is not None
        forms = {number, canonical(number)}
        query = (
            select(capture, version.c.title, version.c.index_number)
            .join(version, version.c.version == capture.c.version, isouter=True)
            .where(or_(version.c.index_number.in_(forms), capture.c.list_index_number.in_(forms)))
            .where(capture.c.status > 0)
            .order_by(capture.c.date.desc())
        )
        with open_catalogue(self.settings) as catalogue, catalogue.engine.connect() as connection:
            rows = list(connection.execute(query).mappings())
        shown: set[str] = set()
        for row in rows:
            if row["url"] in shown or (portal and row["portal"] != portal):
                continue
            shown.add(row["url"])
            pointer = Pointer(
                row["file"], row["offset"], row["length"], row["record_id"], row["payload_digest"]
            )
            show(number, row["title"] or row["list_title"] or "", row["url"], "目录库 catalogue", pointer)
        return bool(shown)

    def _in_portals(self, number: str, portal: str) -> Exit:
        from crawler.commands.crawl import chosen_portals
        from crawler.lookup import LookupSpider
        from crawler.process import run_spider

        assert self.settings is not None
        chosen_portals(self.settings, portal)
        crawler, code = run_spider(self.settings, LookupSpider, {"number": number, "portals": portal})
        spider = crawler.spider
        assert isinstance(spider, LookupSpider)
        for hit in spider.found.hits:
            show(number, hit.title, hit.url, f"门户检索 portal search: {hit.portal}", hit.pointer)
        for name, trouble in spider.found.troubles:
            sys.stderr.write(f"{name}: {trouble.words}\n")
        if spider.found.without_search:
            names = ", ".join(spider.found.without_search)
            sys.stderr.write(f"没有已知的索引号检索 no known index search: {names}\n")
        if spider.found.hits:
            return Exit.DONE
        sys.stderr.write(f"未找到 not found: {number}\n")
        return Exit.NOT_FOUND if code is Exit.DONE else code


def show(number: str, title: str, url: str, source: str, pointer: Pointer | None) -> None:
    """One document on stdout."""
    evidence = f"{pointer.file} @ {pointer.offset} {pointer.record_id}" if pointer else "—"
    sys.stdout.write(
        f"索引号 index number: {number}\n标题 title: {title}\n网址 url: {url}\n"
        f"来源 found in: {source}\n证据 evidence: {evidence}\n"
    )
