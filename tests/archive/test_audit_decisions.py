"""verdicts/<county>.jsonl: replayed line by line, told where wrong, shown beside the machine's word."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archive.audit.decisions import Decision, Journal, read_journal
from archive.audit.render import audit_csv, audit_html, audit_json, audit_letters, audit_table
from archive.audit.statuses import status_table
from archive.register import load_register
from tests.archive.judging import judged, probe
from tests.archive.test_audit_workbook import audit_of, sheet_rows, workbook_of
from tests.extract.rebuild_making import register_file

LINE = {
    "publisher": "999901-1",
    "year": 2024,
    "decision": "published_elsewhere",
    "reason": "见局官网",
    "who": "政务公开科",
    "date": "2025-04-30",
    "evidence": ["http://x/other"],
    "reply": "已于1月28日公开",
}


def journal(folder: Path, *lines: object, name: str = "999901.jsonl", until: date | None = None) -> Journal:
    register = load_register([register_file(folder, towns=("甲", "乙"))])
    place = folder / "verdicts"
    place.mkdir(exist_ok=True)
    text = "".join((x if isinstance(x, str) else json.dumps(x, ensure_ascii=False)) + "\n" for x in lines)
    (place / name).write_text(text, encoding="utf-8")
    return read_journal(place, register, until)


def test_lines_are_replayed_in_order_and_the_last_is_in_force(tmp_path: Path) -> None:
    read = journal(tmp_path, LINE, {**LINE, "decision": "confirmed", "date": "2025-05-02"})
    assert [d.decision for d in read.of("999901-1", 2024)] == ["published_elsewhere", "confirmed"]
    assert read.faults == ()
    verdict = replace(judged(2024), decisions=read.of("999901-1", 2024))
    assert verdict.decision is not None
    assert verdict.decision.decision == "confirmed"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({**LINE, "publisher": "999901-77"}, "名录中没有这个单位"),
        ({**LINE, "decision": "guilty"}, "没有这种核定"),
        ({k: v for k, v in LINE.items() if k != "who"}, "缺少 missing: who"),
        ({**LINE, "note": "x"}, "不认识的键 unknown key: note"),
        ({**LINE, "year": 1970}, "year"),
        ({**LINE, "date": "2025-13-01"}, "date"),
        ('{"publisher": "999901-1", "ye', "可能没有写完"),
        ("[1, 2]", "整行"),
    ],
)
def test_a_line_that_cannot_be_used_is_told_and_the_others_count(
    tmp_path: Path, line: object, words: str
) -> None:
    read = journal(tmp_path, LINE, line, {**LINE, "year": 2023})
    [fault] = read.faults
    assert fault.startswith("verdicts/999901.jsonl 第2行 line 2: ")
    assert words in fault
    assert len(fault.splitlines()) == 1
    assert len(read.decisions) == 2


def test_a_body_of_another_county_and_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    assert "999901.jsonl" in journal(tmp_path, LINE, name="999902.jsonl").faults[0]
    (tmp_path / "verdicts" / "999902.jsonl").write_bytes(b"\xef\xbb\xbf\xd5\xfe\n")
    [fault] = read_journal(tmp_path / "verdicts", load_register([tmp_path / "county.yml"])).faults
    assert "不是 UTF-8" in fault
    assert read_journal(tmp_path / "nowhere", load_register([tmp_path / "county.yml"])) == Journal()


def test_what_was_decided_after_the_last_capture_admitted_does_not_count(tmp_path: Path) -> None:
    later = {**LINE, "date": "2025-06-01"}
    assert len(journal(tmp_path, LINE, later, until=date(2025, 5, 1)).of("999901-1", 2024)) == 1
    assert len(journal(tmp_path, LINE, later).of("999901-1", 2024)) == 2


def test_every_output_shows_the_decision_beside_the_machines_word() -> None:
    missing = judged(2024, probes=(probe("2025-04-10"), probe("2025-04-20")))
    decided = replace(missing, decisions=(Decision.model_validate(LINE),))
    audit = replace(audit_of(decided), journal_faults=("verdicts/999901.jsonl 第9行",))
    words = "已在别处公开：见局官网（政务公开科，2025-04-30）；单位答复：已于1月28日公开"
    letters = audit_letters(audit.counties[0], audit)
    for text in (audit_table(audit), audit_html(audit), audit_csv(audit), letters):
        assert words in text
        assert "未检索到" in text
    for text in (audit_table(audit), audit_html(audit), audit_json(audit)):
        assert "verdicts/999901.jsonl 第9行" in text
    [verdict] = json.loads(audit_json(audit))["counties"][0]["verdicts"]
    assert verdict["presence"] == "missing"
    assert verdict["decisions"] == [LINE]
    book = workbook_of(audit)
    [entry] = sheet_rows(book, "台账")
    assert (entry["状态"], entry["人工核定"]) == ("未检索到", words)
    assert any("第9行" in str(row["内容"]) for row in sheet_rows(book, "说明"))


def test_a_decision_on_what_is_in_order_is_shown_too() -> None:
    waiting = replace(judged(2024, as_of="2025-01-02"), decisions=(Decision.model_validate(LINE),))
    assert waiting.green
    assert "见局官网" in audit_table(audit_of(waiting))


def test_the_decisions_of_the_docs_are_those_of_the_table() -> None:
    assert len({row.code for row in status_table().decisions}) == len(status_table().decisions)
