"""The store on S3, played by a server of its own: whole puts, ranges, refusals, cut and killed pushes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.warc.reader import ArchiveReader
from archive.warc.store import Store, StoreError
from archive.warc.store_push import check, push
from archive.warc.store_view import open_folder
from archive.warc.verify import verify
from tests.archive.s3_server import BUCKET, Wire, demand_keys, make_bucket, s3_server
from tests.archive.test_storage import below, places, read_all
from tests.archive.test_wacz import fill, scrapy
from tests.archive.warc_making import context, exchange, warcs, writer

ROOT = Path(__file__).parents[2]
PAGE = 150_000  # bytes that do not compress


@pytest.fixture(scope="module")
def server(
    optional_tool: Callable[[str], Path],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[int]:
    if request.config.getoption("--optional") != "required":
        pytest.importorskip("s3fs")
    with s3_server(optional_tool("moto_server"), tmp_path_factory.mktemp("s3") / "log") as port:
        make_bucket(port)
        yield port


@pytest.fixture
def wire(server: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    made = Wire(server)
    keys = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_DEFAULT_REGION": "us-east-1"}
    keys |= {"AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1"}
    for name, value in (keys | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{made.port}"}).items():
        monkeypatch.setenv(name, value)
    yield made
    made.close()


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    return f"s3://{BUCKET}/{request.node.name}/archive"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small") / "archive"
    fill(root)
    return root


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("large") / "archive"
    with writer(root) as made:
        for number in range(8):
            page = exchange(f"http://www.example.gov.cn/{number}", body=os.urandom(PAGE))
            made.write_exchange(page, context())
    return root


def process_of(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=ROOT,
        env=os.environ | {"SCRAPY_SETTINGS_MODULE": "crawler.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_push_check_read_and_verify(small: Path, wire: Wire, url: str) -> None:
    assert len(push(small, url).pushed) == 2
    assert push(small, url).pushed == []
    assert check(small, url) == (2, [])
    assert Store(url).listing().keys() == below(small).keys()
    there = open_folder(None, url)
    assert read_all(there) == read_all(small)
    assert verify(there).damages == []


def test_a_record_costs_its_own_bytes(large: Path, wire: Wire, url: str) -> None:
    push(large, url)
    reader = ArchiveReader(open_folder(None, url))
    entries = list(reader.entries())
    for entry in (entries[5], entries[2]):
        before = wire.down
        assert reader.capture(entry) == ArchiveReader(large).capture(entry)
        assert wire.down - before < entry.length + 16384


def test_reading_through_costs_each_byte_once(large: Path, wire: Wire, url: str) -> None:
    push(large, url)
    before = wire.down
    assert list(ArchiveReader(open_folder(None, url)).captures()) == list(ArchiveReader(large).captures())
    assert wire.down - before < warcs(large)[0].stat().st_size + 65536


def test_a_cut_push_leaves_nothing_that_reads_as_whole(large: Path, wire: Wire, url: str) -> None:
    wire.cut_after = 400_000
    with pytest.raises(StoreError, match="cannot be read or written"):
        push(large, url)
    wire.cut_after = None
    assert Store(url).listing() == {}
    assert [fault.absent for fault in check(large, url)[1]] == [True]
    assert len(push(large, url).pushed) == 1
    assert check(large, url) == (1, [])


def test_a_killed_push_is_taken_up_again(large: Path, small: Path, wire: Wire, url: str) -> None:
    wire.stall_after = 400_000
    process = process_of("store", "push", *places(large, url))
    assert wire.stalled.wait(30)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)
    wire.stall_after = None
    assert list(ArchiveReader(open_folder(None, url)).entries()) == []
    assert len(push(large, url).pushed) == 1
    assert read_all(open_folder(None, url)) == read_all(large)


def test_flipped_bits_in_the_store_are_found(small: Path, wire: Wire, url: str) -> None:
    push(small, url)
    store, file = Store(url), f"warc/{warcs(small)[0].name}"
    damaged = warcs(small)[0].read_bytes()[:-20] + bytes(20)
    spare = small.parent / "damaged"
    spare.write_bytes(damaged)
    store.put(file, spare)
    assert [fault.file for fault in check(small, url)[1]] == [file]
    assert {damage.code for damage in verify(open_folder(None, url)).damages} >= {"torn", "manifest"}


@pytest.mark.parametrize(("words", "expected"), [("push", 3), ("check", 4)])
def test_wrong_keys_are_told_on_one_line(
    small: Path, server: int, wire: Wire, url: str, words: str, expected: int
) -> None:
    demand_keys(server, yes=True)
    try:
        code, out, err = scrapy(small, "store", words, "-s", f"ARCHIVE_STORE={url}")
    finally:
        demand_keys(server, yes=False)
    assert (code, out, err.count("\n")) == (expected, "", 1), err
    assert "check credentials" in err


def test_no_keys_and_no_bucket_are_told(small: Path, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match="not in the store"):
        push(small, "s3://absent-bucket/archive")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    with pytest.raises(StoreError, match="check credentials"):
        push(small, f"s3://{BUCKET}/no-keys")


def test_the_commands_read_an_archive_in_s3(small: Path, wire: Wire, url: str, tmp_path: Path) -> None:
    push(small, url)
    code, out, _ = scrapy(small, "verify", "-s", f"ARCHIVE_DIR={url}")
    assert (code, "完好 whole" in out) == (0, True)
    code, out, _ = scrapy(tmp_path, "rebuild", "-s", f"ARCHIVE_DIR={url}")
    assert (code, "captures 9" in out) == (0, True)
