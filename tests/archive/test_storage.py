"""The store: what is pushed is whole and read back, what is not pushed is not seen, and reading goes on."""

from __future__ import annotations

import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from archive.warc.errors import ArchiveDamaged, ArchiveLocked
from archive.warc.reader import ArchiveReader
from archive.warc.store import Store, StoreError
from archive.warc.store_push import StoreFault, check, push
from archive.warc.store_view import open_folder
from archive.warc.verify import verify
from tests.archive.test_wacz import fill, scrapy
from tests.archive.warc_making import MORNING, TurnedClock, context, exchange, warcs, writer

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _driver(request: pytest.FixtureRequest) -> None:
    """fsspec is an extra; `--optional=required` demands it."""
    if request.config.getoption("--optional") != "required":
        pytest.importorskip("fsspec")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    fill(tmp_path / "archive")
    return tmp_path / "archive"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def places(root: Path, store: object) -> list[str]:
    return ["-s", f"ARCHIVE_DIR={root}", "-s", f"ARCHIVE_STORE={store}"]


def below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def read_all(root: Path) -> list[object]:
    reader = ArchiveReader(root)
    return [
        *reader.entries(),
        *reader.captures(),
        *reader.walks(),
        *reader.contexts(),
        *reader.conversions(),
        *(reader.find(entry.url) for entry in reader.entries()),
    ]


def test_the_store_holds_what_lies_here(root: Path, store: Path) -> None:
    summary = push(root, str(store))
    assert (len(summary.pushed), summary.there, summary.dropped) == (2, [], [])
    assert below(store) == below(root)
    done = subprocess.run(["sha256sum", "-c", "manifest.sha256"], cwd=store, capture_output=True, check=False)
    assert done.returncode == 0
    assert check(root, str(store)) == (2, [])


def test_pushing_again_writes_nothing(root: Path, store: Path) -> None:
    push(root, str(store))
    before = {path: path.stat().st_mtime_ns for path in store.rglob("*")}
    assert len(push(root, str(store)).there) == 2
    assert {path: path.stat().st_mtime_ns for path in store.rglob("*")} == before


def test_a_later_file_is_added(root: Path, store: Path) -> None:
    push(root, str(store))
    with writer(root) as more:
        more.write_exchange(exchange(), context())
        summary = push(root, str(store))  # while it is open
        assert (len(summary.left_open), summary.pushed) == (1, [])
    assert len(push(root, str(store)).pushed) == 1
    assert below(store) == below(root)


def test_what_was_dropped_here_is_read_there(root: Path, store: Path) -> None:
    before = read_all(root)
    assert len(push(root, str(store), drop_local=True).dropped) == 2
    assert warcs(root) == []
    joined = open_folder(root, str(store))
    assert read_all(joined) == before
    assert verify(joined).damages == []
    assert verify(joined).records == 31
    assert [damage.code for damage in verify(root).damages].count("missing") > 0


def test_writing_goes_on_after_files_were_dropped(root: Path, store: Path) -> None:
    push(root, str(store), drop_local=True)
    with writer(root, clock=TurnedClock(MORNING + timedelta(days=9))) as more:
        more.write_exchange(exchange("http://www.example.gov.cn/new"), context())
    assert warcs(root)[0].name.startswith("nianbao-000003-")
    joined = open_folder(root, str(store))
    assert [entry.url for entry in ArchiveReader(joined).entries()][-1].endswith("/new")
    assert verify(joined).ok
    assert len(push(root, str(store)).pushed) == 1
    assert read_all(open_folder(None, str(store))) == read_all(joined)


def test_the_store_alone_is_an_archive(root: Path, store: Path) -> None:
    push(root, str(store))
    alone = open_folder(None, str(store))
    assert read_all(alone) == read_all(root)
    assert verify(alone).ok
    again = pickle.loads(pickle.dumps(alone))
    assert read_all(again) == read_all(root)


def test_an_unfinished_file_is_not_seen_and_is_taken_up_again(root: Path, store: Path) -> None:
    push(root, str(store))
    manifest = store / "manifest.sha256"
    first, second = manifest.read_text().splitlines(keepends=True)
    manifest.write_text(first)  # as a kill before the last line left it
    assert len(list(ArchiveReader(open_folder(None, str(store))).entries())) == 5
    path = store / second.split()[1]
    before = path.stat().st_mtime_ns
    assert push(root, str(store)).pushed == [second.split()[1]]
    assert path.stat().st_mtime_ns == before  # it was whole: read back, not sent again
    path.write_bytes(path.read_bytes()[:-9])
    manifest.write_text(first)
    push(root, str(store))
    assert below(store) == below(root)


def test_a_put_that_fails_leaves_nothing_under_the_name(root: Path, store: Path) -> None:
    with writer(root, clock=TurnedClock(MORNING + timedelta(days=9))) as more:
        more.write_exchange(exchange(body=os.urandom(200_000)), context())
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "store", "push", *places(root, store)],
        cwd=ROOT,
        env=os.environ | {"SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    told = [line for line in done.stderr.splitlines() if not line.startswith("已送出")]
    assert len(told) == 1
    assert len(list((store / "warc").iterdir())) == 2
    assert len(push(root, str(store)).pushed) == 1
    assert below(store) == below(root)


def test_a_changed_file_is_never_sent(root: Path, store: Path) -> None:
    with warcs(root)[1].open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(ArchiveDamaged, match="not sent"):
        push(root, str(store))
    assert len(list((store / "warc").iterdir())) == 1


def test_nothing_is_dropped_that_is_not_whole_there(root: Path, store: Path) -> None:
    push(root, str(store))
    there = store / "warc" / warcs(root)[0].name
    data = bytearray(there.read_bytes())
    data[100] ^= 1
    there.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        push(root, str(store), drop_local=True)
    assert len(warcs(root)) == 2


def test_a_file_of_another_archive_is_never_overwritten(root: Path, store: Path) -> None:
    push(root, str(store))
    manifest = store / "manifest.sha256"
    manifest.write_text("0" * 64 + manifest.read_text()[64:])
    with pytest.raises(StoreError, match="another"):
        push(root, str(store))


def test_check_names_what_is_wrong(root: Path, store: Path) -> None:
    assert [fault.absent for fault in check(root, str(store))[1]] == [True, True]
    push(root, str(store))
    first, second = (f"warc/{path.name}" for path in warcs(root))
    data = bytearray((store / first).read_bytes())
    data[-1] ^= 1
    (store / first).write_bytes(data)
    index = next((store / "index").glob("*-000002-*"))
    index.write_bytes(index.read_bytes() + b"x\n")
    whole, faults = check(root, str(store))
    assert whole == 0
    assert [(fault.file, fault.absent) for fault in faults] == [
        (first, False),
        (f"index/{index.name}", False),
    ]
    (store / second).unlink()
    assert isinstance(check(root, str(store))[1][1], StoreFault)


def test_two_pushes_do_not_meet(root: Path, store: Path) -> None:
    with held(root), pytest.raises(ArchiveLocked, match="pushing"):
        push(root, str(store))


@contextmanager
def held(root: Path) -> Iterator[None]:
    """Another process that pushes."""
    script = (
        f"import fcntl, sys\nh = open({str(root / '.store.lock')!r}, 'w')\n"
        "fcntl.flock(h, fcntl.LOCK_EX)\nprint('held', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield
        assert process.stdin is not None
        process.stdin.close()


def test_an_object_store_in_memory(root: Path) -> None:
    url = "memory://nianbao-tests/archive"
    push(root, url)
    assert read_all(open_folder(None, url)) == read_all(root)
    assert Store(url).listing().keys() == below(root).keys()


@pytest.mark.parametrize(
    ("given", "arguments", "code", "words"),
    [
        ([], ["push"], 2, "ARCHIVE_STORE"),
        (["-s", "ARCHIVE_STORE=nope://x"], ["push"], 3, "nope://x"),
        (["-s", "ARCHIVE_STORE=nope://x"], ["check"], 4, "nope://x"),
        (["-s", "ARCHIVE_STORE=memory://x"], ["pull"], 2, "push"),
        (["-s", "ARCHIVE_STORE=memory://x"], ["check", "--drop-local"], 2, "push"),
    ],
)
def test_the_command_refuses_on_one_line(
    root: Path, given: list[str], arguments: list[str], code: int, words: str
) -> None:
    done, out, err = scrapy(root, "store", *arguments, *given)
    assert (done, out, err.count("\n")) == (code, "", 1), err
    assert words in err


def test_the_commands_work_over_a_store(root: Path, store: Path, tmp_path: Path) -> None:
    there = ["-s", f"ARCHIVE_STORE={store}"]
    assert scrapy(root, "store", "check", *there)[0] == 10
    assert scrapy(root, "store", "push", *there)[0] == 0
    assert scrapy(root, "wacz", str(tmp_path / "here.wacz"))[0] == 0
    assert scrapy(root, "store", "push", "--drop-local", *there)[0] == 0
    assert scrapy(root, "store", "check", *there)[0] == 0
    assert scrapy(root, "verify")[0] == 6
    assert scrapy(root, "verify", *there)[0] == 0
    assert scrapy(root, "wacz", str(tmp_path / "there.wacz"), *there)[0] == 0
    assert (tmp_path / "here.wacz").read_bytes() == (tmp_path / "there.wacz").read_bytes()
    assert scrapy(root, "rebuild", *there)[1].startswith("采集记录 captures 9")
    assert scrapy(root, "verify", "-s", "ARCHIVE_STORE=nope://x")[0] == 4
