"""Rebuild: incremental equals from nothing, by content hash; one bad page never ends a run; no socket."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

import extract
from archive.audit.run import Audit, Scope, run_audit
from archive.catalogue import Catalogue, schema
from archive.context import Role, WalkResult
from archive.register import Register, load_register
from archive.warc.capture import Capture
from archive.warc.errors import ArchiveDamaged
from extract.office import converter
from extract.rebuild import rebuild
from parser.document import Document
from tests.extract.rebuild_making import Day, register_file, report_text, town_url

ROOT = Path(__file__).parents[2]


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return load_register([register_file(tmp_path)])


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "warc"


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as opened:
        yield opened


def audit(
    catalogue: Catalogue, register: Register, as_of: str, *years: int, seen: Day | None = None
) -> Audit:
    until = None if seen is None else seen.start.replace(hour=23)
    return run_audit(catalogue, register, Scope(date.fromisoformat(as_of), until, years, ("999901",)))


def status(audit: Audit, n: int, year: int) -> tuple[str | None, ...]:
    found = next(v for v in audit.verdicts if (v.publisher.code, v.report_year) == (f"999901-{n}", year))
    return found.presence, found.timeliness, found.content[0] if found.content else None


def all_hash(archive: Path, register: Register, folder: Path) -> dict[str, str]:
    with Catalogue(f"sqlite:///{folder / 'other.sqlite'}") as other:
        rebuild(archive, other, register, everything=True, isolated=False)
        return other.content_hash()


def three_days() -> list[Day]:
    """Reports appear, one is changed, one is taken down, one cannot be had, one is no report."""
    first, second, third = Day("2025-01-22"), Day("2025-02-10"), Day("2025-02-13")
    for day in (first, second, third):
        day.report("甲", 2023)
    first.report("乙", 2024, published="2025-01-20")
    changed = report_text("乙", 2024, published="2025-01-20").replace("| 12 |", "| 13 |")
    second.report("乙", 2024, text=changed)
    third.report("乙", 2024, text=changed)
    first.report("丙", 2024, published="2025-01-21")
    second.add(town_url("丙", 2024), "gone", status="404 Not Found", listed=False)
    third.add(town_url("丙", 2024), "gone", status="404 Not Found", listed=False)
    second.report("丁", 2024, published="2025-02-07")
    third.report("丁", 2024, published="2025-02-07")
    third.fail("http://www.example.gov.cn/nb/x.htm", title="示例戊镇2024年政府信息公开工作年度报告")
    third.add(
        "http://www.example.gov.cn/nb/n.htm", "关于召开会议的通知\n各单位：\n请准时参加。\n", title="通知"
    )
    return [first, second, third]


def test_incremental_equals_from_nothing_after_each_crawl(
    tmp_path: Path, archive: Path, catalogue: Catalogue, register: Register
) -> None:
    for day in three_days():
        day.write(archive)
        summary = rebuild(archive, catalogue, register)
        assert summary.read == len(day.captures)
        assert catalogue.content_hash() == all_hash(archive, register, tmp_path)


def test_nothing_is_read_twice_and_nothing_changes(
    archive: Path, catalogue: Catalogue, register: Register
) -> None:
    for day in three_days():
        day.write(archive)
    first = rebuild(archive, catalogue, register)
    before = catalogue.content_hash()
    again = rebuild(archive, catalogue, register)
    assert (again.read, again.kept) == (0, first.captures)
    assert catalogue.content_hash() == before
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    elsewhere = {"guest", "stray", "open_row", "organ_walk"}  # test_audit_ledger.py, test_register_lists.py
    tested = {table: value != empty for table, value in before.items() if table not in elsewhere}
    assert all(tested.values()), tested  # every table was put to the test


def test_another_extractor_reads_everything_again(
    archive: Path, catalogue: Catalogue, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = Day("2025-01-22")
    day.report("甲", 2023)
    day.write(archive)
    rebuild(archive, catalogue, register)
    monkeypatch.setattr(extract, "EXTRACTOR_VERSION", "another")
    assert rebuild(archive, catalogue, register, isolated=False).read == 1


def test_another_register_reads_everything_again(
    tmp_path: Path, archive: Path, catalogue: Catalogue, register: Register
) -> None:
    day = Day("2025-01-22")
    day.report("甲", 2023)
    day.write(archive)
    fewer = load_register([register_file(tmp_path, towns=("乙",))])
    assert rebuild(archive, catalogue, fewer).reports == 0
    assert rebuild(archive, catalogue, register).reports == 1
    assert catalogue.content_hash() == all_hash(archive, register, tmp_path)


def test_what_left_the_archive_leaves_the_catalogue(
    tmp_path: Path, archive: Path, catalogue: Catalogue, register: Register
) -> None:
    one, two = Day("2025-01-22"), Day("2025-02-10")
    one.report("甲", 2023)
    two.report("乙", 2023)
    one.write(archive)
    rebuild(archive, catalogue, register)
    alone = catalogue.content_hash()
    two.write(archive)
    rebuild(archive, catalogue, register)
    for path in archive.rglob("*20250210*"):
        path.unlink()
    assert rebuild(archive, catalogue, register).removed == 1
    assert catalogue.content_hash() == alone


def test_a_page_that_breaks_the_reader_is_a_finding_and_the_run_goes_on(
    archive: Path, catalogue: Catalogue, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = Day("2025-01-22")
    day.report("甲", 2023)
    day.report("乙", 2023)
    day.add("http://www.example.gov.cn/nb/a.pdf", b"%PDF-1.4\n1 0 obj", kind="application/pdf")
    day.add("http://www.example.gov.cn/nb/empty.htm", b"", kind="text/html")
    day.write(archive)
    really = extract.read_capture

    def breaking(capture: Capture, register: Register) -> Document:
        if capture.url == town_url("乙", 2023):
            raise RecursionError("planted")
        return really(capture, register)

    monkeypatch.setattr(extract, "read_capture", breaking)
    summary = rebuild(archive, catalogue, register, isolated=False)
    assert (summary.captures, summary.broken, summary.unreadable, summary.reports) == (4, 1, 2, 1)
    captures = {row["record_id"]: row["url"] for row in catalogue.rows(schema.capture)}
    broken = [row for row in catalogue.rows(schema.finding) if row["code"] == "reader_broke"]
    assert [captures[row["record_id"]] for row in broken] == [town_url("乙", 2023)]
    assert "planted" in broken[0]["message"]


def test_a_file_that_takes_the_reader_down_is_a_finding_and_the_run_goes_on(
    archive: Path, catalogue: Catalogue, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "extract.rebuild_reading.TARGET", "tests.extract.worker_targets:reading_with_a_killer"
    )
    day = Day("2025-01-22")
    deeds = {"crash": "SIGSEGV", "exit": "exit 1", "hog": "内存"}
    day.report("甲", 2023)
    for deed in deeds:
        day.add(f"http://www.example.gov.cn/nb/{deed}.htm", report_text("乙", 2023, published=None))
    day.report("丙", 2023)
    day.write(archive)
    summary = rebuild(archive, catalogue, register, workers=2)
    assert (summary.captures, summary.broken, summary.reports) == (5, 3, 2)
    urls = {row["record_id"]: row["url"] for row in catalogue.rows(schema.capture)}
    told = [row for row in catalogue.rows(schema.finding) if row["code"] == "extractor_killed"]
    assert len(told) == 3
    for row in told:
        deed = urls[row["record_id"]].rpartition("/")[2].removesuffix(".htm")
        assert deeds[deed] in row["message"]


@pytest.mark.skipif(converter() is None, reason="LibreOffice is not installed")
def test_old_word_files_are_read_in_a_closed_off_process_too(
    archive: Path, catalogue: Catalogue, register: Register
) -> None:
    day = Day("2025-01-22")
    payload = (ROOT / "tests/pages/attachment_doc/page.wps").read_bytes()
    day.add("http://www.example.gov.cn/nb/a.wps", payload, kind="application/octet-stream")
    day.write(archive)
    assert rebuild(archive, catalogue, register).broken == 0
    [version] = catalogue.rows(schema.version)
    assert version["title"] == "示例一镇2024年政府信息公开工作年度报告"


def test_a_cut_answer_is_kept_and_not_read(archive: Path, catalogue: Catalogue, register: Register) -> None:
    day = Day("2025-01-22")
    day.report("甲", 2023)
    exchange, context = day.captures[0]
    day.captures[0] = (replace(exchange, truncated="disconnect"), context)
    day.write(archive)
    assert rebuild(archive, catalogue, register).reports == 0
    assert [row["code"] for row in catalogue.rows(schema.finding)] == ["capture_truncated"]


def test_workers_give_the_same(
    tmp_path: Path, archive: Path, catalogue: Catalogue, register: Register
) -> None:
    for day in three_days():
        day.write(archive)
    rebuild(archive, catalogue, register, workers=2)
    assert catalogue.content_hash() == all_hash(archive, register, tmp_path)


def test_damage_is_told_from_a_worker_too(archive: Path, catalogue: Catalogue, register: Register) -> None:
    day = Day("2025-01-22")
    day.report("甲", 2023)
    day.write(archive)
    [warc] = archive.rglob("*.warc.gz")
    data = bytearray(warc.read_bytes())
    data[len(data) // 2] ^= 0xFF
    warc.write_bytes(bytes(data))
    for workers in (1, 2):
        with pytest.raises(ArchiveDamaged):
            rebuild(archive, catalogue, register, workers=workers)


def test_failed_and_declined_exchanges_are_captures(
    archive: Path, catalogue: Catalogue, register: Register
) -> None:
    day = Day("2025-01-22", result=WalkResult.DECLINED)
    day.fail("http://www.example.gov.cn/nb/x.htm", "timeout")
    day.add("http://www.example.gov.cn/nb/y.htm", "no", status="412 Precondition Failed")
    day.add("http://www.example.gov.cn/robots.txt", "", status="404 Not Found", role=Role.ROBOTS)
    day.write(archive)
    rebuild(archive, catalogue, register)
    rows = {(row["status"], row["outcome"], row["version"]) for row in catalogue.rows(schema.capture)}
    assert rows == {(0, "timeout", None), (412, "response", None), (404, "response", None)}
    found = audit(catalogue, register, "2025-01-23", 2023)
    assert {(v.presence, v.not_crawled) for v in found.verdicts} == {("not_crawled", "declined")}


def test_cells_carry_their_evidence(archive: Path, catalogue: Catalogue, register: Register) -> None:
    day = Day("2024-01-28")
    day.report("甲", 2023)
    day.write(archive)
    rebuild(archive, catalogue, register)
    cells = {row["key"]: row for row in catalogue.rows(schema.cell)}
    cell = cells["applications.new_received.natural_person"]
    assert (cell["value"], cell["state"]) == (20, "read")
    assert cell["locator"]
    assert "review_litigation.review_total" in cells
    assert any(key.startswith("proactive_disclosure.fees.") for key in cells)
    with catalogue.engine.connect() as connection:
        query = select(schema.capture.c.file, schema.capture.c.offset, schema.capture.c.payload_digest).where(
            schema.capture.c.version == cell["version"]
        )
        [(file, offset, digest)] = connection.execute(query).all()
    assert (archive / file).is_file()
    assert offset > 0
    assert digest.startswith("sha256:")


def test_the_story_of_three_days(archive: Path, catalogue: Catalogue, register: Register) -> None:
    days = three_days()
    for day in days:
        day.write(archive)
    rebuild(archive, catalogue, register)
    found = audit(catalogue, register, "2025-02-14", 2023, 2024)
    assert status(found, 1, 2023) == ("held", "on_time", "complete")
    assert status(found, 2, 2024) == ("held", "on_time", "replaced")
    assert status(found, 3, 2024) == ("withdrawn", "on_time", "complete")
    assert status(found, 4, 2024) == ("held", "late_by_practice", "complete")
    assert status(found, 5, 2024)[0] == "not_crawled"  # listed, but the page could not be had
    assert status(found, 6, 2024)[0] == "missing"
    changed = next(v.report for v in found.verdicts if v.publisher.code == "999901-2" and v.report)
    assert changed.replaced_on == date(2025, 2, 10)
    assert changed.changed_cells
    tally = found.counties[0].tally
    parts = (tally.on_time, tally.late, tally.late_by_practice, tally.missing, tally.doubtful)
    assert tally.expected == sum(parts) + tally.not_crawled + tally.not_yet_due


def test_seen_until_gives_the_same_whenever_it_is_asked(
    archive: Path, catalogue: Catalogue, register: Register
) -> None:
    first, second, third = three_days()
    first.write(archive)
    second.write(archive)
    rebuild(archive, catalogue, register)
    then = audit(catalogue, register, "2025-02-14", 2023, 2024, seen=second)
    third.write(archive)
    rebuild(archive, catalogue, register)
    assert audit(catalogue, register, "2025-02-14", 2023, 2024, seen=second).verdicts == then.verdicts
    assert status(then, 6, 2024)[0] == "missing_unconfirmed"
    assert status(audit(catalogue, register, "2025-02-14", 2024), 6, 2024)[0] == "missing"


def test_a_column_from_which_many_vanish_together_is_doubted(
    archive: Path, catalogue: Catalogue, register: Register
) -> None:
    towns = ("甲", "乙", "丙", "丁", "戊", "己")
    for date_ in ("2025-02-10", "2025-02-13"):
        day = Day(date_)
        for town in towns:
            day.report(town, 2023)
        day.report("甲", 2024)
        day.write(archive)
    rebuild(archive, catalogue, register)
    found = audit(catalogue, register, "2025-02-14", 2023, 2024)
    assert [status(found, n, 2024)[0] for n in range(2, 7)] == ["column_suspect"] * 5
    assert status(found, 1, 2024)[0] == "held"
    assert status(found, 7, 2023)[0] == "missing"  # alone: six of seven are there


def test_below_the_brake_the_missing_are_missing(
    archive: Path, catalogue: Catalogue, register: Register
) -> None:
    for date_ in ("2025-02-10", "2025-02-13"):
        day = Day(date_)
        for town in ("甲", "乙", "丙", "丁"):
            day.report(town, 2023)
        day.report("甲", 2024)
        day.write(archive)
    rebuild(archive, catalogue, register)
    found = audit(catalogue, register, "2025-02-14", 2024)
    assert [status(found, n, 2024)[0] for n in range(2, 5)] == ["missing"] * 3


def test_a_year_that_nobody_shows_is_the_columns_matter(
    tmp_path: Path, archive: Path, catalogue: Catalogue
) -> None:
    register = load_register([register_file(tmp_path, towns=("甲", "乙", "丙"))])
    for date_ in ("2025-02-10", "2025-02-13"):
        day = Day(date_)
        day.report("甲", 2023)
        day.report("乙", 2023)
        day.write(archive)
    rebuild(archive, catalogue, register)
    found = audit(catalogue, register, "2025-02-14", 2024)
    assert {status(found, n, 2024)[0] for n in (1, 2, 3)} == {"column_suspect"}


def test_an_undated_report_proved_late_by_captures(
    archive: Path, catalogue: Catalogue, register: Register
) -> None:
    before, after = Day("2025-02-10"), Day("2025-02-13")
    for day in (before, after):
        day.report("乙", 2024)
    after.report("甲", 2024, text=report_text("甲", 2024, published=None))
    for day in (before, after):
        day.write(archive)
    rebuild(archive, catalogue, register)
    found = audit(catalogue, register, "2025-02-14", 2024)
    assert status(found, 1, 2024)[:2] == ("held", "late_proved_by_capture")


def test_a_page_and_its_attachment_are_one_report(
    archive: Path, catalogue: Catalogue, register: Register
) -> None:
    day = Day("2024-01-28")
    page, file = "http://www.example.gov.cn/nb/p.htm", "http://www.example.gov.cn/nb/p.txt"
    title = "示例甲镇2023年政府信息公开工作年度报告"
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><a href='p.txt'>附件</a></body>"
    day.add(page, html, kind="text/html; charset=utf-8", title=title)
    day.add(file, report_text("甲", 2023, published="2024-01-20"), role=Role.ATTACHMENT, via=page)
    day.write(archive)
    rebuild(archive, catalogue, register)
    [report] = catalogue.rows(schema.report)
    assert (report["publisher"], report["report_year"], report["kind"]) == ("999901-1", 2023, "report")
    assert report["url"] == page
    documents = {row["url"]: row for row in catalogue.rows(schema.document)}
    assert documents[file]["page"] == documents[page]["document"]
    found = audit(catalogue, register, "2025-01-01", 2023)
    assert status(found, 1, 2023)[0] == "held"
    assert status(found, 1, 2023)[2] == "complete"


def test_an_address_that_redirects_is_the_page_it_leads_to(
    archive: Path, catalogue: Catalogue, register: Register
) -> None:
    for date_ in ("2025-02-10", "2025-02-13"):
        day = Day(date_)
        old, new = "http://old.example.gov.cn/1.htm", "https://www.example.gov.cn/nb/1.htm"
        title = "示例甲镇2024年政府信息公开工作年度报告"
        moved = f"301 Moved Permanently\r\nLocation: {new}"
        day.add(old, "", status=moved, title=title)
        day.add(new, report_text("甲", 2024, published="2025-01-20"), title=title, listed=False)
        day.write(archive)
    rebuild(archive, catalogue, register)
    found = audit(catalogue, register, "2025-02-14", 2024)
    assert status(found, 1, 2024) == ("held", "on_time", "complete")
    held = next(v.report for v in found.verdicts if v.report)
    assert held.homes == ("demo/nb",)
    assert status(found, 2, 2024)[0] != "not_crawled"  # the old address is no page that could not be had


def test_http_and_https_are_one_address(archive: Path, catalogue: Catalogue, register: Register) -> None:
    for date_, scheme in (("2025-01-22", "http"), ("2025-02-10", "https")):
        day = Day(date_)
        text = report_text("甲", 2024, published="2025-01-20")
        day.add(f"{scheme}://www.example.gov.cn/nb/1.htm", text, title="年报")
        day.write(archive)
    rebuild(archive, catalogue, register)
    assert len(catalogue.rows(schema.document)) == 1
    assert status(audit(catalogue, register, "2025-02-14", 2024), 1, 2024)[2] == "complete"


def test_other_content_at_the_address_is_withdrawal_too(
    archive: Path, catalogue: Catalogue, register: Register
) -> None:
    first, second = Day("2025-01-22"), Day("2025-02-10")
    first.report("甲", 2023)
    second.add(town_url("甲", 2023), "您访问的页面不存在\n请返回首页。\n", title="年报")
    first.report("乙", 2023)
    second.add(town_url("乙", 2023), report_text("乙", 2024, published="2025-01-20"), title="年报")
    for day in (first, second):
        day.write(archive)
    rebuild(archive, catalogue, register)
    found = audit(catalogue, register, "2025-02-14", 2023, 2024)
    assert status(found, 1, 2023)[0] == "withdrawn"
    assert status(found, 2, 2023)[0] == "withdrawn"  # the address now shows the next year's
    assert status(found, 2, 2024)[0] == "held"


def test_a_placeholder_before_the_report(archive: Path, catalogue: Catalogue, register: Register) -> None:
    first, second = Day("2025-01-22"), Day("2025-02-10")
    title = "示例甲镇2024年政府信息公开工作年度报告"
    first.add(town_url("甲", 2024), f"{title}\n正在编制，敬请期待。\n", title=title)
    second.report("甲", 2024, text=report_text("甲", 2024, published=None))
    for day in (first, second):
        day.write(archive)
    rebuild(archive, catalogue, register)
    held = next(v for v in audit(catalogue, register, "2025-02-14", 2024).verdicts if v.report)
    assert "placeholder_replaced" in held.content
    assert held.timeliness == "date_unknown"


def test_a_report_that_nobody_owns_is_told_and_accuses_nobody(
    archive: Path, catalogue: Catalogue, register: Register
) -> None:
    for date_ in ("2025-02-10", "2025-02-13"):
        day = Day(date_)
        day.report("甲", 2024)
        text = report_text("乙", 2024, published="2025-01-20").replace("示例乙镇人民政府", "本机关")
        day.add("http://www.example.gov.cn/nb/h.htm", text.replace("示例乙镇", "本镇"), title="2024年年报")
        day.write(archive)
    rebuild(archive, catalogue, register)
    found = audit(catalogue, register, "2025-02-14", 2024)
    [stray] = found.counties[0].strays
    assert (stray.report_year, stray.publisher_name) in {(2024, None), (2024, "本机关")}
    presences = {v.presence for v in found.verdicts if v.publisher.code != "999901-1"}
    assert presences <= {"missing_unconfirmed", "column_suspect"}
    assert "missing" not in presences


def test_a_county_that_the_register_does_not_know_is_told(archive: Path, catalogue: Catalogue) -> None:
    day = Day("2025-01-22")
    day.report("甲", 2023)
    day.write(archive)
    rebuild(archive, catalogue, load_register())
    found = run_audit(catalogue, load_register(), Scope(date(2025, 2, 14), None, (2023,)))
    assert found.unknown_counties == ("999901",)


def test_a_page_that_shows_nothing_under_a_reports_title_accuses_nobody(
    tmp_path: Path, archive: Path, catalogue: Catalogue
) -> None:
    register = load_register([register_file(tmp_path, towns=("甲", "乙", "丙"))])
    for date_ in ("2025-02-10", "2025-02-13"):
        day = Day(date_)
        day.report("甲", 2024)
        title = "示例乙镇2024年政府信息公开工作年度报告"
        shell = "<html><head><title>x</title></head><body><div id='app'></div><p>加载中</p></body></html>"
        day.add(town_url("乙", 2024), shell, kind="text/html", title=title)
        day.add("http://www.example.gov.cn/nb/z.htm", shell, kind="text/html", title="2024年执法年度报告")
        day.write(archive)
    rebuild(archive, catalogue, register)
    found = audit(catalogue, register, "2025-02-14", 2024)
    assert status(found, 2, 2024)[0] in {"held", "not_crawled"}
    assert status(found, 3, 2024)[0] == "missing"


def test_the_hint_of_the_list_names_the_publisher_where_the_text_does_not(
    archive: Path, catalogue: Catalogue, register: Register
) -> None:
    day = Day("2024-01-28")
    text = report_text("甲", 2023, published="2024-01-20").replace("示例甲镇人民政府", "本机关")
    text = text.replace("示例甲镇", "本镇")
    day.add("http://www.example.gov.cn/nb/h.htm", text, title="年报", publisher_hint="示例乙镇")
    day.write(archive)
    rebuild(archive, catalogue, register)
    assert [row["publisher"] for row in catalogue.rows(schema.report)] == ["999901-2"]


def test_rebuild_needs_no_socket(tmp_path: Path, archive: Path) -> None:
    day = Day("2025-01-22")
    day.report("甲", 2023)
    day.write(archive)
    program = f"""
import sys
def refuse(event, arguments):
    if event.startswith("socket."):
        raise RuntimeError(event)
from pathlib import Path
from archive.catalogue import Catalogue
from archive.register import load_register
from extract.office import converter
from extract.rebuild import rebuild
sys.addaudithook(refuse)
with Catalogue("sqlite:///{tmp_path / "offline.sqlite"}") as catalogue:
    register = load_register([Path({str(register_file(tmp_path))!r})])
    summary = rebuild(Path({str(archive)!r}), catalogue, register)
print(summary.reports)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout.strip()) == (0, "1"), done.stderr
