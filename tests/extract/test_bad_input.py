"""Files that mean harm, read as a rebuild reads them: each within its bound of time and memory, and told.

The bounds are those of docs/attachments.md. Those of the process itself (60 s, 1.5 GB) are made smaller here,
so that meeting them takes a second. `tests/pages/bad_*` tell in full what is read and said.
"""

from __future__ import annotations

import os
import signal
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import extract
from archive.register import load_register
from extract.ocr import PageTask, Recognisers, models_folder
from extract.office import converter
from extract.worker import Bounds, Killed, Worker
from tests.extract import bad_files
from tests.extract.worker_targets import Measured

SECONDS = 5.0  # of the processor, for any file that the reader itself bounds
MEMORY = 250_000_000  # bytes that reading it may add
READER = "tests.extract.worker_targets:measured"
SMALL = Bounds(cpu_seconds=5, wall_seconds=60, memory=250_000_000)
FOLDERS = Path(__file__).parents[1] / "pages"


def near(marks: int) -> bytes:
    """A body of so many tags."""
    return bad_files.docx_of(bad_files.document_xml("<w:p><w:r><w:t>1</w:t></w:r></w:p>" * (marks // 6)))


BOUNDED: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip_bomb": (lambda: bad_files.zeros("a.txt", 101), "过大"),
    "zip_bomb_of_bzip2": (lambda: bad_files.zeros("a.txt", 30, zipfile.ZIP_BZIP2), "压缩方式"),
    "zip_with_a_vast_dictionary": (bad_files.zip_packed_with_a_dictionary, "压缩方式"),
    "zip_of_zips": (bad_files.zip_of_zips, "member_not_chosen"),
    "docx_laughing_in_an_attribute": (bad_files.docx_laughing_in_an_attribute, "文档类型"),
    "docx_laughing_in_styles": (bad_files.docx_laughing_in_styles, "文档类型"),
    "docx_quadratic": (bad_files.docx_quadratic, "文档类型"),
    "docx_huge_table": (bad_files.docx_huge_table, "内容过多"),
    "docx_half_too_long": (lambda: near(250_000), ""),
    "docx_tables_in_tables": (bad_files.docx_tables_in_tables, ""),
    "docx_boxes_in_boxes": (bad_files.docx_boxes_in_boxes, ""),
    "xlsx_many_cells": (bad_files.xlsx_many_cells, "内容过多"),
    "pdf_ten_thousand_pages": (bad_files.pdf_ten_thousand_pages, "too_many_pages"),
    "pdf_that_lies_of_its_pages": (bad_files.pdf_count_lies, ""),
    "pdf_stream_of_itself": (bad_files.pdf_stream_refers_to_itself, "no_text_layer"),
    "pdf_table_of_objects_in_a_loop": (bad_files.pdf_xref_in_a_loop, ""),
    "pdf_arrays_in_arrays": (bad_files.pdf_nested, ""),
    "pdf_vast_sheet": (bad_files.pdf_vast_sheet, ""),
}

#: What no check can see beforehand: the process is ended, and the next file gets a new one.
FATAL: dict[str, Callable[[], bytes]] = {
    "pdf_stream_that_unpacks_to_a_gigabyte": lambda: bad_files.pdf_stream_bomb(1000),
    "pdf_form_in_itself": bad_files.pdf_form_in_itself,
}


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker(READER, None)
    yield made
    made.close()


@pytest.fixture(scope="module")
def small() -> Iterator[Worker]:
    made = Worker(READER, None, SMALL)
    yield made
    made.close()


@pytest.mark.parametrize("kind", BOUNDED)
def test_a_file_is_read_or_refused_within_its_bounds(worker: Worker, kind: str) -> None:
    make, told = BOUNDED[kind]
    done = worker.ask(make())
    assert isinstance(done, Measured), done
    assert told in done.said
    assert done.seconds < SECONDS
    assert done.memory < MEMORY


@pytest.mark.parametrize("kind", FATAL)
def test_what_breaks_the_reader_is_ended_within_the_bounds_of_its_process(small: Worker, kind: str) -> None:
    started = time.monotonic()
    done = small.ask(FATAL[kind]())
    assert isinstance(done, Killed)
    assert done.reason in {"memory", "time"}
    assert time.monotonic() - started < SMALL.wall_seconds
    assert isinstance(small.ask(bad_files.pdf_plain()), Measured)


@pytest.mark.skipif(models_folder() is None, reason="the extra ocr is not installed")
def test_recognition_can_be_killed_and_is_started_anew() -> None:
    """`kill -9` in the middle of a page: the page is read all the same."""
    recognisers = Recognisers()
    scan = PageTask((FOLDERS / "attachment_pdf_scan" / "page.pdf").read_bytes(), "pdf", 0)
    try:
        recognisers.answer(PageTask(bad_files.pdf_image_bomb(8_000), "pdf", 0))
        worker = recognisers._worker
        assert worker is not None
        process = worker._process
        assert process is not None
        killer = threading.Timer(0.3, os.kill, (process.process.pid, signal.SIGKILL))
        killer.start()
        answer = recognisers.answer(scan)
        killer.join()
        assert process.process.poll() == -signal.SIGKILL  # it was in the middle
        assert getattr(answer, "glyphs", ()), answer
    finally:
        recognisers.close()


def converters(above: int) -> list[int]:
    """LibreOffice processes that a process has started, by itself or through the launcher."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == above and b"soffice" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue  # it has ended meanwhile
    return found


@pytest.mark.skipif(converter() is None, reason="LibreOffice is not installed")
def test_libreoffice_can_be_killed_and_is_started_anew(worker: Worker) -> None:
    """`kill -9` in the middle of a conversion: the file is converted all the same, nothing is left behind."""
    payload = (FOLDERS / "attachment_doc" / "page.wps").read_bytes()
    reader = worker.ask(b"pid")
    killed: list[int] = []

    def kill() -> None:
        until = time.monotonic() + 60
        while not killed and time.monotonic() < until:
            for pid in converters(int(str(reader))):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
            time.sleep(0.02)

    killer = threading.Thread(target=kill)
    killer.start()
    done = worker.ask(payload)
    killer.join()
    assert killed
    assert isinstance(done, Measured), done
    assert done.blocks > 5
    assert converters(int(str(reader))) == []


def test_a_local_file_that_breaks_its_reader_ends_in_words(tmp_path: Path) -> None:
    """Commands read such kinds in a process of their own; a good file reads the same there."""
    register = load_register()
    bomb = tmp_path / "年报.pdf"
    bomb.write_bytes(bad_files.pdf_stream_bomb())
    with pytest.raises(extract.Unreadable, match="内存"):
        extract.read_file(bomb, register=register)
    good = FOLDERS / "attachment_pdf" / "page.pdf"
    apart = extract.read_file(good, register=register)
    assert apart == extract.read(good.read_bytes(), name=good.name, register=register)
    assert apart.blocks
