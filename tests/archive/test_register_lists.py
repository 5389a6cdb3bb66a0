"""A county's register beside the portal's list of organs and the template of departments, both ways."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from archive.audit.lists import CODES, differences, list_words
from archive.audit.organs import Organ, OrganList, load_organ_lists
from archive.catalogue import Catalogue
from archive.context import WalkKind, WalkRow
from archive.register import Register, RegisterError, load_register
from archive.register.template import department_template
from archive.warc.writer import ArchiveWriter
from tests.archive.judging import at
from tests.archive.test_audit_commands import ROOT, scrapy, settings_of
from tests.extract.rebuild_making import Day, FixedClock

FILE = """
format: 1
provenance: made for a test
counties: [{code: "999901", name: 某县, prefecture: 某市}]
publishers:
  - {code: 999901-1, county_code: "999901", official_name: 某县人民政府, kind: county_government}
  - {code: 999901-2, county_code: "999901", official_name: 某县人民政府办公室, kind: county_department}
  - {code: 999901-3, county_code: "999901", official_name: 某县教育体育局, kind: county_department}
  - {code: 999901-4, county_code: "999901", official_name: 某市某县财政局（国资办）, kind: county_department}
  - {code: 999901-5, county_code: "999901", official_name: 某县示例局, kind: county_department}
  - {code: 999901-6, county_code: "999901", official_name: 某县农业局, kind: county_department,
     valid_until: 2018}
  - {code: 999901-7, county_code: "999901", official_name: 某县示例镇人民政府, kind: township_government}
"""
NAMES = ("示例镇", "教体局", "县财政局", "某县档案局", "领导之窗", "人民政府办公室", "县政府")


@pytest.fixture
def register(tmp_path: Path) -> Register:
    path = tmp_path / "county.yml"
    path.write_text(FILE, encoding="utf-8")
    return load_register([path])


def organ_list(*names: str, complete: bool = True) -> OrganList:
    organs = tuple(Organ(name, None) for name in names)
    return OrganList(
        "999901", "demo", "nb-organs", "http://x/tree", at("2026-01-10"), "urn:1", complete, organs
    )


def told(register: Register, *lists: OrganList, years: tuple[int, ...] = (2024,)) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in differences(register, "999901", years, lists):
        found.setdefault(one.code, []).append(one.name)
    return found


def test_the_portals_list_and_the_register_differ_both_ways(register: Register) -> None:
    found = told(register, organ_list(*NAMES))
    assert found["listed_not_registered"] == ["某县档案局"]
    assert found["listed_unclear"] == ["领导之窗"]
    assert found["registered_not_listed"] == ["某县示例局"]  # the bureau of agriculture ended in 2018


def test_who_is_not_in_a_list_that_was_not_read_to_its_end_is_not_told(register: Register) -> None:
    assert "registered_not_listed" not in told(register, organ_list("示例镇", complete=False))


def test_the_template_and_the_register_differ_both_ways(register: Register) -> None:
    found = told(register)
    assert found["beyond_template"] == ["某县示例局"]
    assert "审计局" in found["template_lacking"]
    for here in ("教育局", "财政局", "人民政府办公室"):  # also under a joint name, a prefecture, a bracket
        assert here not in found["template_lacking"]
    assert "农业局" not in found["template_lacking"]  # before the reform
    assert "科学技术局" not in found["template_lacking"]  # not in every county


def test_departments_are_compared_in_their_years(register: Register) -> None:
    [farming] = [
        one for one in differences(register, "999901", (2018, 2019, 2020)) if one.name == "农业农村局"
    ]
    assert farming.years == (2019, 2020)
    assert "2019–2020年度" in farming.zh


def test_a_register_without_departments_is_told_once() -> None:
    found = [one.code for one in differences(load_register(), "360982", (2023, 2024))]
    assert found == ["no_departments"]


def test_every_code_has_its_words() -> None:
    assert set(list_words()) == set(CODES)
    assert all(word.zh and word.en and word.head for word in list_words().values())


def test_the_template_is_whole() -> None:
    table = department_template()
    assert len(table.departments) == 67
    assert not table.verified
    assert {d.name for d in table.departments if d.expected == "always"} == {"人民政府", "人民政府办公室"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("departments: [", "读不了"),
        ("provenance: test", "有误"),
        (
            "{provenance: test, verified: false, groups: {core: c}, lacking: [other], departments: []}",
            "有误.*组别未说明.*other",
        ),
    ],
)
def test_a_template_that_cannot_be_used_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "departments.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RegisterError, match=f"^部门模板{message}"):
        department_template(path)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a report and two walks of the organ tree, rebuilt."""
    folder = tmp_path_factory.mktemp("lists")
    (folder / "county.yml").write_text(FILE, encoding="utf-8")
    for day, names in (("2026-01-10", (*NAMES, "某县旧局")), ("2026-01-17", NAMES)):
        made = Day(day)
        made.report("甲", 2024)
        made.write(folder / "archive")
        walk = made._walk()
        rows = tuple(WalkRow(url=f"http://x/tree#{n}", title=name) for n, name in enumerate(names))
        tree = walk.model_copy(
            update={"kind": WalkKind.ORGANS, "column": "nb-organs", "rows": rows, "publishers": ()}
        )
        clock = FixedClock(made.start + timedelta(hours=1))
        with ArchiveWriter(folder / "archive", clock=clock, warcinfo={"isPartOf": "test"}) as writer:
            writer.write_walk(tree)
    command = [sys.executable, "-m", "scrapy", "rebuild", *settings_of(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_last_list_up_to_a_moment_counts(data: Path) -> None:
    with Catalogue(f"sqlite:///{data / 'catalogue.sqlite'}") as catalogue:
        [now] = load_organ_lists(catalogue)["999901"]
        [then] = load_organ_lists(catalogue, at("2026-01-12"))["999901"]
    assert [organ.name for organ in now.organs] == list(NAMES)
    assert [organ.name for organ in then.organs][-1] == "某县旧局"
    assert now.complete


def test_the_audit_tells_the_differences_in_every_form(data: Path, tmp_path: Path) -> None:
    forms = ("--format", "table,json,html,xlsx", "--out", str(tmp_path))
    done = scrapy(data, "audit", "--as-of", "2026-02-14", "--years", "2025", *forms)
    assert done.returncode == 23, done.stderr
    files = {Path(line).suffix: Path(line) for line in done.stdout.split()}
    [county] = json.loads(files[".json"].read_text("utf-8"))["counties"]
    listed = [one for one in county["register_differences"] if one["code"] == "listed_not_registered"]
    assert [(one["name"], one["url"][:4], bool(one["record_id"])) for one in listed] == [
        ("某县档案局", "http", True)
    ]
    assert "门户的机构名录中有、名录中没有：某县档案局" in files[".html"].read_text("utf-8")
    assert "门户有而名录无 listed only 1" in files[".txt"].read_text("utf-8")
    notes = load_workbook(files[".xlsx"])["说明"].iter_rows(values_only=True)
    told = [str(row[1]) for row in notes if row[0] == "名录核对"]
    assert "门户的机构名录中有、名录中没有：某县档案局 http://www.example.gov.cn/nb/" in told
    assert any(line.startswith("部门模板中有、名录中没有：") and "审计局、" in line for line in told)


def test_compare_prints_both_ways_and_writes_what_the_portal_lists(data: Path) -> None:
    done = scrapy(data, "register", "compare", "--years", "2025", "--write")
    assert done.returncode == 12, done.stderr
    assert "门户的机构名录中有、名录中没有：某县档案局" in done.stdout
    assert "名录中有、门户的机构名录中没有：某县示例局" in done.stdout
    assert "http://www.example.gov.cn/nb/ 2026-01-17" in done.stdout
    written = data / "register" / "999901-listed.yml"
    try:
        text = written.read_text("utf-8")
        assert "verified: false" in text
        assert "urn:uuid" in text
        again = scrapy(data, "register", "compare", "999901", "--years", "2025", "--write")
        assert "名录中没有：某县档案局" not in again.stdout
        assert written.read_text("utf-8") == text
    finally:
        written.unlink()


def test_compare_refuses_a_county_that_is_none(data: Path) -> None:
    done = scrapy(data, "register", "compare", "999998")
    assert (done.returncode, "名录中没有县区" in done.stderr) == (2, True)


@pytest.mark.parametrize(("column", "option"), [("萧山区", ()), (None, ("--county", "330109"))])
def test_a_list_of_a_county_that_is_not_shipped_is_taken(
    data: Path, tmp_path: Path, column: str | None, option: tuple[str, ...]
) -> None:
    book = Workbook()
    assert book.active is not None
    for row in [
        ("县区", "单位名称"),
        (column, "萧山区教育局"),
        (column, "城厢街道办事处"),
        (column, "区政府"),
    ]:
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    done = scrapy(data, "register", "import", str(tmp_path / "list.xlsx"), *option)
    written = data / "register" / "user_list.yml"
    try:
        assert done.returncode == 0, done.stderr
        assert "已导入 imported 3 个单位" in done.stdout
        assert "not in the register: 1\n  萧山区教育局" in done.stdout
        told = scrapy(data, "register", "compare", "330109", "--years", "2025")
        assert "教育局" not in told.stdout.replace("萧山区教育局", "")
        assert "审计局" in told.stdout
    finally:
        written.unlink(missing_ok=True)


def test_a_county_of_many_names_must_be_given_by_its_code(data: Path, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in [("县区", "单位名称"), ("朝阳区", "朝阳区教育局")]:  # there are two
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    done = scrapy(data, "register", "import", str(tmp_path / "list.xlsx"))
    assert (done.returncode, done.stderr.startswith("第2行")) == (4, True)
