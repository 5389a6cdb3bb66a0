"""What few pages of a site say: its platform, its columns, its county; and what they do not say."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from archive.context import Role
from archive.register import load_register
from crawler.detect_draft import county_of, portal_text
from crawler.detect_evidence import evidence_on, weigh
from crawler.detect_site import MAX_PAGES, Site
from crawler.platforms.page import Page
from crawler.portal import load_portal
from tests.crawler.crawling import scrapy

HOST = "http://www.shili.gov.cn"
PRODUCT = "crawler.settings"


def page(path: str, body: str, head: str = "") -> Page:
    return Page(f"{HOST}{path}", f"<html><head>{head}</head><body>{body}</body></html>")


def looked(*pages: Page) -> Site:
    """A site of which these pages were asked for, as it wished."""
    site = Site(f"{HOST}/")
    shown = {one.url: one for one in pages}
    while (wanted := site.next_wanted()) is not None:
        if wanted[0] in shown:
            site.add(shown[wanted[0]], wanted[0])
    return site


@pytest.mark.parametrize(
    ("body", "platform"),
    [
        ('<a href="/col/col1229811/index.html">年报</a>', "hanweb"),
        ('<a href="./202601/t20260124_15350931.html">x</a><div class="TRS_Editor"></div>', "trs"),
        ('<a href="/public/column/5960?type=4">年报</a>', "lonsun"),
        ('<a href="/Xxgknb/show/5246.html">x</a>', "openness"),
        ('<span class="p_pages"></span><a href="/info/1052/3.htm">x</a>', "vsb"),
        ('<a href="/about.htm">x</a><a href="/list.shtml">y</a>', "generic"),
        ('<a href="/news/2025/report-1/">x</a>', "generic"),
        # two families' shapes on one page, neither ahead: nothing is claimed
        ('<a href="/col/col1/index.html">x</a><a href="/info/1/3.htm">y</a>', "generic"),
    ],
)
def test_the_evidence_of_a_page(body: str, platform: str) -> None:
    found = evidence_on(page("/", body))
    verdict = weigh(found)
    assert verdict.platform == platform
    assert all(one.page == f"{HOST}/" for one in found)


def test_the_same_sign_on_many_pages_counts_once() -> None:
    weak = evidence_on(page("/", '<a href="/about.htm">x</a>'))
    assert weigh(weak * 50).platform == "generic"


def test_links_to_other_sites_are_no_evidence() -> None:
    found = evidence_on(page("/", '<a href="http://www.other.gov.cn/col/col1/index.html">省政府</a>'))
    assert weigh(found).platform == "generic"


COLUMN = '<ul><li><a href="/show/1">示例县2024年政府信息公开工作年度报告</a> 2025-03-01</li></ul>'


def test_columns_are_found_by_their_names_and_each_says_where_its_link_was() -> None:
    home = page(
        "/",
        '<a href="/a/9/">政府信息公开年报</a><a href="/a/10/">政府网站工作年度报表</a>'
        '<a href="/a/11/">公开指南</a>'
        '<a href="/a/12/">法治政府建设年度报告</a><a href="/a/13/">示例县财政局2023年政府信息公开年度报告</a>'
        '<a href="/a/14/">部门信息公开</a><a href="/zwgk/zfxxgknb/">更多</a>',
    )
    site = looked(home, page("/a/9/", COLUMN, '<meta name="ColumnType" content="信息公开，信息公开年报">'))
    assert [found.url for found in site.columns.values()] == [f"{HOST}/a/9/", f"{HOST}/zwgk/zfxxgknb/"]
    assert {found.seen_on for found in site.columns.values()} == {f"{HOST}/"}
    assert list(site.hubs) == [f"{HOST}/a/14/"]


def test_it_asks_for_few_pages_whatever_they_show() -> None:
    site = Site(f"{HOST}/start")
    asked = []
    while (wanted := site.next_wanted()) is not None:
        asked.append(wanted)
        number = len(asked)
        links = "".join(f'<a href="/c{number}{n}/">信息公开年报{n}</a>' for n in range(30))
        site.add(Page(wanted[0], f"<html><body>{links}</body></html>"), wanted[0])
    assert len(asked) <= MAX_PAGES
    assert asked[:2] == [(f"{HOST}/start", Role.COLUMN), (f"{HOST}/", Role.COLUMN)]


def register(folder: Path, *names: str) -> Path:
    counties = [
        {"code": f"99990{n}", "name": name, "prefecture": "示例市", "province": "示例省", "sample": True}
        for n, name in enumerate(names)
    ]
    path = folder / "register.yml"
    data = {"format": 1, "provenance": "invented", "verified": True, "counties": counties, "publishers": []}
    path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    return path


def test_the_county_is_told_where_one_alone_fits(tmp_path: Path) -> None:
    known = load_register([register(tmp_path, "示例东县", "示例东县西区", "示例南县")])
    title = "<title>示例东县西区人民政府门户网站</title>"
    site = looked(page("/", '<a href="/a/9/">政府信息公开年报</a>', title), page("/a/9/", COLUMN))
    found = county_of(site, known)
    assert found is not None
    assert (found[0].name, found[1]) == ("示例东县西区", f"{HOST}/")
    both = looked(page("/", "", "<title>示例东县 示例南县 信息公开</title>"))
    assert county_of(both, known) is None
    assert county_of(looked(page("/", "", "<title>某某政府</title>")), known) is None


def test_a_draft_without_its_county_is_marked_and_refused(tmp_path: Path) -> None:
    site = looked(page("/", '<a href="/a/9/">政府信息公开年报</a>'), page("/a/9/", COLUMN))
    text = portal_text(site, weigh(site.evidence), None, 2025)
    assert text is not None
    (tmp_path / "shili.yml").write_text(text, "utf-8")
    portal = load_portal(tmp_path / "shili.yml")
    assert (portal.platform, portal.name) == ("generic", "请填写县名")
    assert [column.url for column in portal.columns] == [f"{HOST}/a/9/"]
    checked = scrapy(tmp_path, "portals", "--check", settings=(f"PORTAL_DIRS={tmp_path}",), module=PRODUCT)
    assert checked.code != 0
    assert "请填写" in checked.out + checked.err


def test_no_column_no_file() -> None:
    site = looked(page("/", '<a href="/news/">要闻</a>'))
    assert portal_text(site, weigh(site.evidence), None, 2025) is None


def test_without_contact_nothing_is_fetched(tmp_path: Path) -> None:
    ran = scrapy(tmp_path, "detect", f"{HOST}/col/col1/index.html", settings=("CONTACT=",), module=PRODUCT)
    assert ran.code == 0
    assert "CONTACT" in ran.err
    assert "未抓取任何页面" in ran.err
    assert not (tmp_path / "warc").exists()
