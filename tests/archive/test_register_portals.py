"""The raw register of portals: whole, plain, and nowhere presented as verified (issue 5, item 3)."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from scrapy.settings import Settings

from archive.register import RegisterError, load_register
from archive.register.changes import CHANGES, load_changes
from archive.register.drafts import county_draft
from archive.register.portals import (
    HOSTS,
    PORTALS,
    TOWNSHIPS,
    clone_hosts,
    load_known_hosts,
    load_portal_register,
    townships_of,
)
from archive.register.template import department_template
from crawler.lint import portal_faults
from crawler.portal import load_portal
from tests.crawler.crawling import portal_file
from tools import build_register

COUNTIES = Path(__file__).resolve().parents[2] / "archive" / "register" / "data" / "counties"


def test_the_shipped_rows_are_sound_and_none_is_called_verified() -> None:
    counties = load_portal_register().counties
    assert len(counties) > 2800
    assert sum(bool(row.portal_url) for row in counties.values()) > 2800
    rows = [*counties.values(), *load_known_hosts(), *load_changes().rows]
    assert {(row.verified, bool(row.source)) for row in rows} == {(False, True)}
    assert sum(path.stat().st_size for path in (PORTALS, HOSTS, CHANGES, TOWNSHIPS)) < 1_000_000


def test_counties_are_chosen_by_code() -> None:
    register = load_portal_register()
    chosen = register.select("3606*, 330681")
    assert [row.code for row in chosen] == sorted(row.code for row in chosen)
    assert {row.code[:4] for row in chosen} == {"3606", "3306"}
    assert register.of("330681") in chosen
    assert register.of("000000") is None
    with pytest.raises(RegisterError, match=r"99\*"):
        register.select("3606*,99*")


def test_a_draft_of_any_county_is_a_register_file(tmp_path: Path) -> None:
    """The shipped files are such drafts; a county that is not shipped becomes one too."""
    for shipped in COUNTIES.glob("*.yml"):
        assert county_draft(shipped.stem) == shipped.read_text("utf-8")
    path = tmp_path / "330602.yml"
    path.write_text(county_draft("330602"), encoding="utf-8")
    register = load_register([path])
    units = [body.code for body in register.of_county("330602") if len(body.code) == 9]
    assert units == [unit.code for unit in townships_of("330602")]
    assert len(units) > 5
    with pytest.raises(RegisterError, match="000000"):
        county_draft("000000")


def test_a_known_clone_is_refused_in_a_portal_file(tmp_path: Path) -> None:
    clone = min(clone_hosts())
    path = portal_file(tmp_path, "demo", allowed_hosts=["demo.test", f"www.{clone}"])
    settings = Settings({"DOWNLOAD_DELAY": 0, "GUARD_EXEMPT_HOSTS": ["demo.test"]})
    assert any(clone in fault for fault in portal_faults(load_portal(path), settings))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1101,东城区,,北京市,http://a.gov.cn/,,trs,list,no", "line 2: code"),
        ("110101,东城区,,北京市,a.gov.cn,,trs,list,no", "no URL"),
        ("110101,东城区,,北京市,http://a.gov.cn/,,trs,,no", "source"),
        ("110101,东城区,,北京市,http://a.gov.cn/,,trs,list,perhaps", "verified"),
        ("110101,甲县,,省,,,trs,list,no\n110101,乙县,,省,,,trs,list,no", "twice"),
    ],
)
def test_a_row_that_cannot_be_used_is_told(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "portals.csv"
    path.write_text(PORTALS.read_text("utf-8").splitlines()[0] + f"\n{line}\n", encoding="utf-8")
    with pytest.raises(RegisterError, match=words):
        load_portal_register(path)


def test_the_build_script_makes_the_same_bytes_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    tables = {
        "counties.csv": "code,name,prefecture,province,portal_url,disclosure_url,platform,evidence_date\n"
        "990101,示例县,示例市,示例省,http://www.a.gov.cn/,,,2026-04-26\n",
        "sites.csv": "host,county_code,county,role,status,sample_url,replaced_by,year,note\n"
        "copy.example.com,,,clone,refuse,,,2026,\n",
        "departments.csv": "short_name,aliases,kind,due_class,since_report_year,until_report_year,template,"
        "expected,predecessors,successors,confidence,note\n"
        "教育局,教体局;市教育局XX分局,county_department,D1,2008,,core,if_listed,,,V,\n",
    }
    for name, text in tables.items():
        (raw / name).write_text(text, encoding="utf-8")
    with gzip.open(raw / "townships.csv.gz", "wt", encoding="utf-8") as file:
        file.write("code,name,kind,county_code,official_name,nbs_class,name_rule,expected\n")
        file.write("990101100,示例镇,镇,990101,示例县示例镇人民政府,镇,gov,yes\n")
    made: list[list[bytes]] = []
    for turn in ("one", "two"):
        out = tmp_path / turn
        out.mkdir()
        targets = {"PORTALS": "portals.csv", "HOSTS": "hosts.csv", "TOWNSHIPS": "townships.csv.gz"}
        targets["TEMPLATE"] = "departments.yml"
        for name, file_name in targets.items():
            monkeypatch.setattr(build_register, name, out / file_name)
        build_register.main([str(raw)])
        made.append([path.read_bytes() for path in sorted(out.iterdir())])
    assert made[0] == made[1]
    assert len(made[0]) == 4
    [department] = department_template(tmp_path / "one" / "departments.yml").departments
    assert (department.name, department.aliases) == ("教育局", ("教体局",))
    row = load_portal_register(tmp_path / "one" / "portals.csv").of("990101")
    assert row is not None
    assert (row.verified, row.likely_platform, row.section_url) == (False, "unknown", "")
