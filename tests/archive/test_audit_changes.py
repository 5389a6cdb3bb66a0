"""`--since`: only what is another verdict than before, each with its cause."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archive.audit.changes import FormerError, only_changes, read_former
from archive.audit.decisions import Decision
from archive.audit.render import audit_csv, audit_html, audit_json, audit_table
from archive.audit.run import Audit
from archive.audit.verdict import Verdict
from tests.archive.judging import at, body, claim, judged, probe, report
from tests.archive.test_audit_workbook import audit_of, sheet_rows, workbook_of

LOOKS = (probe("2025-04-10"), probe("2025-04-20"))
DECIDED = Decision.model_validate(
    {
        "publisher": "999901-1",
        "year": 2024,
        "decision": "under_review",
        "reason": "核实中",
        "who": "某科",
        "date": "2025-05-01",
    }
)


def since(folder: Path, before: Audit, now: Audit) -> Audit:
    path = folder / "before.json"
    path.write_text(audit_json(before), encoding="utf-8")
    return only_changes(now, read_former(path))


def changed(folder: Path, before: Verdict, now: Verdict, *, as_of: str = "2025-06-30") -> Verdict | None:
    found = since(folder, audit_of(before), audit_of(now, as_of=as_of)).verdicts
    return found[0] if found else None


HELD = report(2024, claim("2025-01-20"))
REGISTERED = body(official_name="某县新名局")

CASES = [
    ("captures", judged(2024, probes=LOOKS), judged(2024, held=HELD), "2025-06-30"),
    ("captures", judged(2024, probes=LOOKS[:1]), judged(2024, probes=LOOKS), "2025-07-30"),
    ("day", judged(2024, as_of="2025-01-10"), judged(2024, probes=LOOKS), "2025-07-30"),
    ("reading", judged(2024, held=HELD), judged(2024, held=replace(HELD, n_findings=3)), "2025-06-30"),
    ("register", judged(2024, held=HELD), judged(2024, held=HELD, publisher=REGISTERED), "2025-06-30"),
    ("decision", judged(2024), replace(judged(2024), decisions=(DECIDED,)), "2025-06-30"),
]


@pytest.mark.parametrize(("cause", "before", "now", "as_of"), CASES)
def test_a_change_has_its_cause(
    tmp_path: Path, cause: str, before: Verdict, now: Verdict, as_of: str
) -> None:
    found = changed(tmp_path, before, now, as_of=as_of)
    assert found is not None
    assert found.change is not None
    assert found.change.cause == cause
    assert found.change.words.zh.startswith("较2025-06-30：")
    if before.words("zh") != now.words("zh"):
        assert f"{before.words('zh')} → {now.words('zh')}" in found.change.words.zh


def test_what_is_the_same_is_left_out_though_it_was_looked_at_again(tmp_path: Path) -> None:
    more = (*LOOKS, probe("2025-05-20"))
    assert changed(tmp_path, judged(2024, probes=LOOKS), judged(2024, probes=more)) is None
    seen = replace(HELD, last_seen=at("2026-07-01"))
    assert changed(tmp_path, judged(2024, held=HELD), judged(2024, held=seen)) is None


def test_who_is_new_and_who_is_judged_no_more(tmp_path: Path) -> None:
    one, two = (
        judged(2024, held=HELD),
        judged(2024, publisher=body(code="999901-2", official_name="某县二局")),
    )
    came = since(tmp_path, audit_of(one), audit_of(one, two))
    assert [v.change.cause for v in came.verdicts if v.change] == ["entered"]
    went = since(tmp_path, audit_of(one, two), audit_of(one))
    assert went.gone == (("某县二局", 2024),)
    for text in (audit_table(went), audit_html(went), audit_json(went)):
        assert "某县二局" in text


def test_years_and_counties_that_were_not_judged_before_are_no_change(tmp_path: Path) -> None:
    assert not since(tmp_path, audit_of(judged(2023)), audit_of(judged(2023), judged(2024))).verdicts
    before = audit_of(judged(2024))
    other = before.counties[0].county.model_copy(update={"code": "999902"})
    elsewhere = replace(before, counties=(replace(before.counties[0], county=other),))
    assert not since(tmp_path, elsewhere, audit_of(judged(2024, held=HELD))).verdicts


def test_every_form_shows_the_change_and_the_sums_stay_those_of_all(tmp_path: Path) -> None:
    same = judged(2024, publisher=body(code="999901-2", official_name="某县二局"))
    before = audit_of(judged(2024, probes=LOOKS), same)
    now = since(tmp_path, before, audit_of(judged(2024, held=HELD), same, as_of="2025-07-30"))
    words = "较2025-06-30：未检索到 → 已公开；按期；有新的采集"
    for text in (audit_table(now), audit_html(now), audit_csv(now), audit_json(now)):
        assert words in text
        assert "某县二局" not in text
    for text in (audit_table(now), audit_html(now)):
        assert "仅列较2025-06-30有变化的" in text
    assert now.counties[0].tally.expected == 2
    [entry] = sheet_rows(workbook_of(now), "台账")
    assert str(entry["备注"]).startswith(words)
    [verdict] = json.loads(audit_json(now))["counties"][0]["verdicts"]
    assert verdict["change"]["before"]["presence"] == "missing"


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"as_of": "2025-13-01"}', "\ufeffno json", '{"as_of": "2025-06-30", "years": 1}'],
)
def test_a_file_that_is_no_audit_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FormerError, match=r"x\.json") as error:
        read_former(path)
    assert len(str(error.value).splitlines()) == 1


def test_changes_alone_are_no_audit_to_compare_with(tmp_path: Path) -> None:
    only = since(tmp_path, audit_of(judged(2024)), audit_of(judged(2024, held=HELD)))
    (tmp_path / "only.json").write_text(audit_json(only), encoding="utf-8")
    with pytest.raises(FormerError, match="只含变化"):
        read_former(tmp_path / "only.json")


def test_a_former_audit_reads_back_as_it_was_judged(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(audit_json(audit_of(judged(2024))), encoding="utf-8")
    former = read_former(tmp_path / "a.json")
    assert (former.as_of, former.seen_until, former.years) == (date(2025, 6, 30), None, {2024})
    assert former.counties == {"999901"}
