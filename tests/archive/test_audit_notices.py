"""Notices: state changes only, the urgent first, short enough for a phone, with their captures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.audit.changes import only_changes, read_former
from archive.audit.notices import Notice, notice_table, notices
from archive.audit.render import audit_json
from archive.audit.run import Audit
from archive.audit.verdict import Verdict
from tests.archive.judging import body, claim, judged, probe, report
from tests.archive.test_audit_workbook import audit_of

LOOKS = (probe("2025-04-10"), probe("2025-04-20"))
HELD = report(2024, claim("2025-01-20"))


def told(folder: Path, before: Audit, now: Audit) -> tuple[Notice, ...]:
    path = folder / "before.json"
    path.write_text(audit_json(before), encoding="utf-8")
    return notices(only_changes(now, read_former(path)))


def bodies(n: int, **judgement: object) -> list[Verdict]:
    return [
        judged(2024, publisher=body(code=f"999901-{i}", official_name=f"某县示例第{i}局"), **judgement)  # type: ignore[arg-type]
        for i in range(n)
    ]


def test_a_change_of_state_is_told_in_both_languages_with_its_capture(tmp_path: Path) -> None:
    found = told(tmp_path, audit_of(judged(2024, probes=LOOKS)), audit_of(judged(2024, held=HELD)))
    assert len(found) == 1
    title, text = found[0].title, found[0].body
    assert "1项变化" in title
    assert "1 changes" in title
    assert "未检索到 → 已公开" in text
    assert "not found → held" in text
    assert HELD.url in text
    assert found[0].counties == ("999901",)


@pytest.mark.parametrize(
    "now",
    [
        judged(2024, held=HELD),
        judged(2024, held=replace(HELD, n_findings=3)),
        judged(2024, held=replace(HELD, title="另一个标题")),
        judged(2024, held=HELD, publisher=body(official_name="某县新名局")),
    ],
)
def test_what_is_no_state_is_not_told(tmp_path: Path, now: Verdict) -> None:
    assert not told(tmp_path, audit_of(judged(2024, held=HELD)), audit_of(now))


def test_many_changes_fit_a_phone_and_the_urgent_ones_come_first(tmp_path: Path) -> None:
    before = audit_of(*bodies(40, as_of="2025-01-10"))
    now = audit_of(*bodies(39, held=HELD), bodies(40, probes=LOOKS)[39], as_of="2025-06-30")
    (notice,) = told(tmp_path, before, now)
    assert "40项变化" in notice.title
    assert len(notice.body) <= notice_table().characters
    assert notice.body.startswith("某县示例第39局 2024年度：未到期 → 未检索到")
    shown = notice.body.count("→") // 2
    assert 1 <= shown <= notice_table().changes_shown
    assert f"另有{40 - shown}项" in notice.body


def test_a_change_that_is_too_long_is_counted_and_never_cut(tmp_path: Path) -> None:
    address = "https://example.test/" + "long/" * 300
    far = replace(HELD, versions=(replace(HELD.versions[0], url=address),))
    (notice,) = told(tmp_path, audit_of(judged(2024, probes=LOOKS)), audit_of(judged(2024, held=far)))
    assert "long/" not in notice.body
    assert "另有1项" in notice.body


def test_when_the_country_changes_one_message_names_the_counties(tmp_path: Path) -> None:
    one = audit_of(judged(2024, held=HELD))
    changes = only_changes(one, read_former(former(tmp_path, audit_of(judged(2024, probes=LOOKS)))))
    county = changes.counties[0]
    many = tuple(
        replace(county, county=county.county.model_copy(update={"code": f"9999{i:02}", "name": f"示例{i}县"}))
        for i in range(30)
    )
    (notice,) = notices(replace(changes, counties=many))
    assert "30个县区" in notice.title
    assert len(notice.counties) == 30
    assert len(notice.body) <= notice_table().characters
    assert "示例0县" in notice.body


def former(folder: Path, audit: Audit) -> Path:
    path = folder / "former.json"
    path.write_text(audit_json(audit), encoding="utf-8")
    return path
