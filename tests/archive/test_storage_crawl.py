"""A crawl sends what it closed into the store, and the next one knows it though it no longer lies here."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from archive.warc.index import IndexEntry
from archive.warc.reader import ArchiveReader
from archive.warc.store_view import open_folder
from archive.warc.verify import verify
from tests.archive.test_wacz import scrapy as run_here
from tests.portals.rehearse import ROOT, environment, scrapy_command, server

DAY = date(2026, 2, 3)


def scrapy(data: Path, *arguments: str, settings: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        scrapy_command(data, *arguments, settings=settings),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def crawl(data: Path, store: str, day: int, *more: str) -> subprocess.CompletedProcess[str]:
    with server(DAY) as port:
        clock = f"CLOCK_START=2026-02-0{day}T09:00:00+08:00"
        given = ("crawl", "portal", "-a", "portals=zhuji", *more)
        return scrapy(data, *given, settings=(f"SAMPLE_PORT={port}", clock, f"ARCHIVE_STORE={store}"))


def reports(folder: Path) -> list[IndexEntry]:
    return [entry for entry in ArchiveReader(folder).entries() if entry.role == "report"]


def test_a_crawl_goes_on_from_the_store(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if request.config.getoption("--optional") != "required":
        pytest.importorskip("fsspec")
    data, store = tmp_path / "data", str(tmp_path / "store")
    first = crawl(data, store, 3, "-a", "full=1")
    assert first.returncode == 0, first.stderr
    held = reports(open_folder(None, store))
    assert len(held) > 10
    dropped = scrapy(data, "store", "push", "--drop-local", settings=(f"ARCHIVE_STORE={store}",))
    assert (dropped.returncode, list((data / "warc" / "warc").iterdir())) == (0, [])
    second = crawl(data, store, 4)
    assert second.returncode == 0, second.stderr
    alone = open_folder(None, store)
    assert len({entry.file for entry in ArchiveReader(alone).entries()}) == 2
    assert reports(alone) == held  # a routine crawl asks for no report that is held
    assert verify(alone).ok


def test_a_url_is_no_folder_to_write_into(tmp_path: Path) -> None:
    there = ("-s", "ARCHIVE_DIR=s3://bucket/x", "-s", "ARCHIVE_STORE=s3://bucket/y")
    for words in (("crawl", "portal", "-a", "portals=any"), ("store", "push")):
        code, out, err = run_here(tmp_path, *words, *there)
        assert (code, out, err.count("\n")) == (2, "", 1), err
        assert "ARCHIVE_STORE" in err


def test_a_store_out_of_reach_is_told_before_the_crawl(tmp_path: Path) -> None:
    words = ("crawl", "portal", "-a", "portals=any", "-s", "ARCHIVE_STORE=nope://x")
    code, out, err = run_here(tmp_path, *words)
    assert (code, out, err.count("\n")) == (4, "", 1), err
    assert "nope://x" in err
