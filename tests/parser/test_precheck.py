"""`scrapy precheck`: a folder of drafts, one line a problem, exit codes, workbook, last year's list."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from scrapy.settings import Settings

import extract
from archive.register import load_register
from crawler.command import Refusal
from crawler.commands.precheck import Command
from crawler.exits import Exit
from parser import parse, report_json

SEEDS = Path(__file__).parent.parent / "seeds"
HEADS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、行政复议、行政诉讼情况",
)


def run(folder: Path, *, prior: Path | None = None, xlsx: Path | None = None) -> Exit:
    options = argparse.Namespace(prior=str(prior) if prior else None, xlsx=str(xlsx) if xlsx else None)
    command = Command()
    command.settings = Settings({"DATA_DIR": str(folder.parent / "data")})
    return command.work([str(folder)], options)


def seed(number: str) -> Path:
    return next(SEEDS.glob(f"{number}_*.txt"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "drafts").mkdir()
    return tmp_path / "drafts"


def damaged(text: str) -> str:
    """Seed 001 with 18 for 17 in the total of 自然人."""
    old = "(七)总计 | 18 |"
    assert old in text
    return text.replace(old, "(七)总计 | 17 |")


def test_a_clean_report_ends_with_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.txt").write_bytes(seed("003").read_bytes())
    assert run(folder) is Exit.DONE
    assert capsys.readouterr().out == ""


def test_a_wrong_sum_is_told_in_plain_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "某街道.txt").write_text(damaged(seed("001").read_text(encoding="utf-8")), encoding="utf-8")
    assert run(folder) is Exit.FINDINGS
    out = capsys.readouterr().out
    assert "某街道.txt：[错误] 表三(七)总计“自然人”列：填17，应为18（各分项之和）\n" in out
    assert "表三“(七)总计”行：总计填18，应为17（自然人与各类组织之和）" in out


def test_empty_files_and_other_pages_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "空.txt").write_bytes(b"")
    (folder / "通知.txt").write_text(
        "关于做好年度报告编制发布工作的通知\n各乡镇：请按时报送。\n", encoding="utf-8"
    )
    (folder / "~$lock.docx").write_bytes(b"x")
    assert run(folder) is Exit.FINDINGS
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("：")[0] for line in lines] == ["空.txt", "通知.txt"]
    assert "通知" in lines[1]


def test_no_folder_and_no_files_are_refused(folder: Path) -> None:
    for path in (folder, folder / "absent"):
        with pytest.raises(Refusal) as refused:
            run(path)
        assert refused.value.exit_code is Exit.INPUT_UNREADABLE
        assert str(path) in str(refused.value)


def test_the_workbook_holds_text_only(folder: Path, tmp_path: Path) -> None:
    text = seed("001").read_text(encoding="utf-8").replace("(七)总计 | 18 |", "(七)总计 | =1+1 |")
    (folder / "=a.txt").write_text(text, encoding="utf-8")
    out = tmp_path / "预审意见.xlsx"
    assert run(folder, xlsx=out) is Exit.FINDINGS
    sheet = load_workbook(out).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]][:5] == ["文件", "单位", "年度", "程度", "问题"]
    assert rows[1][0].value == "=a.txt"
    assert all(cell.data_type == "s" for row in rows for cell in row if cell.value is not None)
    assert any("=1+1" in str(row[4].value) for row in rows)


def test_the_workbook_says_where_and_what_against_what(folder: Path, tmp_path: Path) -> None:
    (folder / "a.txt").write_text(damaged(seed("001").read_text(encoding="utf-8")), encoding="utf-8")
    out = tmp_path / "预审意见.xlsx"
    run(folder, xlsx=out)
    sheet = load_workbook(out).active
    assert sheet is not None
    (row,) = [row for row in sheet.iter_rows(values_only=True) if row[5] == "A2"]
    assert row[7:] == ("表三 三、本年度办理结果／(七)总计／自然人", "17", "18")


def test_last_years_list_gives_check_c1(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.txt").write_bytes(seed("003").read_bytes())
    name = parse(extract.read_file(seed("003"), register=load_register())).publisher
    assert name is not None
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "单位名称", "自然人", "总计"])
    sheet.append([1, name.name, 3, 3])
    book.save(tmp_path / "上年.xlsx")
    assert run(folder, prior=tmp_path / "上年.xlsx") is Exit.FINDINGS
    out = capsys.readouterr().out
    assert "“上年结转”总计填0，上年报告“结转下年度继续办理”总计为3" in out
    (tmp_path / "上年.csv").write_text(f"单位名称,结转下年度继续办理\n{name.name},0\n", encoding="utf-8-sig")
    assert run(folder, prior=tmp_path / "上年.csv") is Exit.DONE


def test_last_years_reports_as_json(folder: Path, tmp_path: Path) -> None:
    (folder / "a.txt").write_bytes(seed("001").read_bytes())
    report = report_json(parse(extract.read_file(seed("001"), register=load_register())))
    (tmp_path / "prior.json").write_text(json.dumps({"report": report}), encoding="utf-8")
    assert run(folder, prior=tmp_path / "prior.json", xlsx=tmp_path / "o.xlsx") is Exit.FINDINGS
    sheet = load_workbook(tmp_path / "o.xlsx").active
    assert sheet is not None
    assert "C1" in {cell.value for cell in sheet["F"]}


def test_last_years_folder_gives_every_check_across_years(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = seed("001").read_text(encoding="utf-8")
    before = tmp_path / "上年"
    before.mkdir()
    (before / "街道.txt").write_text(text.replace("2023年", "2022年"), encoding="utf-8")
    (before / "说明.txt").write_text("不是年报\n", encoding="utf-8")
    (folder / "街道.txt").write_text(text, encoding="utf-8")
    assert run(folder, prior=before) is Exit.FINDINGS
    out = capsys.readouterr().out
    assert "正文与上年报告100%相同" in out
    (folder / "另一个.txt").write_bytes(seed("003").read_bytes())
    assert run(folder, prior=before) is Exit.FINDINGS
    assert "另一个.txt" not in capsys.readouterr().out, "no report of its own last year"


@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"{}", "单位,电话\n甲,1\n".encode()])
@pytest.mark.parametrize("name", ["p.xlsx", "p.csv", "p.json", "p.docx"])
def test_what_is_no_list_is_refused(folder: Path, tmp_path: Path, name: str, content: bytes) -> None:
    (folder / "a.txt").write_bytes(seed("003").read_bytes())
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refusal) as refused:
        run(folder, prior=tmp_path / name)
    assert name in str(refused.value)
    assert refused.value.exit_code is Exit.INPUT_UNREADABLE


def test_its_own_workbook_is_no_draft(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(seed("003"), folder)
    for _ in range(2):
        assert run(folder, xlsx=folder / "预审意见.xlsx") is Exit.DONE
        assert "1 files" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir() if path.suffix != ".txt"] == ["预审意见.xlsx"]


def test_a_wrong_part_is_pointed_to_by_every_sum_that_it_breaks(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = seed("001").read_text(encoding="utf-8")
    old = "(一)予以公开 | 12 |"
    assert old in text
    (folder / "某街道.txt").write_text(text.replace(old, "(一)予以公开 | 14 |"), encoding="utf-8")
    run(folder)
    out = capsys.readouterr().out
    assert "表三(七)总计“自然人”列：填18，应为20（各分项之和）；请先核对“(一)予以公开”行，填14\n" in out
    assert "表三“(一)予以公开”行：总计填12，应为14（自然人与各类组织之和）；请先核对“自然人”列，填14\n" in out


def test_a_clerk_is_told_in_chinese_and_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = '<p><img src="table.png" width="600" height="400"></p>'
    page = "".join(f"<p>{heading}</p><p>{'本机关认真开展工作。' * 40}</p>{picture}" for heading in HEADS)
    (folder / "a.html").write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    (folder / "b.json").write_text("{}", encoding="utf-8")
    run(folder)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(set(lines))
    assert "a.html：[提醒] 表格处为图片，其中数字未读取" in lines
    assert "b.json：[错误] 暂不支持的类型 application/json，请转为 PDF、docx、网页或文本" in lines


def test_what_is_said_of_the_seeds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line was read by eye: it is true, says where, and can be acted on."""
    for file in SEEDS.glob("*.txt"):
        shutil.copy(file, folder / f"{file.name[:3]}.txt")
    run(folder)
    lines = capsys.readouterr().out.splitlines()
    said = [
        "000.txt：[提醒] 正文说公开560条，所列各类合计444条：公开政府信息560余条",
        "000.txt：[提醒] 未说明工作考核、社会评议和责任追究结果情况（条例第五十条第二款）",
        "001.txt：[提醒] 正文说办结17件，表三办理结果总计为18件：",
        "001.txt：[提醒] 表二“规范性文件”行：本年制发1件，现行有效却是0件，请核对",
        "002.txt：[提醒] 疑似乱码",
        "002.txt：[错误] 落款日期为2020-01-14，不应早于2020年度结束",
        "004.txt：[提醒] 表三“(一)予以公开”行少一个单元格：原文只有6个，应有7个",
        "004.txt：[错误] 标题年度为2023年，正文所述年度为2024年",
        "004.txt：[错误] 下一年度打算中的年份为2023年，应晚于2024年：2023年",
    ]
    assert len(lines) == len(said)
    assert [line.startswith(start) for line, start in zip(lines, said, strict=True)] == [True] * len(said)
    assert not any(line.endswith(("unsupported", "kept as read")) for line in lines)


def test_a_workbook_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "草稿"
    folder.mkdir()
    (folder / "一.txt").write_text("草稿", encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        run(folder, xlsx=tmp_path / "没有" / "预审意见.xlsx")
    assert refused.value.exit_code is Exit.ARCHIVE_NOT_WRITABLE
