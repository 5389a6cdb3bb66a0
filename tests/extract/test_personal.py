"""Persons (practice.md §7): told by kind and place, masked wherever they leave, and suppress.jsonl obeyed."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from extract.export import document_json
from extract.personal import kinds_in, masked, masked_data
from extract.rebuild_rows import read_rows
from parser import parse, report_json
from tests.extract.pages import read_html

ROOT = Path(__file__).parent.parent.parent
MOBILE = "13900000000"
IDENTITY = "11010119900101004X"  # of nobody: the serial numbers of examples


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"请拨打{MOBILE}。", ("mobile",)),
        ("手机：139 0000 0000", ("mobile",)),
        ("１３９００００００００", ("mobile",)),
        (f"身份证号{IDENTITY}", ("identity",)),
        ("联 系 人：某某甲", ("name",)),
        (f"联系人：某甲 电话：{MOBILE}", ("name", "mobile")),
        ("联系电话：0575-87000000", ()),  # an office's line
        ("索引号：13900000000/2025-00001", ()),
        ("11330681002583450X/2024-1390000", ()),
        ("110101199001010041", ()),  # the check digit is wrong
        ("网站标识码：3306810001 公网安备13900000000001号", ()),
        ("联系人：党政综合办公室", ()),
        ("受理139件，答复0000件", ()),
    ],
)
def test_kinds(text: str, kinds: tuple[str, ...]) -> None:
    assert kinds_in(text) == kinds
    assert masked(masked(text)) == masked(text)
    assert len(masked(text)) == len(text)


PAGE = (
    "<h1>示例镇2024年政府信息公开工作年度报告</h1><ul><li>索引号：014437529/2025-00007</li><li>联系人：某某甲</li>"
    f"<li>联系电话：{MOBILE}</li><li>来源：示例镇</li></ul><div id=zoom><p>一、总体情况</p>"
    f"<p>2024年，我镇公开信息12条。如有疑问请联系，联系人：某某乙，手机{MOBILE}。</p>"
    "<p>二、主动公开政府信息情况</p><p>无。</p><p>三、收到和处理政府信息公开申请情况</p>"
    f"<table border=1><tr><td>申请人</td><td>证件号码</td></tr>"
    f"<tr><td>某某丙</td><td>{IDENTITY}</td></tr></table>"
    "<p>四、政府信息公开行政复议、行政诉讼情况</p><p>无。</p><p>五、存在的主要问题及改进情况</p><p>问题与改进。</p>"
    "<p>六、其他需要报告的事项</p><p>无。</p></div>"
)


def test_the_finding_tells_kind_and_place_and_nothing_else() -> None:
    document = read_html(PAGE)
    found = [f for f in document.findings if f.code == "personal_data_in_report"]
    assert {f.message.split("，")[0] for f in found} == {
        "此处有联系人姓名 the name of a contact",
        "此处有手机号码 a mobile number",
        "此处有身份证号 an identity number",
    }
    assert all(f.locator.startswith("/html/body/") for f in found)
    told = json.dumps([(f.code, f.message) for f in document.findings], ensure_ascii=False)
    for secret in (MOBILE, IDENTITY, "某某甲", "某某乙", "某某丙"):
        assert secret not in told


def test_persons_are_no_fields() -> None:
    document = read_html(PAGE)
    assert {m.field for m in document.metadata} == {"index_number", "source"}
    told = json.dumps([(m.value, m.raw) for m in document.metadata], ensure_ascii=False)
    assert "某" not in told
    assert MOBILE not in told


def test_numbers_are_masked_in_json_and_in_the_catalogue() -> None:
    document = read_html(PAGE, url=f"http://www.pages.test/t{MOBILE}.html")
    report = parse(document)
    told = json.dumps(
        masked_data({"d": document_json(document), "r": report_json(report)}), ensure_ascii=False
    )
    assert MOBILE not in told.replace(f"t{MOBILE}", "")
    assert IDENTITY not in told
    assert "139********" in told
    base = {"record_id": "r", "document": "d"}
    rows = repr(read_rows(base, document, report))
    assert MOBILE not in rows
    assert IDENTITY not in rows


def test_a_title_is_masked_in_the_catalogue() -> None:
    page = PAGE.replace("报告</h1>", f"报告（手机{MOBILE}）</h1>", 1)
    document = read_html(page)
    assert document.title is not None
    assert MOBILE in document.title
    assert MOBILE not in repr(read_rows({"record_id": "r", "document": "d"}, document, parse(document)))


def scrapy_report(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "scrapy", "report", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120, check=False)


def test_the_command_masks_and_obeys_suppress(tmp_path: Path) -> None:
    page, data = tmp_path / "page.html", tmp_path / "data"
    page.write_text(f"<html><head><meta charset=utf-8></head><body>{PAGE}</body></html>", "utf-8")
    done = scrapy_report(page, "-s", f"DATA_DIR={data}")
    assert MOBILE.encode() not in done.stdout + done.stderr
    assert b"139********" in done.stdout
    data.mkdir()
    digest = hashlib.sha256(page.read_bytes()).hexdigest()
    line = {"digest": f"sha256:{digest}", "reason": "个人信息", "date": "2026-02-03"}
    (data / "suppress.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    refused = scrapy_report(page, "-s", f"DATA_DIR={data}")
    assert (refused.returncode, refused.stdout) == (4, b"")
    assert "不外传" in refused.stderr.decode()
    (data / "suppress.jsonl").write_text("{}\n", "utf-8")
    assert scrapy_report(page, "-s", f"DATA_DIR={data}").returncode == 4
