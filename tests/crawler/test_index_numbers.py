"""The crawl by index numbers and the harvest of organs, on a portal that the test plays."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml

from archive.context import WalkKind, WalkResult
from archive.index_number import parse_index_number
from crawler.numbers import NumbersError, Outcome, Search, Wanted, overall, read_numbers
from crawler.portal import Portal
from tests.crawler.crawling import Ran, portal_file, scrapy
from tests.crawler.odd_server import Answer, Arrival, OddServer, odd_server

FOUND = "001008006002065/2024-154563"
NOBODY = "H098/2025-00001"
IGNORED = "H097/2025-00300"
BROKEN = "H099/2025-00001"
SHELL = "H100/2025-00001"
OTHERS = "H101/2025-00001"  # the search answers with other numbers for pages on end
HYPHEN = "00298627-2/202003-00010"
TWICE = "014437529/2025-00007"
ELSEWHERE = "11620403013912770D/2025-206793"
REPORT = "本机关2024年政府信息公开工作年度报告，全文如下。" * 30
REGISTER = """
format: 1
provenance: invented for a test
verified: true
counties:
  - {code: "990101", name: 示例县, province: 示例省, prefecture: 示例市, sample: true, expects: listed}
publishers:
  - {code: 990101-S01, county_code: "990101", official_name: 示例甲局, kind: county_department,
     expected_basis: official_list, valid_from: 2010}
"""


def html(body: str) -> Answer:
    return Answer(body=f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>')


def hits(*paths: str) -> Answer:
    rows = "".join(
        f'<tr class="tr_main_value_odd"><td>1</td><td><a class="bt_link" href="{path}" title="示例文件">'
        f'示例文件</a></td><td width="120">2025-01-13</td></tr>'
        for path in paths
    )
    return html(f"<table>{rows}</table>" if rows else "<div>暂无相关信息</div>")


def art(number: int) -> str:
    return f"/art/2025/1/13/art_1_{number}.html"


DOCUMENTS = {
    art(1): f"<p>索引号：{FOUND}</p><p>发布机构：示例乙局</p>{REPORT}<a href='/attach/0/a.pdf'>附件.pdf</a>",
    art(2): f"<p>索 引 号： 002986272 / 202003-00010</p>{REPORT}",
    art(3): f"<p>索引号：{TWICE}</p>{REPORT}",
    art(4): f"<p>索引号：{TWICE}</p>{REPORT}转载",
    art(5): f"<p>索引号：{ELSEWHERE}</p>{REPORT}",
}
SEARCHES = {
    FOUND: hits(art(1)),
    NOBODY: hits(),
    IGNORED: hits(*(art(number) for number in range(1, 9))),
    BROKEN: Answer(status=500, body="出错了"),
    SHELL: html(f"<h1>系统提示</h1><p>{'服务器正忙，稍后再来。' * 40}</p>"),
    HYPHEN: hits(),
    "002986272/202003-00010": hits(art(2)),
    TWICE: hits(art(3), art(4)),
    ELSEWHERE: hits(art(5)),
}
ORGANS = """<script>d = new dTree('d');
d.add(1,0,'示例甲局','javascript:void(0)','/module/xxgk/search.jsp?area=A01');
d.add(2,0,'不在名录的局','javascript:void(0)','/module/xxgk/search.jsp?area=B02');</script>"""


def others(page: str) -> Answer:
    """Hits that print another number each, of nine pages."""
    return html(
        '<table><tr class="tr_main_value_odd"><td>1</td><td><a class="bt_link" href="'
        f'{art(int(page) + 20)}" title="示例文件">示例文件</a></td><td>索引号：H101/2024-0000{page}</td></tr>'
        "</table><div>共9页</div>"
    )


def demo(path: str, _before: int) -> Answer:
    parts = urlsplit(path)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.path == "/robots.txt":
        return Answer(status=404)
    if parts.path.endswith("search.jsp"):
        if asked["vc_number"] == OTHERS:
            return others(asked["currpage"])
        return SEARCHES[asked["vc_number"]]
    if parts.path.endswith("tree.jsp"):
        return html(ORGANS)
    if parts.path.endswith("xxgkAnnualReport.jsp"):
        if asked["area"] in {"001008006002065", "A01"} and asked["fbtime"] == "2024":
            return html(f"<h1>2024年年度报告</h1>{REPORT}")
        return html("<p>暂无相关信息</p>")
    if parts.path in DOCUMENTS:
        return html(DOCUMENTS[parts.path])
    return html(REPORT)


def hanweb(folder: Path, **column: object) -> None:
    path = portal_file(folder / "portals", "demo", county_code="990101", platform="hanweb")
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if column:
        data["years"] = [2020, 2024]
        data["columns"][0] |= column
    ordered = {name: data[name] for name in Portal.model_fields if name in data}
    path.write_text(yaml.safe_dump(ordered, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (folder / "register").mkdir()
    (folder / "register" / "990101.yml").write_text(REGISTER, encoding="utf-8")


def crawl(folder: Path, server: OddServer, *arguments: str) -> Ran:
    places = (
        f"PORTAL_DIRS={folder / 'portals'}",
        f"REGISTER_FILES={folder / 'register' / '990101.yml'}",
        f"SAMPLE_PORT={server.port}",
        "GUARD_EXEMPT_HOSTS=demo.test",
        "RETRY_TIMES=0",
    )
    return scrapy(folder / "data", "crawl", "portal", *arguments, settings=places)


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, list[Arrival]]:
    """One crawl of a list that holds every kind of trouble."""
    folder = tmp_path_factory.mktemp("numbers")
    hanweb(folder)
    rows = [
        (n, "") for n in (NOBODY, IGNORED, BROKEN, SHELL, OTHERS, HYPHEN, TWICE, ELSEWHERE, TWICE, "不详")
    ]
    listed = "".join(f"{number},{name}\n" for number, name in [(FOUND, "示例丙局"), *rows])
    file = folder / "list.csv"
    file.write_text(f"索引号,单位名称\n{listed}", encoding="gb18030")
    with odd_server({"demo.test": demo}) as server:
        ran = crawl(folder, server, "-a", f"index_numbers={file}", "-a", "years=2023-2024")
    return ran, server.arrivals


def outcome_lines(ran: Ran) -> dict[str, list[list[str]]]:
    lines = [line.split("\t") for line in ran.out.splitlines() if "\tdemo\t" in line]
    return {number: [line[2:] for line in lines if line[0] == number] for number, *_ in lines}


def test_each_number_has_its_outcome(looked: tuple[Ran, list[Arrival]]) -> None:
    ran, _ = looked
    lines = outcome_lines(ran)
    assert {number: {line[0] for line in told} for number, told in lines.items()} == {
        FOUND: {"found"},
        NOBODY: {"not_found"},
        IGNORED: {"incomplete"},
        BROKEN: {"incomplete"},
        SHELL: {"incomplete"},
        OTHERS: {"incomplete"},
        HYPHEN: {"found"},
        TWICE: {"found"},
        ELSEWHERE: {"found"},
    }
    assert ran.code == 10  # some were not found, but some of the asking went wrong: that comes first


def test_what_is_odd_is_told(looked: tuple[Ran, list[Arrival]]) -> None:
    ran, _ = looked
    told = {
        number: " ".join(" ".join(line) for line in lines) for number, lines in outcome_lines(ran).items()
    }
    assert "does not name 示例丙局" in told[FOUND]  # the list says whose it is, the page says otherwise
    assert "search may ignore" in told[IGNORED]
    assert "HTTP 500" in told[BROKEN]
    assert "neither hits nor word" in told[SHELL]
    assert "2 个页面" in told[TWICE]
    assert len(outcome_lines(ran)[TWICE]) == 2
    assert "another region: 620403" in told[ELSEWHERE]
    assert "line 12: 不详" in ran.err
    assert "1 个索引号重复" in ran.err


def test_the_record_proves_no_absence(looked: tuple[Ran, list[Arrival]]) -> None:
    ran, _ = looked
    walk = ran.walks()["demo/lookup"]
    assert (walk.kind, walk.complete) == (WalkKind.LOOKUP, False)
    assert {row.index_number for row in walk.rows} == set(outcome_lines(ran))
    assert {entry.role for entry in ran.captures()} == {"robots", "lookup", "report", "attachment"}


def test_a_number_reaches_every_year_of_its_organ(looked: tuple[Ran, list[Arrival]]) -> None:
    ran, arrivals = looked
    routed = [a.path for a in arrivals if "xxgkAnnualReport" in a.path and "area=001008006002065" in a.path]
    assert sorted(path.partition("fbtime=")[2][:4] for path in routed) == ["2023", "2024"]
    walk = ran.walks()["demo/index-numbers"]
    assert (walk.kind, walk.complete) == (WalkKind.LOOKUP, False)
    assert any("fbtime=2024" in row.url and "001008006002065" in row.url for row in walk.rows)


def test_nothing_is_asked_twice_and_the_cap_holds(looked: tuple[Ran, list[Arrival]]) -> None:
    _, arrivals = looked
    paths = [arrival.path for arrival in arrivals]
    assert len(paths) == len(set(paths))
    assert len([path for path in paths if path.startswith("/art/")]) == 5  # of eight hits that ignore it
    assert len([path for path in paths if "vc_number=H101" in path]) == 5  # of nine pages of other numbers


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Ran, list[Arrival], list[Arrival]]:
    """A full and a routine crawl of a route whose organs come from the tree."""
    folder = tmp_path_factory.mktemp("organs")
    hanweb(folder, url="/module/xxgk/xxgkAnnualReport.jsp", kind="route", harvest=True)
    with odd_server({"demo.test": demo}) as server:
        full = crawl(folder, server, "-a", "full=1", "-a", "years=2023-2024")
        first = list(server.arrivals)
        server.arrivals.clear()
        again = crawl(folder, server, "-a", "years=2024")
        return full, again, first, list(server.arrivals)


def test_each_harvested_organ_and_year_is_one_request(
    harvested: tuple[Ran, Ran, list[Arrival], list[Arrival]],
) -> None:
    full, _, arrivals, _ = harvested
    asked = [dict(parse_qsl(urlsplit(a.path).query)) for a in arrivals if "AnnualReport" in a.path]
    assert sorted((one["area"], one["fbtime"]) for one in asked) == [
        ("A01", "2023"),
        ("A01", "2024"),
        ("B02", "2023"),
        ("B02", "2024"),
    ]
    walks = {walk.column: walk for _, walk in full.reader.walks() if walk.years == (2023, 2024)}
    organs = walks["nb-organs"]
    assert (organs.kind, organs.result) == (WalkKind.ORGANS, WalkResult.HEALTHY)
    assert [(row.title, row.publisher_hint) for row in organs.rows] == [
        ("示例甲局", "990101-S01"),
        ("不在名录的局", None),
    ]
    assert walks["nb"].publishers == ("990101-S01",)  # only whom the register knows is ever missing by it
    assert walks["nb"].complete, walks["nb"].reason


def test_a_routine_crawl_asks_the_tree_and_what_has_not_answered_yet(
    harvested: tuple[Ran, Ran, list[Arrival], list[Arrival]],
) -> None:
    _, again, _, arrivals = harvested
    assert again.code == 0, again.err
    asked = [a.path for a in arrivals if a.path != "/robots.txt"]
    assert len(asked) == 2
    assert ["tree.jsp" in path for path in asked] == [True, False]
    assert "area=B02" in asked[1]


def test_a_list_is_read_as_offices_keep_it(tmp_path: Path) -> None:
    plain = tmp_path / "a.txt"
    plain.write_text(f"# 说明\n\n{FOUND}\n {NOBODY}  # 备注\n{FOUND}\n无此\n", encoding="utf-8-sig")
    numbers = read_numbers(plain)
    assert [wanted.number.canonical for wanted in numbers.wanted] == [FOUND, NOBODY]
    assert numbers.repeats == (FOUND,)
    assert ["第 6 行" in fault for fault in numbers.faults] == [True]
    table = tmp_path / "b.csv"
    table.write_text(
        f"序号;索 引 号;单位名称\n1;'{FOUND};示例甲局\n2;;示例乙局\n3;—;示例丙局\n", encoding="utf-8"
    )
    assert [(w.number.raw, w.publisher) for w in read_numbers(table).wanted] == [(FOUND, "示例甲局")]
    for name, text in (("c.txt", "无\n"), ("d.txt", ""), ("e.csv", "索引号\n-\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(NumbersError, match="no index number"):
            read_numbers(tmp_path / name)
    with pytest.raises(NumbersError, match="cannot be read"):
        read_numbers(tmp_path / "none.txt")


def test_one_portal_that_found_it_settles_a_number() -> None:
    number = parse_index_number(FOUND)
    assert number is not None
    wanted = Wanted(number)
    nothing, without = Search("a", wanted, [], asked=True), Search("b", wanted, [])
    assert overall([nothing, without]) == {FOUND: Outcome.NOT_FOUND}
    open_end = Search("c", wanted, [], asked=True, unopened=2)
    assert overall([nothing, open_end]) == {FOUND: Outcome.INCOMPLETE}
