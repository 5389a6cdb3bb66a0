"""Verification: a flipped bit anywhere is found and named; so is whatever else does not fit."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from archive.warc import manifest
from archive.warc.errors import ArchiveDamaged
from archive.warc.verify import verify
from tests.archive.warc_making import context, exchange, failed, only_warc, walk, warcs, writer


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("whole") / "archive"
    with writer(root) as archive:
        for turn in range(6):
            archive.write_exchange(exchange(f"http://www.example.gov.cn/{turn}"), context())
        archive.write_exchange(failed(), context())
        archive.write_walk(walk())
    return root


@pytest.fixture
def root(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "archive")
    return tmp_path / "archive"


def only(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_whole(whole: Path) -> None:
    result = verify(whole)
    assert result.ok
    assert (result.files, result.captures, result.walks, result.notes) == (1, 7, 1, [])
    assert verify(whole, [only_warc(whole)]).ok


@pytest.mark.parametrize("target", ["warc", "index", "manifest.sha256"])
def test_a_flipped_bit_is_found_and_named(root: Path, target: str) -> None:
    path = root / target
    path = only(path) if path.is_dir() else path
    sound = path.read_bytes()
    for place in range(0, len(sound), max(1, len(sound) // 150)):
        broken = bytearray(sound)
        broken[place] ^= 1 << place % 8
        path.write_bytes(broken)
        damages = verify(root).damages
        assert damages, f"byte {place} of {path.name}"
        told = " ".join(map(str, damages))
        assert path.name in told or path.name == "manifest.sha256", f"byte {place}: {told}"
    path.write_bytes(sound)
    assert verify(root).ok


def test_one_damaged_record_is_named_and_the_others_still_read(root: Path) -> None:
    path = only_warc(root)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)
    result = verify(root)
    torn = [damage for damage in result.damages if damage.code == "torn"]
    assert len(torn) == 1
    assert torn[0].offset is not None
    assert 0 < torn[0].offset <= len(data) // 2
    assert result.records == verify_records_of_whole() - 1


def verify_records_of_whole() -> int:
    return 1 + 6 * 3 + 1 + 1


def test_a_record_that_was_exchanged_with_care(root: Path) -> None:
    """Valid gzip, right lengths, the manifest forged too: the digests remain."""
    path = only_warc(root)
    data = path.read_bytes()
    members = [place for place in range(len(data)) if data.startswith(b"\x1f\x8b\x08\x00", place)]
    parts = [data[a:b] for a, b in zip(members, [*members[1:], len(data)], strict=True)]
    forged = [gzip.compress(gzip.decompress(part).replace(b"<p>x</p>", b"<p>y</p>")) for part in parts]
    path.write_bytes(b"".join(forged))
    manifest.append(root / "manifest.sha256", f"warc/{path.name}", manifest.file_digest(path))
    codes = {damage.code for damage in verify(root).damages}
    assert {"digest", "payload_digest"} <= codes
    assert "manifest" not in codes
    assert {damage.code for damage in verify(root, [path]).damages} == codes


@pytest.mark.parametrize("gone", ["warc", "index"])
def test_a_file_that_is_gone(root: Path, gone: str) -> None:
    path = only(root / gone)
    path.unlink()
    assert any(path.name in str(damage) for damage in verify(root).damages)


def test_a_file_that_nobody_listed(root: Path) -> None:
    (root / "manifest.sha256").unlink()
    assert [damage.code for damage in verify(root).damages] == ["manifest"]


def test_a_record_taken_out_of_its_group(root: Path) -> None:
    path = only_warc(root)
    data = path.read_bytes()
    second = data.index(b"\x1f\x8b\x08", 10)
    third = data.index(b"\x1f\x8b\x08", second + 10)
    path.write_bytes(data[:second] + data[third:])
    assert "group" in {damage.code for damage in verify(root).damages}


def test_a_file_that_ends_within_a_group(root: Path) -> None:
    """Whole members, and yet the last group but two ends after its second record."""
    path = only_warc(root)
    data = path.read_bytes()
    for _ in range(3):
        data = data[: data.rindex(b"\x1f\x8b\x08")]
    path.write_bytes(data)
    blamed = [damage for damage in verify(root).damages if damage.code == "group"]
    assert ["without the rest" in damage.message for damage in blamed] == [True, True]


def test_an_index_that_is_not_sorted(root: Path) -> None:
    index = only(root / "index")
    index.write_bytes(b"".join(reversed(index.read_bytes().splitlines(keepends=True))))
    (damage,) = verify(root).damages
    assert (damage.code, damage.file) == ("index", f"index/{index.name}")


def test_an_open_file_is_no_damage(root: Path) -> None:
    with writer(root) as archive:
        archive.write_walk(walk())
        result = verify(root)
        assert result.ok
        assert "being written" in result.notes[0]
    assert verify(root).notes == []


def test_a_file_left_open_is_a_note(root: Path) -> None:
    path = only_warc(root)
    path.rename(path.with_name(path.name + ".open"))
    result = verify(root)
    assert [damage.code for damage in result.damages] == []
    assert "left open" in result.notes[0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>no warc</html>",
        b"WARC/1.1\r\n",
        gzip.compress(b"text", mtime=0),
        gzip.compress(b"x" * 99, mtime=0)[:-4],
    ],
)
def test_a_file_that_is_no_warc(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.warc.gz"
    path.write_bytes(content)
    with pytest.raises(ArchiveDamaged, match=r"some\.warc\.gz"):
        verify(tmp_path, [path])


def test_no_archive_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(ArchiveDamaged, match="no archive"):
        verify(tmp_path / "none")
    with pytest.raises(ArchiveDamaged, match="absent"):
        verify(tmp_path, [tmp_path / "absent.warc.gz"])


def test_a_file_from_elsewhere_is_held_against_itself(root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.warc.gz"
    shutil.copy(warcs(root)[0], copy)
    result = verify(root, [copy])
    assert result.ok
    assert result.captures == 7
