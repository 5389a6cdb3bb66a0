"""The real web's transport (portals.md §8): one crawl of hosts that play every row; bounded, and at home."""

from __future__ import annotations

import os
import re
import ssl
import time
import warnings
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive.context import WalkRecord
from crawler.held import Held
from crawler.platforms.links import absolute
from tests.crawler.crawling import ROOT, Ran, full_crawl, portal_file
from tests.crawler.hostile import Hostile
from tests.crawler.hostile_rows import ROWS
from tests.crawler.odd_server import OddServer, odd_server
from tests.crawler.test_tls import self_signed

CAP = 60
STRANGERS = {"oldtls", "oldstrict", "badname", "downward"}  # their base is https
BY_NAME = pytest.mark.parametrize("name", sorted(ROWS))


@dataclass(frozen=True)
class Crawled:
    ran: Ran
    servers: tuple[OddServer, ...]
    walks: dict[str, WalkRecord]
    seconds: float
    watched: list[tuple[str, str, str]]  # what, where to, port
    names: set[str]  # that were looked up

    def arrivals(self, name: str) -> list[float]:
        """When requests came to a row's hosts."""
        hosts = {f"{name}.test", *ROWS[name].hosts} - {"inside.test"}
        return sorted(a.at for server in self.servers for a in server.arrivals if a.host in hosts)


def contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server of today with a certificate for another name, and one that knows TLS 1.0 alone."""
    today, old = (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for _ in range(2))
    for context in (today, old):
        context.load_cert_chain(self_signed(folder))
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that it is old is why it is here
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1
    return today, old


def portal_files(folder: Path) -> None:
    for name, row in ROWS.items():
        changes: dict[str, object] = {
            "columns": [{"id": "nb", "name": "年报", "url": f"/{name}/", "kind": "reports"}],
            "allowed_hosts": [f"{name}.test", *row.hosts],
        }
        if row.tls:
            changes["tls"] = {"reason": "证书或套件不合", "profile": row.tls}
        if name in STRANGERS:
            changes["base_url"] = f"https://{name}.test/"
        if name in {"endless", "inside", "turnsin"}:
            changes["delay"] = None
        portal_file(folder, name, **changes)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("hostile")
    hostile, (today, old) = Hostile(), contexts(folder)
    portal_files(folder / "portals")
    hosts = hostile.hosts()
    with ExitStack() as stack:
        clear, modern, ancient = (
            stack.enter_context(odd_server(played))
            for played in (hosts, hostile.over_tls(), hostile.over_tls())
        )
        modern.socket = today.wrap_socket(modern.socket, server_side=True)
        ancient.socket = old.wrap_socket(ancient.socket, server_side=True)
        hostile.port = clear.port
        places = f"*={modern.port},oldtls.test={ancient.port},oldstrict.test={ancient.port}"
        settings = (
            "DOWNLOAD_DELAY=0",
            "DOWNLOAD_TIMEOUT=4",
            f"REQUESTS_PER_HOST_A_DAY={CAP}",
            "INSIDE_HOSTS=inside.test",
            f"TLS_PLACES={places}",
            f"WATCHED_NAMES={folder / 'names.log'}",
        )
        os.environ["WATCH_LOG"] = str(folder / "watch.log")
        stack.callback(os.environ.pop, "WATCH_LOG")
        began = time.monotonic()
        exempt = sorted(set(hosts) - {"inside.test"})
        ran = full_crawl(folder, clear.port, *exempt, settings=settings, module="tests.crawler.watched")
        seconds = time.monotonic() - began
    watched = [tuple(line.split(" ")) for line in (folder / "watch.log").read_text("utf-8").splitlines()]
    names = set((folder / "names.log").read_text("utf-8").split())
    return Crawled(ran, (clear, modern, ancient), ran.walks(), seconds, watched, names)  # type: ignore[arg-type]


@BY_NAME
def test_what_becomes_of_the_column(crawled: Crawled, name: str) -> None:
    row, walk = ROWS[name], crawled.walks[f"{name}/nb"]
    assert walk.result.value == row.result, (walk.reason, crawled.ran.err[-2000:])
    assert walk.complete == (row.result == "healthy"), walk.reason
    assert row.words in (walk.reason or "")


@BY_NAME
def test_what_it_costs(crawled: Crawled, name: str) -> None:
    """Requests that came to the row's hosts, robots.txt included, and the time from the first to the last."""
    row, arrivals = ROWS[name], crawled.arrivals(name)
    assert len(arrivals) <= row.requests
    assert bool(arrivals) == (row.requests > 0)
    if arrivals:
        assert arrivals[-1] - arrivals[0] <= row.seconds


@BY_NAME
def test_which_reports_are_held(crawled: Crawled, name: str) -> None:
    held = Held.of(crawled.ran.reader)
    hosts = {f"{name}.test", *ROWS[name].hosts}
    urls = {url for url in held.entries if urlsplit(url).hostname in hosts and url in held}
    pages = {url for url in urls if held.capture(url).payload.find("现公布本年度报告".encode()) > 0}
    assert len(pages) == (ROWS[name].reports or len(pages) * (name == "endless"))


def test_the_whole_takes_its_time_and_no_more(crawled: Crawled) -> None:
    assert crawled.seconds < 100
    assert sum(len(server.arrivals) for server in crawled.servers) < 350


def test_nothing_leaves_the_allow_list(crawled: Crawled) -> None:
    """Seen by the interpreter: each connection leads to a server of this test, and to no other address."""
    allowed = {f"{name}.test" for name in ROWS} | {host for row in ROWS.values() for host in row.hosts}
    assert crawled.names <= allowed, "no other name was even looked up"
    assert {"clone-mirror.com", "moved-on.test"}.isdisjoint(crawled.names)
    ports = {str(server.port) for server in crawled.servers}
    strays = [
        one
        for one in crawled.watched
        if one[0] == "connect" and (one[1], one[2]) not in {("127.0.0.1", port) for port in ports}
    ]
    assert not strays
    assert not [
        one for one in crawled.watched if one[0] == "look-up" and one[1] not in {"127.0.0.1", "localhost"}
    ]
    asked = {urlsplit(entry.url).hostname for entry in crawled.ran.captures() if entry.status}
    assert asked <= allowed - {"inside.test"}


def test_a_host_that_declines_is_not_asked_again(crawled: Crawled) -> None:
    for name, row in ROWS.items():
        if row.group == "declines" and name != "later":
            paths = Counter(crawled.servers[0].paths(f"{name}.test"))
            assert max(paths.values()) == 1, (name, paths)


def test_a_departure_in_tls_is_written_beside_its_answers(crawled: Crawled) -> None:
    said = {}
    for entry in crawled.ran.captures():
        if entry.status == 200 and urlsplit(entry.url).scheme == "https":
            block = crawled.ran.reader._records_from(entry.pointer)
            policy = re.search(rb"tls-policy: (\w+)", b"".join(record.block for record in block))
            said[urlsplit(entry.url).hostname] = policy and policy[1].decode()
    assert said == {"upward.test": "unverified", "oldtls.test": "legacy"}


def test_every_row_is_told_to_users() -> None:
    told = (ROOT / "docs" / "transport.md").read_text(encoding="utf-8")
    groups = set(re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE))
    assert groups == {row.group for row in ROWS.values()}


@pytest.mark.parametrize(
    ("href", "url"),
    [
        (
            "http://www.a.gov.cnhttp//www.a.gov.cn/x/1.html",
            "http://www.a.gov.cn/x/1.html",
        ),
        ("http://www.a.gov.cnhttps://www.a.gov.cn/x", "https://www.a.gov.cn/x"),
        ("/to?url=http://www.b.gov.cn/", "http://www.a.gov.cn/to?url=http://www.b.gov.cn/"),
        ("/x;jsessionid=A1.node2?id=1", "http://www.a.gov.cn/x?id=1"),
        ("/x?PHPSESSID=a1&id=1", "http://www.a.gov.cn/x?id=1"),
        ("/x?id=1&JSESSIONID=a1", "http://www.a.gov.cn/x?id=1"),
        ("/x?id=1&sessionid=", "http://www.a.gov.cn/x?id=1&sessionid="),
    ],
)
def test_addresses_are_mended(href: str, url: str) -> None:
    assert absolute("http://www.a.gov.cn/", href) == url
