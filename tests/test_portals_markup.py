"""Each sample portal has its family's shapes: lists that can be walked to the end, numbers in true columns.

The walkers here are the shortest that the family's rules allow; they share nothing with the product.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import pytest
from lxml import html

from tests.portals import planted
from tests.portals.hanweb import AREAS
from tests.portals.labels import COLUMNS, REVIEW_GROUPS, REVIEW_RESULTS, disclosure, leaf_rows
from tests.portals.planted import AS_OF, HOSTS, NOTICES, REPORTS, Column, Report
from tests.portals.planted import COLUMNS as LISTS
from tests.portals.seedpage import seed_text
from tests.portals.site import Request, Site
from tests.portals.sites import SITES
from tests.portals.tables import GLOSS

GOLDEN = Path(__file__).parent / "golden"
ON: dict[str, Site] = {cls.portal: cls(AS_OF) for cls in SITES}


def get(portal: str, target: str) -> str:
    path, _, query = target.partition("?")
    fields = dict(pair.partition("=")[::2] for pair in query.split("&") if pair)
    reply = ON[portal].reply(Request(path, fields, query))
    assert reply.status == 200, target
    return reply.body.decode(ON[portal].charset)


def links(page: str, selector: str, base: str) -> list[tuple[str, str, str | None]]:
    """(path, whole title, printed date) of the rows."""
    found = []
    for row in html.fromstring(page).cssselect(selector):
        anchor = row.cssselect("a")[0]
        day = re.search(r"\d{4}-\d\d-\d\d", row.text_content().replace(anchor.text_content(), ""))
        found.append((urljoin(base, anchor.get("href")), anchor.get("title"), day[0] if day else None))
    return found


def walk_hanweb(column: Column) -> list:
    page = get("zhuji", column.path)
    island = re.search(r'<script type="text/xml">(<datastore>.*?</datastore>)</script>', page, re.DOTALL)[1]
    rows = re.findall(r"<record><!\[CDATA\[(.*?)\]\]></record>", island)
    more = re.search(r'href="([^"]*dataproxy\.jsp[^"]*)"', island)
    total = int(re.search(r"totalRecord:(\d+)", page)[1])
    while len(rows) < total:
        answer = get("zhuji", f"{more[1]}&startrecord={len(rows) + 1}&endrecord={len(rows) + 5}&perpage=5")
        assert f"<totalrecord>{total}</totalrecord>" in answer
        rows += re.findall(r"<record><!\[CDATA\[(.*?)\]\]></record>", answer)
    return [row for record in rows for row in links(f"<ul>{record}</ul>", "li", column.path)]


def walk_ucap(column: Column) -> list:
    page = get("zhangshu", column.path)
    channel = html.fromstring(page).cssselect("meta[name=channel]")[0].get("channelid")
    first = links(page, "div.gknr_list dd", column.path)
    found: list = []
    number = 1
    while True:
        data = json.loads(
            get("zhangshu", f"/common/search/{channel}?page={number}&_pageSize=7&_isJson=true")
        )["data"]
        found += [
            (row["url"].removeprefix("//zhangshu.test"), row["title"], row["publishedTime"][:10])
            for row in data["results"]
        ]
        if len(found) == data["total"]:
            break
        number += 1
    assert found[: len(first)] == first
    return found


def walk_openness(column: Column) -> list:
    found, path = [], column.path
    while True:
        page = get("dongzhi", path)
        found += links(page, "div.xxgk_list li", path)
        following = html.fromstring(page).cssselect("a.next")
        if not following:
            assert int(re.search(r"共(\d+)条", page)[1]) == len(found)
            return found
        path = following[0].get("href")


def walk_vsb(column: Column) -> list:
    found, path, numbers = [], column.path, []
    while True:
        page = get("changji", path)
        found += links(page, "li[id^=line_u]", path)
        following = html.fromstring(page).cssselect("span.p_next a")
        if not following:
            break
        path = urljoin(path, following[0].get("href"))
        numbers.append(int(re.search(r"/(\d+)\.htm", path)[1]))
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] == 1
    return found


def walk_trs(column: Column) -> list:
    page = get("laishui", column.path)
    pages = int(re.search(r'createPageHTML\((\d+), 0, "index", "html"\)', page)[1])
    found = links(page, "ul.list li", column.path)
    for number in range(1, pages):
        found += links(get("laishui", f"{column.path}index_{number}.html"), "ul.list li", column.path)
    assert ON["laishui"].reply(Request(f"{column.path}index_{pages}.html")).status == 404
    return found


WALKERS: dict[str, Callable[[Column], list]] = {
    "zhuji": walk_hanweb,
    "zhangshu": walk_ucap,
    "dongzhi": walk_openness,
    "changji": walk_vsb,
    "laishui": walk_trs,
}


@pytest.mark.parametrize("column", LISTS, ids=lambda c: f"{c.portal}-{c.key}")
def test_a_column_can_be_walked_to_its_end(column: Column) -> None:
    found = WALKERS[column.portal](column)
    expected = {}
    for entry in (*REPORTS, *NOTICES):
        if entry.column == column and entry.first_served <= AS_OF:
            day = entry.dates["list"] if isinstance(entry, Report) else f"{entry.day}"
            expected[entry.path] = (entry.title, day)
    assert len(found) == len(expected)
    assert {path: (title, day) for path, title, day in found} == expected


def grid(table: html.HtmlElement) -> list[list[str]]:
    """The table's texts with every span spread out; fails where cells overlap or a place is empty."""
    places: dict[tuple[int, int], str] = {}
    rows = table.xpath("./tbody/tr")
    for r, row in enumerate(rows):
        c = 0
        for cell in row.xpath("./td"):
            while (r, c) in places:
                c += 1
            text = re.sub(r"\s+", "", cell.text_content())
            for down in range(int(cell.get("rowspan", 1))):
                for right in range(int(cell.get("colspan", 1))):
                    assert (r + down, c + right) not in places
                    places[r + down, c + right] = text
    height, width = max(r for r, _ in places) + 1, max(c for _, c in places) + 1
    assert (height, len(places)) == (len(rows), height * width)
    return [[places[r, c] for c in range(width)] for r in range(height)]


def statutory_tables(entry: Report) -> list[list[list[str]]]:
    page = html.fromstring(get(entry.portal, entry.path))
    inner = [t for t in page.xpath("//table") if not t.xpath(".//table") and t.xpath("./tbody")]
    return [grid(t) for t in inner]


WITH_TABLES = [r for r in REPORTS if not r.seed and r.format != "pre2019" and r.first_served <= AS_OF]


@pytest.mark.parametrize("report", WITH_TABLES, ids=lambda r: f"{r.code}-{r.year}")
def test_every_number_stands_in_its_true_column(report: Report) -> None:
    disclosed, applied, reviewed = statutory_tables(report)
    cells = report.cells(AS_OF)
    # Table 三: 3 rows of heads, 3 columns of labels; rows in the printed order.
    heads = [applied[1][3], *applied[2][4:9], applied[1][9]]
    assert [h.replace(" ", "") for h in heads] == list(COLUMNS.values())
    keys = ["new_received", "carried_over", *(key for key, _, _ in leaf_rows(report.format))]
    keys += ["result_total", "carried_forward"]
    for key, row in zip(keys, applied[3:], strict=True):
        numbers = dict(zip(COLUMNS, map(int, row[3:]), strict=True))
        assert numbers == cells["applications"][key], key
    # Table 四: 15 numbers in one row under two rows of heads.
    names = [f"{group}_{key}" for group in REVIEW_GROUPS for key, _ in REVIEW_RESULTS]
    numbers = dict(zip(names, map(int, reviewed[3]), strict=True))
    assert numbers == cells["review_litigation"]["all"]
    # Table 二: label, then as many numbers as the item has columns.
    rows = iter(disclosed)
    for item, columns, units in disclosure(report.format):
        assert next(rows)[0].translate(str.maketrans("（）", "()")) == item
        assert next(rows)[0] == "信息内容"
        for key, _ in units:
            printed = [text.removesuffix("万元") for text in next(rows)[1 : 1 + len(columns)]]
            planted_row = [cells["proactive_disclosure"][key][column] for column, _ in columns]
            assert [float(text) for text in printed] == planted_row, key
    assert next(rows, None) is None


@pytest.mark.parametrize("seed", ["000", "001", "002", "003"])
def test_a_seed_is_on_its_page_to_the_letter(seed: str) -> None:
    report = next(r for r in REPORTS if r.seed == seed)
    page = html.fromstring(get(report.portal, report.path)).text_content()
    shown = re.sub(r"\s+", "", page)
    for line in seed_text(seed).splitlines():
        for part in line.split("|"):
            if set(part) - set("-") and "索引号" not in part:
                assert re.sub(r"\s+", "", part) in shown, part


@pytest.mark.parametrize("seed", ["000", "001", "002", "003"])
def test_a_seeds_numbers_stand_as_its_golden_file_says(seed: str) -> None:
    report = next(r for r in REPORTS if r.seed == seed)
    golden = json.loads(next(GOLDEN.glob(f"{seed}_*.json")).read_text("utf-8"))["tables"]
    disclosed, applied, reviewed = statutory_tables(report)
    rows = [list(row["values"].values()) for row in golden["applications"]["rows"]]
    assert [[int(text) for text in row[3:]] for row in applied[3:]] == rows
    review = [cell["value"] for cell in golden["review_litigation"]["cells"].values()]
    assert [int(text) for text in reviewed[3]] == review
    numbers = [
        [cell.get("raw", str(cell["value"])) for cell in row["cells"].values()]
        for row in golden["proactive_disclosure"]["rows"]
    ]
    printed = [row[1 : 1 + len(n)] for n, row in zip(numbers, number_rows(disclosed), strict=True)]
    assert printed == numbers


def number_rows(disclosed: list[list[str]]) -> list[list[str]]:
    return [row for row in disclosed if re.match(r"\d", row[1])]


def test_seed_004_is_a_page_with_nothing_but_its_pdf() -> None:
    report = next(r for r in REPORTS if r.seed == "004")
    page = html.fromstring(get("laishui", report.path))
    (anchor,) = page.cssselect("div.TRS_Editor a")
    path = urljoin(report.path, anchor.get("href"))
    assert re.fullmatch(r"/zwgk/zfxxgknb/202501/P0\d+\.pdf", path)
    assert not page.cssselect("div.TRS_Editor table")
    reply = ON["laishui"].reply(Request(path))
    assert reply.body.startswith(b"%PDF-")
    assert reply.content_type == "application/pdf"


def test_the_report_route_answers_by_area_and_year() -> None:
    route = "/module/xxgk/xxgkAnnualReport.jsp"
    assert AREAS["330681001"] == "001008006002065"
    for report in (r for r in REPORTS if r.portal == "zhuji" and r.first_served <= AS_OF):
        page = get("zhuji", f"{route}?area={AREAS[report.code]}&fbtime={report.year}")
        assert report.index_number in page
    assert "暂无相关信息" in get("zhuji", f"{route}?area=001008006002065&fbtime=2019")


def test_the_index_search_finds_one_document_by_its_number() -> None:
    fragment = get("zhuji", "/module/xxgk/search.jsp?vc_number=001008006002065/2024-154563")
    rows = html.fromstring(fragment).cssselect("tr.tr_main_value_odd, tr.tr_main_value_even")
    seed = next(r for r in REPORTS if r.seed == "001")
    assert [row.cssselect("a.bt_link")[0].get("href") for row in rows] == [seed.path]
    assert "没有找到" in get("zhuji", "/module/xxgk/search.jsp?vc_number=001008006002065/2024-999999")


def test_dataproxy_answers_pages_and_ranges_and_caps_them() -> None:
    column = planted.column("zhuji", "news")
    base = f"/module/web/jpage/dataproxy.jsp?columnid={column.number}&unitid=297589"
    count = lambda query: get("zhuji", base + query).count("<record>")  # noqa: E731
    assert count("&page=1&perpage=20") == 20
    assert count("&page=5&perpage=20") == planted.NEWS_PER_PORTAL - 80
    assert count("&startrecord=11&endrecord=25&perpage=5") == 15
    assert count("&startrecord=1&endrecord=500&perpage=500") == planted.NEWS_PER_PORTAL
    assert len(get("zhuji", "/module/web/jpage/dataproxy.jsp?page=2")) < 60


def test_openness_lists_by_branch_and_year() -> None:
    for year in range(2018, 2026):
        path = f"/OpennessAnnualReport/year/6/{year}.html"
        shown = {row[0] for row in links(get("dongzhi", path), "div.xxgk_list li", path)}
        filed = [r for r in REPORTS if r.portal == "dongzhi" and r.year == year and r.first_served <= AS_OF]
        assert shown == {r.path for r in filed}


@pytest.mark.parametrize("portal", HOSTS)
def test_the_page_shows_the_planted_metadata(portal: str) -> None:
    for report in (r for r in REPORTS if r.portal == portal and r.first_served <= AS_OF):
        page = re.sub(r"<!--.*?-->", "", get(portal, report.path), flags=re.DOTALL)
        text = re.sub(r"\s+", "", html.fromstring(page).text_content())
        assert report.publisher_text in text
        assert report.title in text
        if report.index_number:
            assert report.index_number in text
        elif not report.seed:
            assert "索引号" not in text
        day = report.dates["page"]
        if day is None:
            assert not re.search(r"(发布日期|公开日期|发布时间)：\d", text)
        else:
            year, month, rest = day.split("-")
            assert day in text or f"{year}年{month}月{rest}日" in text


def test_glosses_of_seed_002_are_kept() -> None:
    report = next(r for r in REPORTS if r.seed == "002")
    page = get("dongzhi", report.path)
    assert len(GLOSS.findall(page)) == len(GLOSS.findall(seed_text("002")))
    assert "政府信息公開(kāi)工作年度報(bào)告有關(guān)事項(xiàng)" in page
