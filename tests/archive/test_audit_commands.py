"""`scrapy rebuild`, `audit`, `explain`, `register`: what they print, their exit codes, their refusals."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from scrapy.cmdline import execute
from scrapy.settings import Settings

from archive.audit.withheld import WITHHELD
from archive.warc.reader import ArchiveReader
from tests.extract.rebuild_making import Day, register_file, report_text, town_url

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def settings_of(data: Path) -> list[str]:
    places = (
        f"DATA_DIR={data}",
        f"ARCHIVE_DIR={data / 'archive'}",
        f"CATALOGUE_URL=sqlite:///{data / 'catalogue.sqlite'}",
        f"REGISTER_FILES={data / 'county.yml'}",
    )
    return [part for place in places for part in ("-s", place)]


def scrapy(data: Path, *arguments: str) -> Done:
    """A command as `scrapy` runs it, in this process: starting Scrapy takes longer than the work."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with chdir(ROOT), redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
        execute(["scrapy", *arguments, *settings_of(data)], settings)
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return Done(int(end.value.code or 0), *texts)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two crawls after the due day, rebuilt: one held, one late, the rest missing."""
    folder = tmp_path_factory.mktemp("data")
    path = register_file(folder, towns=("甲", "乙", "丙"))
    text = path.read_text("utf-8")
    bureau = (
        "  - {code: 999901-9, county_code: '999901', kind: county_department, official_name: 某县示例丁镇局}"
    )
    path.write_text(text + bureau, encoding="utf-8")
    for day_ in ("2025-02-10", "2025-02-13"):
        day = Day(day_)
        day.report("甲", 2024)
        text = report_text("丁", 2024, published="2025-02-08")
        late = re.sub("示例丁镇(?:人民政府)?", "示例丁镇局", text)
        title = "示例丁镇局2024年政府信息公开工作年度报告"
        day.add(town_url("丁", 2024), late, title=title, publisher_hint="999901-9")
        day.write(folder / "archive")
    command = [sys.executable, "-m", "scrapy", "rebuild", *settings_of(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "报告 reports 2" in done.stdout
    return folder


def audited(data: Path, *arguments: str) -> Done:
    return scrapy(data, "audit", "--as-of", "2025-02-14", "--years", "2024", *arguments)


def test_the_table_tells_numbers_reasons_and_both_days(data: Path) -> None:
    done = audited(data)
    assert done.returncode == 22, done.stderr
    assert "as of 2025-02-14" in done.stdout
    assert "seen until 全部 all" in done.stdout
    [numbers] = [line.split()[1:] for line in done.stdout.splitlines() if re.match(r"\s*某县\s+\d", line)]
    assert numbers == ["4", "1", "1", "0", "2", "0", "0", "0", "2", numbers[-1]]
    assert "逾期" in done.stdout
    assert "超过8天" in done.stdout
    assert "示例乙镇人民政府 2024年度  未检索到" in done.stdout
    assert "\x1b[" not in done.stdout  # no terminal, no colours
    assert done.stderr == ""


def test_what_is_suppressed_is_judged_and_not_told(data: Path, tmp_path: Path) -> None:
    """practice.md §7: the status stays, title and address and what the report says do not."""
    own = tmp_path / "data"
    shutil.copytree(data, own)
    before = verdicts_of(audited(own, "--format", "json").stdout)
    key, row = next((key, row) for key, row in before.items() if row["title"] and row["presence"] == "held")
    [digest] = {
        capture.pointer.payload_digest
        for capture in ArchiveReader(own / "archive").captures()
        if capture.url == row["url"]
    }
    line = {"digest": digest, "reason": "for a test", "date": "2026-02-03"}
    (own / "suppress.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    told = forms(own)
    after = verdicts_of(told["json"])
    assert (after[key]["presence"], after[key]["timeliness"]) == (row["presence"], row["timeliness"])
    assert after[key]["title"] == after[key]["url"] == WITHHELD
    for name, text in told.items():
        assert row["url"] not in text, name
        assert WITHHELD in text or name in {"letter", "table", "html"}, name  # which tell only what is wrong
    assert {k: r for k, r in after.items() if k != key} == {k: r for k, r in before.items() if k != key}
    (own / "suppress.jsonl").write_text("{}\n", "utf-8")
    assert audited(own).returncode == 4


def verdicts_of(text: str) -> dict[tuple[str, int], dict[str, object]]:
    rows = [row for county in json.loads(text)["counties"] for row in county["verdicts"]]
    return {(row["publisher_code"], row["report_year"]): row for row in rows}


def forms(data: Path) -> dict[str, str]:
    """Every form of the audit as text; of the workbook every cell."""
    told = {
        name: audited(data, "--format", name).stdout for name in ("table", "csv", "json", "html", "letter")
    }
    audited(data, "--format", "xlsx")
    [path] = (data / "audit").glob("*.xlsx")
    book = load_workbook(path)
    told["xlsx"] = "\n".join(str(c.value) for sheet in book for line in sheet.iter_rows() for c in line)
    return told


def test_the_same_again_with_seen_until(data: Path) -> None:
    done = audited(data, "--seen-until", "2025-02-10")
    assert done.returncode == 21, done.stdout
    assert "暂未检索到" in done.stdout
    assert "seen until 2025-02-10T23:59:59+08:00" in done.stdout


def test_csv_has_a_row_for_every_publisher_and_year(data: Path) -> None:
    done = audited(data, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff"))))
    assert {(row["publisher_code"], row["presence"]) for row in rows} == {
        ("999901-1", "held"),
        ("999901-2", "missing"),
        ("999901-3", "missing"),
        ("999901-9", "held"),
    }
    assert {row["as_of"] for row in rows} == {"2025-02-14"}
    late = next(row for row in rows if row["publisher_code"] == "999901-9")
    assert (late["timeliness"], late["days_late"], late["basis"]) == ("late", "8", "statute")
    assert all(row["evidence"].count("urn:uuid") >= 1 for row in rows)


def test_json_links_each_status_to_records(data: Path) -> None:
    whole = json.loads(audited(data, "--format", "json").stdout)
    assert (whole["as_of"], whole["seen_until"], whole["years"]) == ("2025-02-14", None, [2024])
    [county] = whole["counties"]
    assert county["tally"]["missing"] == 2
    assert county["last_complete_walk"].startswith("2025-02-13")
    for verdict in county["verdicts"]:
        assert verdict["evidence"], verdict["publisher"]
        assert all(item["record_id"].startswith("<urn:uuid:") for item in verdict["evidence"])


class _Links(HTMLParser):
    """Anchors asked for and given, and whatever would be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()
        self.given: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.given.append(str(found["id"]))
        if tag == "a" and str(found.get("href", "")).startswith("#"):
            self.asked.add(str(found["href"])[1:])
        if tag in {"script", "link", "img", "iframe"}:
            self.fetched.append(tag)


def test_the_page_is_whole_in_itself_and_its_links_lead_somewhere(data: Path) -> None:
    page = audited(data, "--format", "html").stdout
    links = _Links()
    links.feed(page)
    assert links.fetched == []
    assert "url(" not in page
    assert links.asked
    assert links.asked <= set(links.given)
    assert len(links.given) == len(set(links.given))
    assert "2025-02-14" in page
    assert "逾期" in page
    assert "<urn:uuid" not in page  # escaped
    assert "&lt;urn:uuid" in page


def test_exit_codes(data: Path) -> None:
    assert scrapy(data, "audit", "--as-of", "2025-01-31", "--years", "2024").returncode == 0  # nobody is due
    assert scrapy(data, "audit", "--as-of", "2025-02-14", "--years", "2023").returncode == 23
    assert audited(data, "--seen-until", "2025-02-09").returncode == 23


def test_several_forms_are_written_into_a_folder(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "核查"
    done = audited(data, "--format", "table,json,csv,html,xlsx,letter", "--out", str(out))
    assert done.returncode == 22, done.stderr
    written = [Path(line) for line in done.stdout.splitlines()]
    assert sorted(path.name for path in out.iterdir()) == sorted(path.name for path in written)
    stem = "某县_2024年度_年报核查"
    assert {path.name for path in written} == {
        *(f"{stem}_截至2025-02-14.{ending}" for ending in ("txt", "json", "csv", "html")),
        f"{stem}台账_截至2025-02-14.xlsx",
        f"{stem}函_截至2025-02-14.txt",
    }
    book = load_workbook(out / f"{stem}台账_截至2025-02-14.xlsx")
    assert {row[1] for row in book["台账"].iter_rows(min_row=2, values_only=True)} >= {"某县示例乙镇人民政府"}
    assert "示例丙镇" in (out / f"{stem}函_截至2025-02-14.txt").read_text("utf-8")
    assert json.loads((out / f"{stem}_截至2025-02-14.json").read_text("utf-8"))["as_of"] == "2025-02-14"


def test_a_workbook_alone_goes_into_the_data_folder(data: Path) -> None:
    done = audited(data, "--format", "xlsx")
    [path] = done.stdout.splitlines()
    assert Path(path).parent == data / "audit"
    assert Path(path).exists()


def test_a_folder_that_is_none_is_refused(data: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    done = audited(data, "--format", "xlsx", "--out", str(tmp_path / "taken"))
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)


def test_decisions_and_changes_since_a_former_audit(data: Path, tmp_path: Path) -> None:
    former = tmp_path / "former.json"
    former.write_text(
        audited(data, "--format", "json", "--seen-until", "2025-02-10").stdout, encoding="utf-8"
    )
    journal = data / "verdicts" / "999901.jsonl"
    journal.parent.mkdir()
    line = {
        "publisher": "999901-2",
        "year": 2024,
        "decision": "under_review",
        "reason": "已去函",
        "who": "某科",
    }
    try:
        journal.write_text(json.dumps({**line, "date": "2025-02-13"}) + "\n{\n", encoding="utf-8")
        done = audited(data, "--since", str(former))
    finally:
        shutil.rmtree(journal.parent)
    assert done.returncode == 22, "the exit code is that of the whole audit"
    assert "暂未检索到 → 未检索到；有新的采集" in done.stdout
    assert "人工核定 a person decided: 核实中：已去函（某科，2025-02-13）" in done.stdout
    assert "示例甲镇" not in done.stdout, "nothing changed there"
    assert done.stderr.startswith("人工核定有误")
    assert "999901.jsonl 第2行" in done.stderr
    assert audited(data, "--since", str(tmp_path / "nowhere.json")).returncode == 4


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("audit",), 2, "--as-of"),
        (("audit", "--as-of", "2025-02-30"), 2, "2025-02-30"),
        (("audit", "--as-of", "20250214"), 2, "20250214"),
        (("audit", "--as-of", "2025-02-14", "--years", "2025-2023"), 2, "--years"),
        (("audit", "--as-of", "2025-02-14", "--county", "000000"), 2, "000000"),
        (("audit", "--as-of", "2025-02-14", "--seen-until", "yesterday"), 2, "yesterday"),
        (("audit", "--as-off", "2025-02-14"), 2, "--as-off"),
        (("rebuild", "--every"), 2, "--every"),
        (("explain",), 2, "explain"),
        (("explain", "999901-2:2024"), 5, "999901-2:2024"),
        (("explain", "999901-1:2024", "--cell", "no.such"), 5, "no.such"),
        (("register", "export", "x.xlsx"), 2, "export"),
        (("register", "import", "x.xlsx"), 4, "x.xlsx"),
        (("audit", "--as-of"), 2, "选项后缺少值"),
        (("audit", "--as-of", "2025-02-14", "--format", "pdf"), 2, "没有这个选择"),
        (("audit", "--as-of", "2025-02-14", "--years", "2025"), 2, "没有可核查的报告年度"),
        (("audit", "--as-of", "2999-01-01"), 2, "2999-01-01"),
        (("rebuild", "--workers", "two"), 2, "应为整数"),
        (("report", "x.html", "--url", "x"), 2, "不是网址"),
        (("report", "y" * 300), 4, "y" * 300),
        (("precheck", "y" * 300), 4, "y" * 300),
    ],
)
def test_refusals_are_one_line_with_their_exit_code(
    data: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = scrapy(data, *arguments)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_nothing_to_judge_and_nothing_to_read(tmp_path: Path) -> None:
    register_file(tmp_path)
    before = scrapy(tmp_path, "audit", "--as-of", "2025-02-14")
    assert before.returncode == 5
    assert "scrapy rebuild" in before.stderr
    assert scrapy(tmp_path, "audit", "--as-of", "2025-02-14").returncode == 5  # the second time too
    assert not (tmp_path / "catalogue.sqlite").exists(), "a question leaves no file behind"
    (tmp_path / "archive").mkdir()  # a folder, but no archive
    for command in ("rebuild", "verify"):
        done = scrapy(tmp_path, command)
        assert (done.returncode, len(done.stderr.splitlines())) == (4, 1)
        assert str(tmp_path / "archive") in done.stderr


def test_a_wrong_register_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "county.yml").write_text("format: 1\nprovenance: test\npublisher: []\n", encoding="utf-8")
    (tmp_path / "archive" / "warc").mkdir(parents=True)
    done = scrapy(tmp_path, "rebuild")
    assert done.returncode == 4
    assert "county.yml" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_explain_leads_to_the_bytes(data: Path) -> None:
    done = scrapy(data, "explain", "999901-1:2024", "--cell", "applications.new_received.total")
    assert done.returncode == 0, done.stderr
    assert "applications.new_received.total = 20" in done.stdout
    assert "A1.total" in done.stdout
    places = re.findall(r"(\S+\.warc\S*) @ (\d+)  <urn:uuid:", done.stdout)
    assert len(places) == 2
    for file, offset in places:
        magic = (data / "archive" / file).read_bytes()[int(offset) :][:2]
        assert magic == b"\x1f\x8b"  # a gzip member begins there
    by_address = scrapy(data, "explain", town_url("甲", 2024))
    assert "某县示例甲镇人民政府" in by_address.stdout
    assert "2025-01-20" in by_address.stdout


def test_the_users_list_changes_who_is_expected(data: Path, tmp_path: Path) -> None:
    register_file(tmp_path, towns=("甲", "乙", "丙"))
    for name in ("catalogue.sqlite", "county.yml"):
        (tmp_path / name).write_bytes((data / name).read_bytes())
    book = Workbook()
    for row in (["单位名称", "类别"], ["某县示例乙镇人民政府", "乡镇"], ["某县示例新局", "部门"]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "list.xlsx")
    book.close()
    done = scrapy(tmp_path, "register", "import", str(tmp_path / "list.xlsx"), "--county", "999901")
    assert done.returncode == 0, done.stderr
    assert "某县示例新局" in done.stdout
    assert "某县示例丙镇人民政府" in done.stdout
    rows = csv.DictReader(io.StringIO(audited(tmp_path, "--format", "csv").stdout.removeprefix("\ufeff")))
    expected = {row["publisher"]: row["expected_basis"] for row in rows if row["presence"] != "not_expected"}
    assert expected == {"某县示例乙镇人民政府": "user_list", "某县示例新局": "user_list"}


def test_a_list_that_does_not_hold_leaves_the_former_one(tmp_path: Path) -> None:
    register_file(tmp_path)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("单位名称", "县区"), ("某县示例戊局", "999901")):
        sheet.append(row)
    book.save(tmp_path / "list.xlsx")
    taken = tmp_path / "register"
    taken.write_text("", encoding="utf-8")  # the folder's place is taken: nothing can be written there
    refused = scrapy(tmp_path, "register", "import", str(tmp_path / "list.xlsx"))
    assert refused.returncode == 3
    assert len(refused.stderr.splitlines()) == 1
    taken.unlink()
    assert scrapy(tmp_path, "register", "import", str(tmp_path / "list.xlsx")).returncode == 0
    assert [path.name for path in taken.iterdir()] == ["user_list.yml"]


def test_a_closed_pipe_is_no_crash(data: Path) -> None:
    command = [sys.executable, "-m", "scrapy", "portals", "--schema", *settings_of(data)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
