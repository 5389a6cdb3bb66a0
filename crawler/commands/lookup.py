"""`scrapy lookup INDEX_NUMBER [-p PORTAL]`: finds a document by its 索引号.

The catalogue first; if it does not know the number, the portals' own index search, archived as it goes.
0  found    2  no CONTACT, or unknown portal    5  not found    10, 11  not found, a portal did not answer
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.command import NianbaoCommand
from crawler.exits import Exit
from crawler.stores import open_catalogue

if TYPE_CHECKING:
    from archive.index_number import IndexNumber, Shown
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
        from archive.index_number import parse_index_number

        number = parse_index_number(args[0].strip())
        if number is None:
            raise UsageError(f"不像索引号 not an index number: {args[0].strip()}")
        found = self._in_catalogue(number, opts.portal)
        code = Exit.DONE
        if not found:
            found, code = self._in_portals(number, opts.portal)
        sys.stdout.writelines(mirror_lines(number, found))
        return code

    def _in_catalogue(self, number: IndexNumber, portal: str) -> list[Shown]:
        """What the catalogue holds under the number, however it is spelt there."""
        from sqlalchemy import or_, select

        from archive.catalogue.schema import capture, version
        from archive.index_number import Shown, canonical_form
        from archive.warc.capture import Pointer

        assert self.settings is not None
        like = f"%{number.canonical[-4:]}%"  # narrowed by SQL, decided by the canonical form
        query = (
            select(capture, version.c.title, version.c.index_number)
            .join(version, version.c.version == capture.c.version, isouter=True)
            .where(or_(version.c.index_number.like(like), capture.c.list_index_number.like(like)))
            .where(capture.c.status > 0)
            .order_by(capture.c.date.desc())
        )
        with open_catalogue(self.settings) as catalogue, catalogue.engine.connect() as connection:
            rows = list(connection.execute(query).mappings())
        shown: dict[str, Shown] = {}
        for row in rows:
            printed = filter(None, (row["index_number"], row["list_index_number"]))
            if number.canonical not in map(canonical_form, printed):
                continue
            if row["url"] in shown or (portal and row["portal"] != portal):
                continue
            title = row["title"] or row["list_title"] or ""
            shown[row["url"]] = Shown(row["url"], title, number.raw)
            pointer = Pointer(
                row["file"], row["offset"], row["length"], row["record_id"], row["payload_digest"]
            )
            show(number, title, row["url"], "目录库 catalogue", pointer)
        return list(shown.values())

    def _in_portals(self, number: IndexNumber, portal: str) -> tuple[list[Shown], Exit]:
        from archive.index_number import Shown
        from crawler.commands.crawl import chosen_portals
        from crawler.lookup import LookupSpider
        from crawler.numbers import Outcome
        from crawler.process import run_spider

        assert self.settings is not None
        chosen_portals(self.settings, portal)
        crawler, code = run_spider(self.settings, LookupSpider, {"number": number.raw, "portals": portal})
        spider = crawler.spider
        assert isinstance(spider, LookupSpider)
        shown: list[Shown] = []
        for search in spider.found:
            for hit in search.hits:
                shown.append(Shown(hit.url, hit.title, number.raw))
                show(number, hit.title, hit.url, f"门户检索 portal search: {hit.portal}", hit.pointer)
            if told := search.words():
                sys.stderr.write(f"{search.portal}: {told}\n")
        without = [search.portal for search in spider.found if search.outcome is Outcome.NO_SEARCH]
        if without:
            sys.stderr.write(f"没有已知的索引号检索 no known index search: {', '.join(without)}\n")
        if not shown:
            sys.stderr.write(f"未找到 not found: {number.raw}\n")
        return shown, code


def mirror_lines(number: IndexNumber, shown: Sequence[Shown]) -> Iterator[str]:
    """Facts about what was found: a mirror (one number, one title, two hosts), a placeholder prefix."""
    from archive.index_number import mirrors

    for group in mirrors(shown):
        urls = " ".join(one.url for one in group)
        yield f"镜像 mirror: {len(group)} 个主机同一索引号、同一标题 one number and title on them: {urls}\n"
    if number.is_default:
        yield "前段是系统默认值，不指任何单位 the prefix is an installation's default and names no body\n"


def show(number: IndexNumber, title: str, url: str, source: str, pointer: Pointer | None) -> None:
    """One document on stdout."""
    evidence = f"{pointer.file} @ {pointer.offset} {pointer.record_id}" if pointer else "—"
    sys.stdout.write(
        f"索引号 index number: {number.raw}\n标题 title: {title}\n网址 url: {url}\n"
        f"来源 found in: {source}\n证据 evidence: {evidence}\n"
    )
