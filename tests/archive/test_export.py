"""`scrapy export`: the tables say what the reports say, safely, and the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from archive.audit.run import Scope, run_audit
from archive.catalogue import Catalogue
from archive.export.conduct import conduct_table, said_of
from archive.export.indicators import work_out
from archive.export.masking import IDENTITY, PHONE, masked
from archive.export.model import Table, columns
from archive.export.source import load_source
from archive.export.sums import county_sums
from archive.export.tables import TABLES
from archive.export.write import as_csv, as_jsonl, as_parquet, as_xlsx
from archive.register import PublisherKind, load_register
from archive.warc.reader import ArchiveReader
from extract.rebuild import rebuild
from parser.dictionary import cell_terms, dictionary
from tests.archive.test_audit_commands import Done, scrapy
from tests.extract.rebuild_making import Day, register_file, report_text, town_url


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two towns over two years; one number of one report is changed after publication."""
    data = tmp_path_factory.mktemp("export")
    first, second = Day("2025-01-22"), Day("2025-02-10")
    for day in (first, second):
        day.report("甲", 2023)
        day.report("乙", 2023)
    first.report("甲", 2024)
    changed = report_text("甲", 2024, published="2025-01-20", index="=001/2025-00001")
    changed = changed.replace("| 12 |", "| 13 |").replace(
        "我镇因政府信息", "我镇因（13812345678）政府信息", 1
    )
    second.report("甲", 2024, text=changed)
    for day in (first, second):
        day.write(data / "archive")
    register = load_register([register_file(data)])
    with Catalogue(f"sqlite:///{data / 'catalogue.sqlite'}") as catalogue:
        rebuild(data / "archive", catalogue, register, isolated=False)
    return data


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "data")
    return tmp_path / "data"


def export(data: Path, *options: str) -> Done:
    return scrapy(data, "export", "--out", str(data / "out"), *options)


def read(data: Path, name: str) -> list[dict[str, str]]:
    text = (data / "out" / f"{name}.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_tables_of_a_small_county(data: Path) -> None:
    done = export(data, "--years", "2023-2024", "--as-of", "2025-02-11")
    assert done.returncode == 0, done.stderr
    panel = read(data, "panel")
    assert len(panel) == 7 * 2, "every body of the register, whether or not a report is there"
    held = {(row["publisher_code"], row["report_year"]): row["presence"] for row in panel}
    assert held["999901-1", "2024"] == "held"
    assert {row["figure_scope"] for row in panel if row["held"] == "1"} == {"own_body"}
    assert held["999901-3", "2024"] != "held"
    assert {row["as_of"] for row in panel} == {"2025-02-11"}
    reports = read(data, "reports")
    assert [(row["publisher_code"], row["report_year"]) for row in reports] == [
        ("999901-1", "2023"), ("999901-1", "2024"), ("999901-2", "2023")
    ]  # fmt: skip
    long = {
        (row["publisher_code"], row["report_year"], row["key"]): row["value"] for row in read(data, "cells")
    }
    for row in read(data, "cells_wide"):
        found = [key for key in row if key.count(".")]
        assert set(found) >= {term.key for term in cell_terms()}
        for key in found:
            assert row[key] == long.get((row["publisher_code"], row["report_year"], key), ""), key
    assert any(value == "12" for value in long.values())


def test_revisions_name_each_changed_number(data: Path) -> None:
    assert export(data, "--tables", "revisions,date_evidence").returncode == 0
    rows = read(data, "revisions")
    assert rows
    assert {(row["before"], row["after"]) for row in rows if row["change"] == "cell"} == {("12", "13")}
    assert {row["publisher_code"] for row in rows} == {"999901-1"}
    evidence = [row for row in read(data, "date_evidence") if row["report_year"] == "2024"]
    assert {row["claim"] for row in evidence} >= {"published", "capture"}
    assert {row["index_year"] for row in evidence} == {"2025"}
    assert {row["index_number"] for row in evidence} == {"'=001/2025-00001"}


def test_indicators_print_their_formula_and_count_who_was_judged(data: Path) -> None:
    assert export(data, "--years", "2023", "--as-of", "2025-02-11").returncode == 0
    rows = [row for row in read(data, "indicators") if row["indicator"] == "natural_person_share"]
    cells = {row["key"]: float(row["value"]) for row in read(data, "cells") if row["value"]}
    own = next(row for row in rows if row["scope"] == "report")
    natural, whole = (cells[f"applications.new_received.{name}"] for name in ("natural_person", "total"))
    assert float(own["value"]) == pytest.approx(natural / whole)
    assert own["formula"] == "(applications.new_received.natural_person) / (applications.new_received.total)"
    both = next(row for row in rows if row["scope"] == "county_units")
    assert (both["n_judged"], both["n_expected"]) == ("2", "7")
    for row in read(data, "indicators"):
        assert bool(row["value"]) != bool(row["why_null"])


def test_a_countys_totals_stand_beside_the_sum_of_its_units(data: Path) -> None:
    register = load_register([data / "county.yml"])
    with Catalogue(f"sqlite:///{data / 'catalogue.sqlite'}") as catalogue:
        source = load_source(catalogue, register)
        audit = run_audit(catalogue, register, Scope(date(2025, 2, 11), None, (2023,), ("999901",)))
    one, *units = [held for held in source.held if held.year == 2023]
    of_county = one.publisher.model_copy(update={"kind": PublisherKind.COUNTY_GOVERNMENT})
    county = replace(one, publisher=of_county)
    rows = county_sums(replace(source, held=(county, *units)), audit).rows
    key = "applications.new_received.total"
    row = next(row for row in rows if row["key"] == key)
    assert row["county_total"] == one.value(key) == 20
    assert row["units_sum"] == sum(unit.value(key) or 0 for unit in units) == 20
    assert (row["difference"], row["n_told"], row["n_held"], row["n_expected"]) == (0, 1, 1, 6)
    assert row["figure_scope"] == "own_body"
    assert not county_sums(source, audit).rows, "no report of the county itself"


def test_a_blank_operand_gives_no_share(data: Path) -> None:
    with Catalogue(f"sqlite:///{data / 'catalogue.sqlite'}") as catalogue:
        source = load_source(catalogue, load_register([data / "county.yml"]))
    held = source.held[0]
    held.cells["applications.result_partial.total"]["value"] = None
    shares = {share.key: share for share in work_out(held)}
    assert shares["disclosure_rate"].value is None
    assert "result_partial" in (shares["disclosure_rate"].why_null or "")
    assert shares["full_disclosure_rate"].value is not None


def test_facts_fees_and_conduct(data: Path) -> None:
    assert export(data).returncode == 0
    facts = [row for row in read(data, "facts") if row["report_year"] == "2023"]
    assert any(row["key"] == "applications_received" and row["quote"] for row in facts)
    persons = {row["persons"] for row in read(data, "accountability")}
    assert persons == {"2"}, "the seed tells of two persons"
    assert len(read(data, "fees")) == len(read(data, "similarity")) == 3
    alike = next(row for row in read(data, "similarity") if row["publisher_code"] == "999901-2")
    assert float(alike["similarity_nearest"]) == pytest.approx(1.0, abs=0.02), "the same seed under two names"


@pytest.mark.parametrize(
    ("clauses", "said"),
    [
        (["全年无责任追究情形"], "none"),
        (["因公开不及时被问责2人"], "yes"),
        (["健全责任追究制度"], "rule"),
        (["健全责任追究制度", "未发生责任追究"], "none"),
        (["责任追究情况为0"], "none"),
        (["今年天气不错"], None),
    ],
)
def test_a_duty_told_is_no_event(clauses: Sequence[str], said: str | None) -> None:
    duty = next(duty for duty in conduct_table().duties if duty.key == "accountability")
    assert said_of(duty, clauses)[0] == said


def test_every_column_and_cell_is_in_the_dictionary(data: Path) -> None:
    assert export(data).returncode == 0
    rows = read(data, "dictionary")
    told = {(row["table"], row["key"]) for row in rows}
    for name in TABLES:
        header = (data / "out" / f"{name}.csv").read_text("utf-8-sig").splitlines()[0].split(",")
        assert {(name, column) for column in header} <= told
    assert all(row["zh"] and row["en"] for row in rows)
    by_key = {row["key"]: row for row in rows if row["table"] == "cells_wide"}
    issued = by_key["proactive_disclosure.normative_documents.issued"]
    assert issued["formats"] == "v2021"
    assert "2021" in issued["series_breaks"]
    assert "万元" in by_key["proactive_disclosure.fees.amount_wan_yuan"]["unit"]
    assert "2024" in by_key["review_litigation.review_total"]["series_breaks"]
    used = {key.rpartition(".")[2] for _, key in told}
    assert {name.rpartition(".")[2] for name in dictionary().columns} <= used, "words for no column"


def test_the_keys_are_those_of_the_golden_files() -> None:
    golden = Path(__file__).parents[1] / "golden"
    known = {term.key for term in cell_terms()}
    for path in golden.glob("*.json"):
        tables = json.loads(path.read_text("utf-8"))["tables"]
        keys = {
            f"proactive_disclosure.{row['key']}.{cell}"
            for row in tables["proactive_disclosure"]["rows"]
            for cell in row["cells"]
        }
        keys |= {
            f"applications.{row['key']}.{column}"
            for row in tables["applications"]["rows"]
            for column in row["values"]
        }
        keys |= {f"review_litigation.{key}" for key in tables["review_litigation"]["cells"]}
        assert keys <= known


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "xlsx"])
def test_the_same_bytes_each_time(data: Path, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    options = ("--format", form) if form == "csv" else ("--format", form, "--tables", "panel,facts")
    assert export(data, *options).returncode == 0
    first = {path.name: path.read_bytes() for path in (data / "out").iterdir()}
    assert export(data, *options).returncode == 0
    assert {path.name: path.read_bytes() for path in (data / "out").iterdir()} == first
    assert len(first) == {"csv": len(TABLES) + 2, "xlsx": 2}.get(form, 4)


def test_no_telephone_number_leaves(data: Path) -> None:
    assert export(data, "--format", "jsonl").returncode == 0
    whole = "".join(path.read_text("utf-8") for path in (data / "out").glob("*.jsonl"))
    assert "13812345678" not in whole
    assert "138********" in whole  # masked in the catalogue already


def test_parquet_without_its_library_is_refused(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = export(data, "--format", "parquet")
    assert done.returncode == 2
    assert "nianbao[parquet]" in done.stderr
    assert len(done.stderr.splitlines()) == 1


NUMBER = "001008006002065"
AWKWARD = Table(
    "awkward",
    columns("code words:text n:number whole:integer flag:flag day:day"),
    [
        {
            "code": "001008006002065",
            "words": "=1+1",
            "n": -1.5,
            "whole": 3,
            "flag": True,
            "day": date(2025, 1, 2),
        },
        {"code": "+5", "words": "@x\x07", "n": None, "whole": None, "flag": None, "day": None},
        {"code": "-5", "words": "＝1", "n": 12.0, "whole": 0, "flag": False, "day": None},
        {"code": "a\nb", "words": " =1", "n": 0.0, "whole": 1, "flag": False, "day": None},
    ],
)


def test_no_text_becomes_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(AWKWARD).decode("utf-8-sig"))))
    assert rows[1] == [NUMBER, "'=1+1", "-1.5", "3", "1", "2025-01-02"]
    assert rows[2] == ["'+5", "'@x", "", "", "", ""]
    assert rows[3] == ["'-5", "'＝1", "12", "0", "0", ""]
    assert rows[4][:2] == ["a\nb", "' =1"]
    sheet = load_workbook(io.BytesIO(as_xlsx([AWKWARD])))["awkward"]
    told = list(sheet.iter_rows(min_row=2))
    assert [cell.data_type for cell in told[0]] == ["s", "s", "n", "n", "n", "d"]
    assert (told[0][0].value, told[0][0].number_format) == (NUMBER, "@")
    assert told[0][1].value == "'=1+1"
    assert told[1][2].value is None
    assert sheet.freeze_panes == "A2"


def test_machines_get_the_text_as_it_is() -> None:
    lines = [json.loads(line) for line in as_jsonl(AWKWARD).splitlines()]
    assert lines[0]["words"] == "=1+1"
    assert lines[1] == {"code": "+5", "words": "@x\x07", "n": None, "whole": None, "flag": None, "day": None}
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(as_parquet(AWKWARD)))
    assert table.column("n").to_pylist() == [-1.5, None, 12.0, 0.0]
    assert table.column("day").to_pylist()[0] == date(2025, 1, 2)
    assert str(table.schema.field("whole").type) == "int64"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("联系电话：13812345678。", f"联系电话：{PHONE}。"),
        ("手机138 1234 5678", f"手机{PHONE}"),
        ("电话１３８１２３４５６７８", f"电话{PHONE}"),
        ("传真：0575-87019999", f"传真：{PHONE}"),
        ("电话：87019999", f"电话：{PHONE}"),
        ("身份证330681199001011234号", f"身份证{IDENTITY}号"),
        ("身份证33068119900101123X", f"身份证{IDENTITY}"),
        ("索引号001008006002065/2024-154563", None),
        ("索引号11330681002596074X/2024-00012", None),
        ("收费13812.34万元，公开信息1380000条", None),
        ("20240122公开第87019999号文件", None),
    ],
)
def test_personal_numbers_are_masked(text: str, expected: str | None) -> None:
    assert masked(text) == (text if expected is None else expected)


def test_what_is_suppressed_is_left_out(data: Path) -> None:
    [digest] = {
        capture.pointer.payload_digest
        for capture in ArchiveReader(data / "archive").captures()
        if capture.url == town_url("乙", 2023)
    }
    line = json.dumps({"digest": digest, "reason": "for a test", "date": "2026-02-03"})
    (data / "suppress.jsonl").write_text(line + "\n", "utf-8")
    assert export(data).returncode == 0
    for name in TABLES:
        rows = [row for row in read(data, name) if row.get("publisher_code") == "999901-2"]
        if name == "panel":
            [row] = [row for row in rows if row["report_year"] == "2023"]
            assert (row["suppressed"], row["presence"], row["title"], row["url"]) == ("1", "held", "", "")
        else:
            assert not rows, name
    (data / "suppress.jsonl").write_text('{"digest": 5}\n', "utf-8")
    done = export(data)
    assert done.returncode == 4
    assert "suppress.jsonl" in done.stderr


def test_sample_and_real_data_never_mix(data: Path) -> None:
    assert export(data, "--tables", "reports").returncode == 0
    text = (data / "county.yml").read_text("utf-8")
    (data / "county.yml").write_text(text.replace("name: 某县}", "name: 某县, sample: true}"), "utf-8")
    done = export(data, "--tables", "reports")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    (data / "out" / "export.json").unlink()
    assert export(data, "--tables", "reports").returncode == 0
    assert (data / "out" / "sample_reports.csv").exists()
    (data / "out" / "export.json").unlink()
    done = export(data, "--county", "999901", "330681")
    assert done.returncode == 2
    assert "together" in done.stderr


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--tables", "nonsense"), 2),
        (("--as-of", "2025-13-01"), 2),
        (("--years", "2030"), 2),
        (("--county", "000000"), 2),
        (("--format", "doc"), 2),
    ],
)
def test_refusals(data: Path, options: tuple[str, ...], code: int) -> None:
    done = export(data, *options)
    assert done.returncode == code
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert not (data / "out").exists()
