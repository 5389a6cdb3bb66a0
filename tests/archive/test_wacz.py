"""The WACZ export: what is taken, that it is whole, the same each time, and valid for other tools."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from scrapy.cmdline import execute
from scrapy.settings import Settings

from archive.context import Role, RunEvent, RunRecord
from archive.warc.capture import Capture
from archive.warc.errors import ArchiveDamaged, ArchiveError
from archive.warc.reader import ArchiveReader
from archive.warc.wacz import NothingToExport, PageText, WaczSummary, export
from archive.warc.wacz_package import Package
from archive.warc.wacz_select import Wanted
from tests.archive.warc_making import (
    MORNING,
    TurnedClock,
    context,
    demand_that_others_read,
    exchange,
    failed,
    walk,
    warcs,
    writer,
)

ROOT = Path(__file__).parents[2]
HOST = "http://www.example.gov.cn"
HEAD = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nETag: "1"\r\n\r\n'
UNMODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
LATER = MORNING + timedelta(days=3)
FIRST_DAY, SECOND_DAY = date(2026, 2, 3), date(2026, 2, 6)


def page(text: str) -> bytes:
    return HEAD + gzip.compress(f"<title>{text}</title><p>{text}".encode(), mtime=0)


def fill(root: Path, **more) -> None:
    """Two days, two portals: pages kept, the same again, not modified, changed, failed; a walk, a DOM."""
    names = ("same", "unmodified", "changed")
    with writer(root, **more) as made:
        for name in names:
            made.write_exchange(exchange(f"{HOST}/{name}", response=page(name)), context())
        other = context().model_copy(update={"portal": "other"})
        made.write_exchange(exchange(f"{HOST}/other", response=page("other")), other)
        made.write_exchange(failed(), context(Role.LIST))
    held = {entry.url: entry.as_original for entry in ArchiveReader(root).entries() if entry.digest}
    with writer(root, **({"clock": TurnedClock(LATER)} | more)) as made:
        run = RunRecord(run="r", event=RunEvent.BEGAN, at=LATER, portals=("demo",), years=(), full=True)
        made.write_run(run)
        for name, answer in zip(names, (page("same"), UNMODIFIED, page("newer")), strict=True):
            url = f"{HOST}/{name}"
            again = made.write_exchange(
                exchange(url, response=answer, started=LATER), context(), refers_to=held[url]
            )
            made.write_context(url, context())
        made.write_conversion(f"{HOST}/changed", b"<p>DOM", of=again, context=context())
        made.write_walk(walk().model_copy(update={"ended": LATER}))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("wacz") / "archive"
    fill(made)
    return made


def text_of(capture: Capture) -> PageText:
    return PageText(f"title of {capture.url}", capture.payload.decode())


def made(root: Path, target: Path, wanted: Wanted | None = None) -> WaczSummary:
    return export(root, target, wanted or Wanted(), text_of, title="年报存档")


def member(target: Path, path: str) -> bytes:
    with ZipFile(target) as package:
        return package.read(path)


def index_lines(target: Path) -> list[dict[str, str]]:
    lines = gzip.decompress(member(target, "indexes/index.cdx.gz")).splitlines()
    assert lines == sorted(lines)
    return [json.loads(line.split(b" ", 2)[2]) for line in lines]


def pages(target: Path) -> list[dict[str, str]]:
    head, *lines = map(json.loads, member(target, "pages/pages.jsonl").splitlines())
    assert head == {"format": "json-pages-1.0", "id": "pages", "title": "年报存档", "hasText": True}
    return lines


def test_the_whole_archive_goes_in_byte_for_byte(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.wacz"
    summary = made(root, target)
    assert (summary.files, summary.targets, summary.notes, summary.left_open) == (2, 0, [], [])
    for path in warcs(root):
        assert member(target, f"archive/{path.name}") == path.read_bytes()
    with ZipFile(target) as package:
        stored = {info.filename for info in package.infolist() if info.compress_type == ZIP_STORED}
    assert stored == {f"archive/{path.name}" for path in warcs(root)} | {"indexes/index.cdx.gz"}


def test_every_resource_is_told_with_size_and_digest(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.wacz"
    made(root, target)
    with ZipFile(target) as package:
        names = set(package.namelist())
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}  # no time of export
    text = member(target, "datapackage.json")
    digest = json.loads(member(target, "datapackage-digest.json"))
    assert digest == {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
    told = json.loads(text)
    assert (told["wacz_version"], told["profile"]) == ("1.1.1", "data-package")
    last = max(entry.date for entry in ArchiveReader(root).entries())
    assert told["created"] == f"{last:%Y-%m-%dT%H:%M:%SZ}"  # not the day of the export
    resources = {entry["path"]: entry for entry in told["resources"]}
    assert set(resources) == names - {"datapackage.json", "datapackage-digest.json"}
    for path, entry in resources.items():
        data = member(target, path)
        assert entry["bytes"] == len(data)
        assert entry["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_pages_are_listed_once_for_each_content_with_their_text(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.wacz"
    summary = made(root, target)
    listed = pages(target)
    assert summary.pages == len(listed) == 5
    assert [
        (line["url"].rpartition("/")[2], line["ts"][:10]) for line in listed if "ewer" in line["text"]
    ] == [("changed", "2026-02-06")]
    same = next(line for line in listed if line["url"].endswith("/same"))
    assert same["ts"] == "2026-02-03T01:02:03Z"
    assert same["title"] == f"title of {HOST}/same"
    assert same["text"] == "<title>same</title><p>same"
    assert f"<urn:uuid:{same['id']}>" in {e.record_id for e in ArchiveReader(root).find(f"{HOST}/same")}


def test_the_index_names_every_answer_that_replay_can_show(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.wacz"
    made(root, target)
    held = [e for e in ArchiveReader(root).entries() if e.kind == "capture" and e.status == 200]
    assert sorted((e.record_id, e.offset, e.length) for e in held) == sorted(
        (line["id"], int(line["offset"]), int(line["length"])) for line in index_lines(target)
    )


def test_a_part_holds_whole_groups_and_what_its_revisits_repeat(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "later.wacz"
    summary = made(root, target, Wanted(portal="demo", since=SECOND_DAY))
    assert summary.targets == 2  # what "same" and "unmodified" repeat; "changed" came anew, whole
    part = tmp_path / "part"
    with ZipFile(target) as package:
        for name in (name for name in package.namelist() if name.startswith("archive/")):
            place = part / "warc" / Path(name).name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(package.read(name))
    assert not {path.name for path in warcs(part)} & {warcs(root)[0].name}  # a part has a name of its own
    demand_that_others_read(warcs(part))
    whole = {capture.pointer.record_id: capture for capture in ArchiveReader(root).captures()}
    taken = list(ArchiveReader(part).captures())
    assert len(taken) == 5
    for capture in taken:
        assert capture.payload == whole[capture.pointer.record_id].payload
        assert capture.context == whole[capture.pointer.record_id].context
    assert len(list(ArchiveReader(part).walks())) == 1
    assert len(list(ArchiveReader(part).conversions())) == 1
    assert len(list(ArchiveReader(part).contexts())) == 3
    assert "other" not in {capture.context["portal"] for capture in taken}


def test_the_index_of_a_part_points_into_the_part(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "later.wacz"
    made(root, target, Wanted(since=SECOND_DAY))
    lines = index_lines(target)
    assert len(lines) == 4
    for line in lines:
        data = member(target, f"archive/{line['filename']}")
        start = int(line["offset"])
        record = gzip.decompress(data[start : start + int(line["length"])])
        assert f"WARC-Record-ID: {line['id']}\r\n".encode() in record


@pytest.mark.parametrize(
    ("wanted", "urls"),
    [
        (Wanted(portal="other"), ["other"]),
        (Wanted(until=FIRST_DAY), ["changed", "other", "same", "unmodified"]),
        (Wanted(portal="demo", until=FIRST_DAY), ["changed", "same", "unmodified"]),
    ],
)
def test_portal_and_days_choose(root: Path, tmp_path: Path, wanted: Wanted, urls: list[str]) -> None:
    made(root, tmp_path / "part.wacz", wanted)
    assert sorted(line["url"].rpartition("/")[2] for line in pages(tmp_path / "part.wacz")) == urls


def test_what_is_suppressed_does_not_go_nor_what_repeats_it(root: Path, tmp_path: Path) -> None:
    """practice.md §7; the WARC keeps it, and what refers to it is left out as well."""
    digests = {entry.url: entry.digest for entry in ArchiveReader(root).entries() if entry.status == 200}
    for name, repeats in (("unmodified", 1), ("same", 1), ("changed", 1)):  # a 304, a revisit, the DOM
        digest = digests[f"{HOST}/{name}"]
        assert digest is not None
        for wanted in (Wanted(withheld=frozenset({digest})), Wanted("demo", withheld=frozenset({digest}))):
            target = tmp_path / "part.wacz"
            assert made(root, target, wanted).withheld == 1 + repeats
            assert digest not in {line.get("digest") for line in index_lines(target)}
            with ZipFile(target) as package:
                package.extractall(tmp_path / "out")
            files = sorted((tmp_path / "out" / "archive").iterdir())
            demand_that_others_read(files)
            assert not any(digest.encode() in gzip.decompress(file.read_bytes()) for file in files)
            shutil.rmtree(tmp_path / "out")


def test_the_command_obeys_suppress(root: Path, tmp_path: Path) -> None:
    digest = next(
        e.digest
        for e in reversed(list(ArchiveReader(root).entries()))
        if e.url == f"{HOST}/changed" and e.kind == "capture"
    )
    line = {"digest": digest, "reason": "for a test", "date": "2026-02-03"}
    suppress = root.parent / "suppress.jsonl"
    suppress.write_text(json.dumps(line) + "\n", "utf-8")
    try:
        code, _, err = scrapy(root, "wacz", str(tmp_path / "x.wacz"))
        assert (code, "withheld (suppress.jsonl): 2" in err) == (0, True)  # and the DOM
        assert "newer" not in {line["text"] for line in pages(tmp_path / "x.wacz")}
        suppress.write_text("{}\n", "utf-8")
        assert scrapy(root, "wacz", str(tmp_path / "y.wacz"))[0] == 4
    finally:
        suppress.unlink()


def test_the_same_input_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    for wanted in (Wanted(), Wanted(portal="demo", since=SECOND_DAY)):
        made(root, tmp_path / "one.wacz", wanted)
        made(root, tmp_path / "two.wacz", wanted)
        assert (tmp_path / "one.wacz").read_bytes() == (tmp_path / "two.wacz").read_bytes()


def test_a_large_index_is_cut_into_blocks_that_the_second_index_names(tmp_path: Path) -> None:
    lines = [f"cn,gov,example)/{number:05} 20260203010203 {{}}\n".encode() for number in range(2500)]
    with (tmp_path / "x.zip").open("w+b") as stream, Package(stream) as package:
        package.write_index(lines)
    data = member(tmp_path / "x.zip", "indexes/index.cdx.gz")
    head, *second = member(tmp_path / "x.zip", "indexes/index.idx").decode().splitlines()
    assert head == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    assert [line.split()[0][-5:] for line in second] == ["00000", "01024", "02048"]
    read = []
    for line in second:
        place = json.loads(line.split(" ", 2)[2])
        block = data[place["offset"] : place["offset"] + place["length"]]
        assert place["digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"
        read += gzip.decompress(block).splitlines(keepends=True)
    assert read == lines


def test_open_files_are_told_and_left_out(tmp_path: Path) -> None:
    fill(tmp_path / "a")
    with writer(tmp_path / "a") as still:
        still.write_exchange(exchange(f"{HOST}/new"), context())
        summary = made(tmp_path / "a", tmp_path / "x.wacz")
    assert len(summary.left_open) == 1
    assert summary.files == 2
    assert f"{HOST}/new" not in {line["url"] for line in index_lines(tmp_path / "x.wacz")}


def test_sample_and_real_data_are_not_mixed(tmp_path: Path) -> None:
    fill(tmp_path / "a", warcinfo={"isPartOf": "sample"})
    made(tmp_path / "a", tmp_path / "sample.wacz")
    with writer(tmp_path / "a") as real:
        real.write_exchange(exchange(f"{HOST}/real"), context())
    with pytest.raises(ArchiveError, match="sample"):
        made(tmp_path / "a", tmp_path / "x.wacz")
    assert not (tmp_path / "x.wacz").exists()


def test_a_changed_file_is_not_exported(tmp_path: Path) -> None:
    fill(tmp_path / "a")
    path = warcs(tmp_path / "a")[0]
    data = bytearray(path.read_bytes())
    data[4] ^= 1  # the time in a gzip head: no checksum covers it, the manifest does
    path.write_bytes(data)
    (tmp_path / "x.wacz").write_bytes(b"older")
    with pytest.raises(ArchiveDamaged, match="manifest"):
        made(tmp_path / "a", tmp_path / "x.wacz")
    assert (tmp_path / "x.wacz").read_bytes() == b"older"
    assert not (tmp_path / "x.wacz.part").exists()


def test_nothing_of_a_portal_is_said(root: Path, tmp_path: Path) -> None:
    with pytest.raises(NothingToExport):
        made(root, tmp_path / "x.wacz", Wanted(portal="unknown"))


def scrapy(root: Path, *arguments: str) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) of a command, in this process."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    out, err = io.StringIO(), io.StringIO()
    given = ["-s", f"ARCHIVE_DIR={root}", "-s", f"DATA_DIR={root.parent}"]
    with chdir(ROOT), redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
        execute(["scrapy", arguments[0], *given, *arguments[1:]], settings)
    return int(end.value.code or 0), out.getvalue(), err.getvalue()


def test_the_command_reads_titles_and_text(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.wacz"
    code, out, _ = scrapy(root, "wacz", str(target), "--portal", "demo", "--title", "年报存档")
    assert code == 0
    assert "4 个页面 pages" in out
    assert {line["text"] for line in pages(target)} == {"same", "unmodified", "changed", "newer"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--from", "yesterday"], 2, "2026-02-03"),
        (["--portal", "nobody"], 5, "nothing to export"),
        (["--frm", "x"], 2, "--frm"),
    ],
)
def test_the_command_refuses_on_one_line(
    root: Path, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    done, out, err = scrapy(root, "wacz", str(tmp_path / "x.wacz"), *arguments)
    assert (done, out, err.count("\n")) == (code, "", 1)
    assert words in err


def test_no_archive_and_no_place_to_write(root: Path, tmp_path: Path) -> None:
    code, _, err = scrapy(tmp_path / "none", "wacz", str(tmp_path / "x.wacz"))
    assert (code, err.count("\n")) == (4, 1)
    code, _, err = scrapy(root, "wacz", str(tmp_path / "absent" / "x.wacz"))
    assert (code, err.count("\n")) == (3, 1)


def test_a_full_disk_leaves_no_export(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.wacz"
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "wacz", str(target), "-s", f"ARCHIVE_DIR={root}"],
        cwd=ROOT,
        env=os.environ | {"SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(portal="demo", since=SECOND_DAY)])
def test_the_validator_accepts_it(
    root: Path, optional_tool: Callable[[str], Path], tmp_path: Path, wanted: Wanted
) -> None:
    program = optional_tool("wacz")
    made(root, tmp_path / "x.wacz", wanted)
    done = subprocess.run(
        [str(program), "validate", "-f", str(tmp_path / "x.wacz")],
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the passed WACZ is valid" in done.stdout
