"""A small archive for the rebuild's tests: a county with one column, reports made from a seed's text.

The pages are the seed of one publisher with name and year replaced, so that reading and parsing are the real
ones. Days are crawl days: each has its run, its captures and its walk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.context import CrawlContext, Role, WalkRecord, WalkResult, WalkRow
from archive.warc.exchange import Exchange
from archive.warc.writer import ArchiveWriter

SEED = Path(__file__).parents[1] / "seeds" / "001_7841e5a45d261ac2.txt"
REGISTER = """
format: 1
provenance: made for a test
counties: [{code: "999901", name: 某县}]
publishers:
"""
TOWNS = ("甲", "乙", "丙", "丁", "戊", "己", "庚")


class FixedClock:
    """Stands still: the writer names its files by it."""

    name = "fixed for a test"

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


def register_file(folder: Path, *, towns: Sequence[str] = TOWNS) -> Path:
    """A county of towns named 示例甲镇 … with codes 999901-1 …"""
    rows = [
        f'  - {{code: 999901-{n}, county_code: "999901", official_name: 某县示例{town}镇人民政府,'
        " kind: township_government}\n"
        for n, town in enumerate(towns, start=1)
    ]
    path = folder / "county.yml"
    path.write_text(REGISTER + "".join(rows), encoding="utf-8")
    return path


def report_text(town: str, year: int, *, published: str | None, index: str | None = None) -> str:
    """The seed as the report of 示例{town}镇 for a year."""
    text = SEED.read_text("utf-8").replace("暨阳街道办事处", f"示例{town}镇人民政府")
    text = text.replace("暨阳街道", f"示例{town}镇").replace("我街道", "我镇").replace("2023年", f"{year}年")
    lines = text.splitlines()[2:]  # its own metadata rows
    lines[0] = f"发布机构: | 示例{town}镇人民政府 | 公开日期: | {published} |" if published else ""
    head = [f"索引号: | {index} |"] if index else []
    return "\n".join([*head, *lines]) + "\n"


def town_url(town: str, year: int) -> str:
    return f"http://www.example.gov.cn/nb/{TOWNS.index(town)}/{year}.htm"


@dataclass
class Day:
    """One crawl day: what is captured, and what its walk saw."""

    day: str
    captures: list[tuple[Exchange, CrawlContext]] = field(default_factory=list)
    rows: list[WalkRow] = field(default_factory=list)
    result: WalkResult = WalkResult.HEALTHY

    @property
    def start(self) -> datetime:
        return datetime.fromisoformat(self.day).replace(hour=1, tzinfo=UTC)

    def add(
        self,
        url: str,
        body: str | bytes,
        *,
        status: str = "200 OK",
        kind: str = "text/plain; charset=utf-8",
        role: Role = Role.REPORT,
        title: str = "",
        listed: bool = True,
        **context: str,
    ) -> None:
        payload = body.encode() if isinstance(body, str) else body
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(payload)}\r\n\r\n"
        moment = self.start + timedelta(seconds=len(self.captures))
        exchange = Exchange(
            "GET", url, f"GET {url} HTTP/1.1\r\n\r\n".encode(), head.encode() + payload, moment
        )
        self._keep(exchange, role, title, **context)
        if listed and role is Role.REPORT:
            self.rows.append(WalkRow(url=url, title=title or "年度报告"))

    def fail(self, url: str, outcome: str = "timeout", title: str = "") -> None:
        moment = self.start + timedelta(seconds=len(self.captures))
        self._keep(
            Exchange("GET", url, b"GET / HTTP/1.1\r\n\r\n", b"", moment, outcome=outcome), Role.REPORT, title
        )
        self.rows.append(WalkRow(url=url, title=title or "年度报告"))

    def report(self, town: str, year: int, *, published: str | None = None, text: str | None = None) -> None:
        published = published or f"{year + 1}-01-20"
        body = text or report_text(town, year, published=published)
        self.add(town_url(town, year), body, title=f"示例{town}镇{year}年政府信息公开工作年度报告")

    def _keep(self, exchange: Exchange, role: Role, title: str, **context: str) -> None:
        made = CrawlContext(
            portal="demo",
            platform="made",
            role=role,
            run=f"run {self.day}",
            column="nb",
            list_title=title or None,
            **context,
        )
        self.captures.append((exchange, made))

    def write(self, root: Path) -> None:
        with ArchiveWriter(root, clock=FixedClock(self.start), warcinfo={"isPartOf": "test"}) as writer:
            for exchange, context in self.captures:
                writer.write_exchange(exchange, context)
            writer.write_walk(self._walk())

    def _walk(self) -> WalkRecord:
        return WalkRecord(
            portal="demo",
            county_code="999901",
            column="nb",
            column_url="http://www.example.gov.cn/nb/",
            publishers=(),
            years=(),
            run=f"run {self.day}",
            started=self.start,
            ended=self.start + timedelta(minutes=5),
            pages=(),
            rows=tuple(self.rows),
            result=self.result,
            complete=self.result is WalkResult.HEALTHY,
            reason=None if self.result is WalkResult.HEALTHY else "for a test",
            adapter="made",
            adapter_version="1",
        )
