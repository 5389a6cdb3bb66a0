"""The sample server as a process: what it serves on which day, how it declines, what it logs, how it ends."""

from __future__ import annotations

import gzip
import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings
from twisted.internet.address import IPv4Address

from tests.portals import planted
from tests.portals.planted import DAYS, NOTICES, REPORTS
from tests.portals.rehearse import ROOT, StageError, fresh, server
from tests.portals.resolver import SampleResolver
from tests.portals.sites import SITES

CHARSET = {cls.portal: cls.charset for cls in SITES}


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """One kept-alive connection to the server, for any of its hosts."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def get(
        self, host: str, path: str, headers: dict[str, str] | None = None, body: str | None = None
    ) -> Answer:
        method = "POST" if body is not None else "GET"
        self.connection.request(method, path, body=body, headers={"Host": host, **(headers or {})})
        response = self.connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())

    def text(self, portal: str, path: str) -> str:
        return self.get(planted.HOSTS[portal], path).body.decode(CHARSET[portal])


@contextmanager
def client(today: date, log: Path | None = None, decline: tuple[str, ...] = ()) -> Iterator[Client]:
    with server(today, log=log, decline=decline) as port:
        talking = Client(port)
        try:
            yield talking
        finally:
            talking.connection.close()


@pytest.fixture(scope="module")
def by_day() -> Iterator[dict[date, Client]]:
    with client(DAYS[0]) as one, client(DAYS[1]) as two, client(DAYS[2]) as three:
        yield dict(zip(DAYS, (one, two, three), strict=True))


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("portal", planted.HOSTS)
def test_everything_is_served_from_its_day_on_and_not_before(
    by_day: dict[date, Client], portal: str, day: date
) -> None:
    later = 0
    for entry in (e for e in (*REPORTS, *NOTICES) if e.portal == portal):
        answer = by_day[day].get(planted.HOSTS[portal], entry.path)
        shown = entry.title in answer.body.decode(CHARSET[portal])
        assert shown is (entry.first_served <= day), entry.path
        later += not shown
        if portal != "dongzhi":  # whose dead pages answer 200
            assert answer.status == (200 if shown else 404)
    assert (later > 0) is ((portal, day) in {("zhuji", DAYS[0]), ("changji", DAYS[0]), ("changji", DAYS[1])})


def test_a_replaced_report_shows_other_numbers_under_the_same_address(by_day: dict[date, Client]) -> None:
    report = next(r for r in REPORTS if r.replaced_on)
    texts = [by_day[day].text(report.portal, report.path) for day in DAYS]
    assert texts[0] != texts[1] == texts[2]
    for text, day in zip(texts, DAYS, strict=True):
        assert f">{report.cells(day)['applications']['new_received']['total']}<" in text


def test_robots_in_five_ways(by_day: dict[date, Client]) -> None:
    answers = {portal: by_day[DAYS[0]].get(host, "/robots.txt") for portal, host in planted.HOSTS.items()}
    assert answers["zhangshu"].status == 404
    assert answers["dongzhi"].status == 200
    assert answers["dongzhi"].body.startswith(b"<!DOCTYPE html>")
    for portal in ("zhuji", "changji", "laishui"):
        assert answers[portal].status == 200
        assert answers[portal].headers["content-type"] == "text/plain"
        assert b"User-agent: *" in answers[portal].body


def test_a_declining_host_says_412_to_everything_and_the_others_go_on(tmp_path: Path) -> None:
    with client(DAYS[0], decline=("changji.test",)) as talking:
        for path in ("/robots.txt", "/", planted.column("changji", "nb").path):
            assert talking.get("changji.test", path).status == 412
        assert talking.get("zhuji.test", planted.column("zhuji", "nb").path).status == 200


def test_an_unchanged_page_answers_304(by_day: dict[date, Client]) -> None:
    path = planted.column("laishui", "nb").path
    first = by_day[DAYS[0]].get("laishui.test", path)
    again = by_day[DAYS[0]].get("laishui.test", path, {"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    changed = by_day[DAYS[0]].get("laishui.test", path, {"If-None-Match": '"other"'})
    assert changed == first._replace(headers=changed.headers)


def test_hanweb_zips_where_it_may(by_day: dict[date, Client]) -> None:
    path = planted.column("zhuji", "nb").path
    plain = by_day[DAYS[0]].get("zhuji.test", path)
    zipped = by_day[DAYS[0]].get("zhuji.test", path, {"Accept-Encoding": "gzip, deflate"})
    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body


def test_gbk_is_named_only_in_the_page(by_day: dict[date, Client]) -> None:
    answer = by_day[DAYS[0]].get("changji.test", planted.column("changji", "nb").path)
    assert answer.headers["content-type"] == "text/html"
    assert b"charset=gb2312" in answer.body
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")


def test_an_unknown_host_is_nobody(by_day: dict[date, Client]) -> None:
    assert by_day[DAYS[0]].get("example.test", "/").status == 404


def test_the_log_tells_each_arrival(tmp_path: Path) -> None:
    log = tmp_path / "arrivals.jsonl"
    with client(DAYS[0], log=log) as talking:
        talking.get("zhuji.test", "/robots.txt")
        talking.get("zhuji.test", "/module/web/jpage/dataproxy.jsp?page=2", body="")
        talking.get("laishui.test", "/nowhere")
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [(x["host"], x["method"], x["path"], x["status"]) for x in lines] == [
        ("zhuji.test", "GET", "/robots.txt", 200),
        ("zhuji.test", "POST", "/module/web/jpage/dataproxy.jsp?page=2", 200),
        ("laishui.test", "GET", "/nowhere", 404),
    ]
    assert [x["monotonic"] for x in lines] == sorted(x["monotonic"] for x in lines)
    assert all(x["wall"].endswith("+00:00") for x in lines)


def test_it_listens_on_loopback_says_so_and_ends_on_sigterm(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    command = [sys.executable, "-m", "tests.portals.serve", "--port", "0", "--today", "2026-01-28"]
    process = subprocess.Popen(
        [*command, "--ready-file", str(ready)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        line = process.stdout.readline()
        port = int(ready.read_text("ascii"))
        assert line == f"sample portals ready on 127.0.0.1:{port} today 2026-01-28\n"
        sockets = Path(f"/proc/{process.pid}/net/tcp")
        if sockets.exists():  # Linux: the local address in hexadecimal
            assert f"0100007F:{port:04X}" in sockets.read_text("ascii")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_host_that_it_does_not_play_cannot_decline() -> None:
    command = [sys.executable, "-m", "tests.portals.serve", "--port", "0", "--today", "2026-01-28"]
    done = subprocess.run(
        [*command, "--decline", "zuji.test"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "unknown host: zuji.test" in done.stderr


class Received:
    """What a resolver tells of one look-up."""

    def __init__(self) -> None:
        self.addresses: list[object] = []
        self.complete = False

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802 - Twisted's names
        assert not self.complete

    def addressResolved(self, address: object) -> None:  # noqa: N802
        self.addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


@pytest.mark.parametrize("name", [*planted.HOSTS.values(), "ZHUJI.test"])
def test_the_five_names_resolve_to_the_server(name: str) -> None:
    received = Received()
    SampleResolver(None, 18080).resolveHostName(received, name, 80)
    assert received.addresses == [IPv4Address("TCP", "127.0.0.1", 18080)]
    assert received.complete


@pytest.mark.parametrize(
    "name", ["www.zhuji.gov.cn", "zhuji.test.example.com", "other.test", "localhost", ""]
)
def test_no_other_name_resolves(name: str) -> None:
    received = Received()
    SampleResolver(None, 18080).resolveHostName(received, name, 80)
    assert received.addresses == []
    assert received.complete


def test_the_resolver_wants_the_servers_port() -> None:
    crawler = SimpleNamespace(settings=Settings({"SAMPLE_PORT": 0}))
    with pytest.raises(UsageError, match="SAMPLE_PORT"):
        SampleResolver.from_crawler(crawler, None)


def test_a_rehearsal_empties_only_its_own_folder(tmp_path: Path) -> None:
    mine = tmp_path / "sample"
    fresh(mine)
    (mine / "warc").mkdir()
    fresh(mine)
    assert not (mine / "warc").exists()
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("a year's work", encoding="ascii")
    with pytest.raises(StageError, match="other"):
        fresh(other)
    assert (other / "thesis.txt").exists()
