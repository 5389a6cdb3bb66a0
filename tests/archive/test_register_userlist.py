"""The user's own list: from a workbook to a register file that loads, with both differences."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from archive.register import RegisterError, load_register
from archive.register.userlist import import_list, read_list


def workbook(path: Path, *rows: list[object]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    book.close()
    return path


def test_a_list_with_a_title_above_its_heads(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "list.xlsx",
        ["诸暨市政务公开单位名单"],
        ["序号", "单位名称", "类别", "县区"],
        [1, "诸暨市人民政府", "", "诸暨市"],
        [2, "诸暨市教育局", "部门", "诸暨市"],
        [3, "暨阳街道", "街道", "诸暨市"],
        [None, None, None, None],
        [4, "暨阳街道办事处", "街道", "诸暨市"],
    )
    register = load_register()
    found = import_list(read_list(path), register)
    assert [body.official_name for body in found.new] == ["诸暨市教育局"]
    assert [row.line for row in found.doubled] == [7]
    left_out = {body.code for body in found.left_out}
    assert "330681002" in left_out
    assert "330681-OFFICE" not in left_out  # a template's entry was never expected
    written = tmp_path / "user_list.yml"
    written.write_text(found.file_text(path.name), encoding="utf-8")
    after = load_register([written])
    expected = {body.official_name for body in after.of_county("330681") if body.expected}
    assert expected == {"诸暨市人民政府", "诸暨市教育局", "诸暨市暨阳街道办事处"}
    assert found.file_text(path.name) == import_list(read_list(path), register).file_text(path.name)


def test_codes_and_a_county_given_beside_the_list(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", ["代码", "单位名称"], [330681003.0, "某个旧名"])
    found = import_list(read_list(path), load_register(), "330681")
    assert [body.code for _, body in found.known] == ["330681003"]
    assert "某个旧名" in found.file_text("list.xlsx")


def test_a_row_without_a_county_or_a_kind_is_refused_by_its_number(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", ["单位名称"], ["暨阳街道"], ["某某中心"])
    with pytest.raises(RegisterError, match="第2行"):
        import_list(read_list(path), load_register())
    with pytest.raises(RegisterError, match="第3行"):
        import_list(read_list(path), load_register(), "330681")


def test_no_workbook_and_no_names(tmp_path: Path) -> None:
    text = tmp_path / "list.xlsx"
    text.write_text("单位名称\n", encoding="utf-8")
    with pytest.raises(RegisterError, match="xlsx"):
        read_list(text)
    with pytest.raises(RegisterError, match="单位名称"):
        read_list(workbook(tmp_path / "other.xlsx", ["序号", "电话"], [1, 2]))
    with pytest.raises(RegisterError, match="gone"):
        read_list(tmp_path / "gone.xlsx")


def test_a_workbook_cut_short_inside_is_refused(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.xlsx", tmp_path / "cut.xlsx"
    book = Workbook()
    book.active.append(["单位名称"])  # type: ignore[union-attr]
    book.save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(cut, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    for path, words in ((cut, "xlsx"), (tmp_path / "none.xlsx", "No such file")):
        with pytest.raises(RegisterError, match=words):
            read_list(path)
