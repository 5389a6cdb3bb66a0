"""The server cuts a response at any of its bytes: what came is kept, byte for byte, and marked as cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.warc.reader import ArchiveReader
from archive.warc.verify import verify
from tests.archive.warc_making import demand_that_others_read, warcs
from tests.crawler.raw_server import CLOSE, Answer, RawServer
from tests.crawler.test_recording import (
    GZIPPED,
    HOST,
    ODD_BODY,
    ODD_HEAD,
    PAGE,
    crawl,
    groups_of,
    head,
)

SIZED_HEAD = head("200 成功", "Content-Type: text/html; charset=gbk", f"Content-Length: {len(GZIPPED)}")
SIZED, CHUNKED = SIZED_HEAD + GZIPPED, ODD_HEAD + ODD_BODY


@pytest.mark.parametrize(("wire", "end_of_head"), [(SIZED, len(SIZED_HEAD)), (CHUNKED, len(ODD_HEAD))])
def test_cut_at_any_byte(tmp_path: Path, wire: bytes, end_of_head: int) -> None:
    places = sorted(
        {*range(0, end_of_head, 5), *range(end_of_head - 4, end_of_head + 12)}
        | {*range(end_of_head, len(wire), 97), len(wire) - 1}
    )
    with RawServer({f"/{place}": [Answer([wire[:place]], CLOSE)] for place in places}) as server:
        said, _ = crawl(
            tmp_path,
            [{"url": f"{HOST}/{place}"} for place in places],
            SAMPLE_PORT=server.port,
            RETRY_ENABLED=False,
        )
    assert len(said) == len(places)
    assert not [line for line in said if "status" in line], "nothing cut goes up as an answer"
    reader = ArchiveReader(tmp_path)
    groups = {group[0].get("WARC-Target-URI"): group for group in groups_of(tmp_path)}
    for place in places:
        url = f"{HOST}/{place}"
        capture = reader.capture(reader.find(url)[0])
        records = groups[url]
        if place < end_of_head:
            kept = b"".join(record.block for record in records[2:])
            assert (capture.status, capture.outcome, kept) == (0, "reset", wire[:place]), place
            continue
        (response,) = [record for record in records if record.kind == "response"]
        assert (capture.status, response.get("WARC-Truncated")) == (200, "disconnect"), place
        if wire is SIZED:
            assert response.block == wire[:place], place
        else:
            assert response.block == expected_block(place), place
            assert PAGE.startswith(capture.payload), place
    assert verify(tmp_path).ok
    demand_that_others_read(warcs(tmp_path))


def expected_block(place: int) -> bytes:
    """The head renamed, and of the chunks what had come."""
    body = b""
    rest = CHUNKED[len(ODD_HEAD) : place]
    while b"\r\n" in rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        body += rest[:length]
        rest = rest[length + 2 :]
    return ODD_HEAD.replace(b"Transfer-Encoding", b"x-orig-transfer-encoding") + body
