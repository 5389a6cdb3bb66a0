"""A flipped bit in an archive of every kind of record is found and named, or provably changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.warc.errors import ArchiveDamaged
from archive.warc.members import walk_records
from archive.warc.reader import ArchiveReader
from archive.warc.verify import verify
from tests.archive.warc_making import MORNING, context, exchange, failed, walk, warcs, writer

FLIPS = 90  # a file: from its first byte to its last, each bit of a byte in turn
HOST = "http://www.example.gov.cn"
SAME = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"<p>same</p>" * 9
UNMODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two closed files: answers, a cut one, a failure, both kinds of revisit, a DOM, a context, a walk."""
    root = tmp_path_factory.mktemp("flips") / "archive"
    with writer(root) as archive:
        archive.write_exchange(exchange(f"{HOST}/a", response=SAME), context())
        archive.write_exchange(exchange(f"{HOST}/b", truncated="disconnect"), context())
        archive.write_exchange(failed(), context())
    original = ArchiveReader(root).find(f"{HOST}/a")[0].as_original
    with writer(root) as archive:
        for number, answer in enumerate((SAME, UNMODIFIED), start=1):
            again = exchange(f"{HOST}/a", response=answer, started=MORNING + timedelta(days=number))
            pointer = archive.write_exchange(again, context(), refers_to=original)
        archive.write_conversion(f"{HOST}/a", b"<p>DOM</p>", of=pointer, context=context())
        archive.write_context(f"{HOST}/a", context())
        archive.write_walk(walk())
    assert verify(root).revisits == 2
    return root


@pytest.fixture
def root(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "archive")
    return tmp_path / "archive"


def flips(path: Path) -> Iterator[int]:
    """Flips one bit after the other in the file, and puts it right again."""
    sound = path.read_bytes()
    for turn in range(min(FLIPS, len(sound))):
        place = turn * (len(sound) - 1) // max(1, min(FLIPS, len(sound)) - 1)
        broken = bytearray(sound)
        broken[place] ^= 1 << turn % 8
        path.write_bytes(broken)
        yield place
    path.write_bytes(sound)


@pytest.mark.parametrize(
    "kind",
    [
        "*.warc.gz",
        "*.cdxj",
        "manifest.sha256",
    ],
)
def test_each_is_found_and_named(root: Path, kind: str) -> None:
    files = sorted(root.rglob(kind))
    assert len(files) == (1 if kind == "manifest.sha256" else 2)
    for path in files:
        for place in flips(path):
            damages = verify(root).damages
            assert damages, f"byte {place} of {path.name}"
            told = " ".join(map(str, damages))
            # A bit of a manifest line may make it name another file, which is then the one that is told.
            assert path.name in told or path.name == "manifest.sha256", f"byte {place}: {told}"
    assert verify(root).ok


def test_a_warc_alone_is_damaged_or_says_the_same(root: Path, tmp_path: Path) -> None:
    """Without manifest and index only bits of gzip's own header can pass: no record changes."""
    for path in warcs(root):
        lone = tmp_path / path.name
        shutil.copy(path, lone)
        with lone.open("rb") as stream:
            before = [(record.headers, record.block) for record in walk_records(stream)]
        passed = 0
        for place in flips(lone):
            try:
                damages = verify(tmp_path, [lone]).damages
            except ArchiveDamaged:
                continue
            if damages:
                continue
            passed += 1
            with lone.open("rb") as stream:
                after = [(record.headers, record.block) for record in walk_records(stream)]
            assert after == before, f"byte {place}"
        assert passed < FLIPS // 10
