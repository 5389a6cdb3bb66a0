"""`scrapy explain`: from a number to its file, offset, record, place and text, and all that is said of it."""

from __future__ import annotations

import argparse

import pytest
from scrapy.settings import Settings

from archive.catalogue import Catalogue
from archive.catalogue.chain import find_chain
from archive.warc.reader import ArchiveReader
from crawler.command import Refusal
from crawler.commands.explain import Command
from crawler.exits import Exit
from tests.extract.handing import Place

REPORT = "999901-1:2022"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("explain"))
    place.make()
    return place


def explained(place: Place, cell: str | None, capsys: pytest.CaptureFixture[str]) -> str:
    command = Command()
    command.settings = Settings({"DATA_DIR": str(place.folder), "CATALOGUE_URL": place.url})
    assert command.work([REPORT], argparse.Namespace(cell=cell)) is Exit.DONE
    return capsys.readouterr().out


def test_a_number_leads_to_its_bytes_and_to_every_check(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    told = explained(place, "applications.carried_over.total", capsys)
    reader = ArchiveReader(place.folder / "warc")
    [entry] = list(reader.find("http://www.example.gov.cn/nb/0/2022.htm"))
    assert f"{entry.file} @ {entry.offset}  {entry.record_id}" in told
    assert "sha256:" in told
    assert "位置 place: line 35" in told
    assert "原文 as printed: “0”" in told
    assert "所在 in: 表三 二、上年结转政府信息公开申请数量／总计" in told
    assert "[pass] A1.total" in told
    assert "[pass] A3.carried_over" in told
    assert "[fail] C1.total: carried_over(Y) = carried_forward(Y-1)  (0 / 2)" in told
    assert "[fail] C1 表三“上年结转”总计填0" in told


def test_every_number_of_every_table_is_explained(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    with Catalogue(place.url) as catalogue:
        chain = find_chain(catalogue, REPORT)
    assert chain is not None
    assert len(chain.cells) == 200
    for cell in chain.cells[::13]:
        told = explained(place, cell["key"], capsys)
        assert f"位置 place: {cell['locator']}\n" in told
        assert f"原文 as printed: “{cell['raw']}”" in told
        wanted = [check["id"] for check in chain.checks if f'"{cell["key"]}"' in check["cells"]]
        assert all(f"] {name}: " in told for name in wanted)


def test_a_key_that_is_none_names_the_nearest(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Refusal, match=r"applications\.result_total\.total"):
        explained(place, "applications.result_total", capsys)
