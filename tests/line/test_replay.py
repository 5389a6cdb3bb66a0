"""A WARC that only we can read proves nothing: pywb replays the archive, by its own index and by ours."""

from __future__ import annotations

import gzip
import http.client
import os
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.clock import SHANGHAI
from archive.warc.reader import ArchiveReader
from tests.archive.warc_making import MORNING, context, exchange, walk, writer
from tests.line.conftest import Line
from tests.portals.planted import DAYS, HOSTS
from tests.portals.rehearse import server

PORTAL = "zhuji"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def wayback(program: Path, folder: Path) -> Iterator[str]:
    """pywb over the collections of `folder`, on loopback; its base URL."""
    port = free_port()
    # pywb's dependencies import what the offline hook forbids to look up; it is watched by its own address.
    command = [str(program), "--bind", "127.0.0.1", "-p", str(port), "-d", str(folder)]
    with (folder / "pywb.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=quiet(), stdout=log, stderr=log)
        try:
            for _ in range(100):
                with socket.socket() as knock:
                    if knock.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.2)
            else:
                raise AssertionError((folder / "pywb.log").read_text())
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def quiet() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}


def collect(archive: Path, folder: Path, name: str, wb_manager: Path | None) -> None:
    """A pywb collection of an archive: indexed by `wb_manager`, or with our own index as it lies there."""
    collection = folder / "collections" / name
    (collection / "archive").mkdir(parents=True)
    (collection / "indexes").mkdir()
    for warc in archive.rglob("*.warc.gz"):
        shutil.copy(warc, collection / "archive" / warc.name)
    if wb_manager is None:
        lines = [line for path in archive.rglob("*.cdxj") for line in path.read_bytes().splitlines(True)]
        (collection / "indexes" / "index.cdxj").write_bytes(b"".join(sorted(lines)))
        return
    manage(wb_manager, folder, "reindex", name)


def manage(wb_manager: Path, folder: Path, *arguments: str) -> None:
    """A command of pywb's manager in `folder`."""
    done = subprocess.run(
        [str(wb_manager), *arguments],
        cwd=folder,
        env=quiet(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Answer:
    """What somebody answers for a URL: the body with its content coding undone."""

    status: int
    body: bytes
    location: str | None


def answer_of(response: http.client.HTTPResponse) -> Answer:
    body = response.read()
    if response.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return Answer(response.status, body, response.headers.get("Location"))


def replayed(base: str, name: str, url: str, date: datetime) -> Answer:
    """What pywb answers for a capture, not rewritten; no redirect is followed."""
    host = base.removeprefix("http://")
    with closing(http.client.HTTPConnection(host, timeout=20)) as connection:
        connection.request("GET", f"/{name}/{date:%Y%m%d%H%M%S}id_/{url}")
        return answer_of(connection.getresponse())


@dataclass(frozen=True)
class Asked:
    """A request as it went over the wire, read by warcio."""

    url: str
    date: datetime
    sent: bytes


def requests_of(archive: Path) -> Iterator[Asked]:
    for path in sorted(archive.rglob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, no_record_parse=True):
                if record.rec_type == "request":
                    url, date = map(record.rec_headers.get_header, ("WARC-Target-URI", "WARC-Date"))
                    yield Asked(url, datetime.fromisoformat(date), record.raw_stream.read())


def served(asked: Asked, port: int) -> Answer:
    """What the sample server sends for that very request, were nothing held."""
    head, _, body = asked.sent.partition(b"\r\n\r\n")
    conditions = (b"if-none-match", b"if-modified-since", b"connection")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(conditions)]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(b"\r\n".join([*lines, b"Connection: close", b"", body]))
        response = http.client.HTTPResponse(wire)
        response.begin()
        return answer_of(response)


@pytest.fixture(scope="module")
def replay(
    line: Line,
    revisited: Path,
    optional_tool: Callable[[str], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """One pywb over the season and the revisits, each indexed by pywb and by us, and over a WACZ."""
    folder, manager = tmp_path_factory.mktemp("pywb"), optional_tool("wb-manager")
    for name, archive in (("season", line.archive), ("revisits", revisited)):
        collect(archive, folder, f"{name}-by-pywb", manager)
        collect(archive, folder, f"{name}-by-us", None)
    packed = folder / "portal.wacz"
    done = line.scrapy("wacz", str(packed), "--portal", PORTAL, "--from", str(DAYS[1]))
    assert done.returncode == 0, done.stderr
    for part in ("archive", "indexes"):
        (folder / "collections" / "wacz" / part).mkdir(parents=True)
    manage(manager, folder, "add", "--unpack-wacz", "wacz", str(packed))
    with wayback(optional_tool("wayback"), folder) as base:
        yield base


def test_pywb_replays_every_answer_as_it_was_served(line: Line, replay: str) -> None:
    """Whole portals, all three days: pages, lists, attachments, robots.txt; revisits of both kinds."""
    compared: Counter[int] = Counter()
    asked = list(requests_of(line.archive))
    not_modified = {(e.url, e.date) for e in ArchiveReader(line.archive).entries() if e.status == 304}
    for day in DAYS:
        with server(day) as port:
            for one in (one for one in asked if one.date.astimezone(SHANGHAI).date() == day):
                told = served(one, port)
                assert replayed(replay, "season-by-us", one.url, one.date) == told, one.url
                if (one.url, one.date) not in not_modified:  # by its own index pywb shows a 304 as a 304
                    assert replayed(replay, "season-by-pywb", one.url, one.date) == told, one.url
                compared[told.status] += 1
    assert compared[200] > 200
    assert not_modified


def test_pywb_replays_an_exported_portal(line: Line, replay: str) -> None:
    """A WACZ of later days alone: what its revisits repeat came along, and its index is enough."""
    later = [one for one in requests_of(line.archive) if one.url.startswith(f"http://{HOSTS[PORTAL]}/")]
    later = [one for one in later if one.date.astimezone(SHANGHAI).date() >= DAYS[1]]
    assert len(later) > 20
    for one in later:
        assert replayed(replay, "wacz", one.url, one.date) == replayed(
            replay, "season-by-us", one.url, one.date
        ), one.url


@pytest.fixture(scope="module")
def revisited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages asked for twice: the same again (gzip), the same elsewhere, not modified, changed; and a DOM."""
    root = tmp_path_factory.mktemp("revisited") / "archive"
    head = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nETag: "1"\r\n\r\n'
    host = "http://www.example.gov.cn"
    later = MORNING + timedelta(days=3)
    with writer(root) as archive:
        for name in ("same", "elsewhere", "unmodified", "changed"):
            page = head + gzip.compress(f"<p>{name}".encode(), mtime=0)
            archive.write_exchange(exchange(f"{host}/{name}", response=page), context())
            original = ArchiveReader(root).find(f"{host}/{name}")[0].as_original
            if name == "unmodified":
                page = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
            elif name == "changed":
                page = head + gzip.compress(b"<p>another", mtime=0)
            url = f"{host}/{'copy' if name == 'elsewhere' else name}"
            again = archive.write_exchange(
                exchange(url, response=page, started=later), context(), refers_to=original
            )
            archive.write_context(url, context())
        broken = exchange(f"{host}/same", response=b"\0no HTTP", started=later + timedelta(hours=1))
        archive.write_exchange(broken, context())
        for hop, (status, to) in enumerate(((b"301 Moved", b"/hop-1"), (b"302 Found", b"/same"))):
            moved = b"HTTP/1.1 %s\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % (status, host.encode() + to)
            archive.write_exchange(exchange(f"{host}/hop-{hop}", response=moved), context())
        archive.write_conversion(f"{host}/changed", b"<p>DOM", of=again, context=context())
        archive.write_walk(walk())
    return root


def test_pywb_replays_revisits(revisited: Path, replay: str) -> None:
    captures = [capture for capture in ArchiveReader(revisited).captures() if capture.status]
    assert sum(capture.original is not None for capture in captures) == 3
    for capture in captures:
        told = Answer(capture.status, capture.payload, capture.header("Location"))
        assert replayed(replay, "revisits-by-us", capture.url, capture.date) == told, capture.url
        if not capture.not_modified:
            assert replayed(replay, "revisits-by-pywb", capture.url, capture.date) == told, capture.url


def test_bytes_that_are_no_answer_never_stand_in_for_the_page(revisited: Path, replay: str) -> None:
    broken = next(capture for capture in ArchiveReader(revisited).captures() if not capture.status)
    for name in ("revisits-by-us", "revisits-by-pywb"):
        assert replayed(replay, name, broken.url, broken.date).body == b"<p>same"


def test_pywb_replays_redirects(revisited: Path, replay: str) -> None:
    """Each hop is a capture of its own, and leads to the next."""
    redirects = [capture for capture in ArchiveReader(revisited).captures() if capture.status in (301, 302)]
    assert len(redirects) == 2
    for name in ("revisits-by-us", "revisits-by-pywb"):
        hops = [replayed(replay, name, hop.url, hop.date) for hop in redirects]
        assert [(hop.status, hop.location) for hop in hops] == [
            (hop.status, hop.header("Location")) for hop in redirects
        ]
        assert hops[1].location is not None
        assert replayed(replay, name, hops[1].location, redirects[1].date).body == b"<p>same"


@pytest.mark.parametrize("command", [["warcio", "check"], ["cdxj-indexer"]])
def test_other_tools_read_every_file(
    line: Line, revisited: Path, optional_tool: Callable[[str], Path], command: list[str]
) -> None:
    files = [str(path) for root in (line.archive, revisited) for path in root.rglob("*.warc.gz")]
    done = subprocess.run(
        [str(optional_tool(command[0])), *command[1:], *files],
        env=quiet(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if command[0] == "warcio":
        assert done.stdout == ""
    else:
        assert done.stdout.count('"mime": "warc/revisit"') >= 3
