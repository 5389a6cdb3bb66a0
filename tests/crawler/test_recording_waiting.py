"""What waits for its host waits in the scheduler: one request of each host is under way, hosts in turn."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

from tests.crawler.raw_server import KEEP, Answer, RawServer
from tests.crawler.test_recording import crawl, sized
from tests.portals.planted import HOSTS

NAMES = sorted(HOSTS.values())[:3]
PAGES = 30
SHIPPED = {
    "CONCURRENT_REQUESTS": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "SCHEDULER_PRIORITY_QUEUE": "crawler.waiting.HostQueue",
    "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
    "GUARD_EXEMPT_HOSTS": NAMES,
    "EXTENSIONS": {"crawler.recording.ArchiveExtension": 10, "crawler.timers.TimerSweep": 20},
}


def test_one_request_of_each_host_is_under_way_and_none_is_forgotten(tmp_path: Path) -> None:
    paths = {f"/{number}": [Answer([sized(b"page")], KEEP)] for number in range(PAGES)}
    paths["/from"] = [Answer([sized(b"", "Location: /0", status="302 Found")])]
    paths["/busy"] = [Answer([sized(b"busy", status="503 Busy")]), Answer([sized(b"now")])]
    pages = [f"/{number}" for number in range(PAGES)]
    asked = [{"url": f"http://{name}{path}"} for name in NAMES for path in (*pages, "/from", "/busy")]
    with RawServer(paths) as server:
        said, summary = crawl(tmp_path / "archive", asked, SAMPLE_PORT=server.port, **SHIPPED)
    order = defaultdict(list)
    for line in said:
        order[urlsplit(line["url"]).hostname].append(urlsplit(line["url"]).path)
    assert summary["reason"] == "finished"
    assert set(order) == set(NAMES)
    for name in NAMES:
        assert order[name][:PAGES] == pages, "not in the order in which they were asked for"
        assert sorted(order[name][PAGES:]) == ["/0", "/busy"]
    assert 1 < summary["most"] <= len(NAMES), "requests wait as downloads, or hosts wait for each other"
