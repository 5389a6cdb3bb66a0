"""The commands' refusals: one plain line, the documented exit code, nothing written."""

from __future__ import annotations

import signal
import subprocess
import threading
from pathlib import Path

import pytest
import yaml

from crawler.detect import detect, draft
from crawler.platforms import PLATFORMS
from crawler.portal import Portal
from tests.crawler.crawling import ROOT, Ran, full_crawl, list_page, portal_file, scrapy, scrapy_command
from tests.crawler.odd_server import Answer, odd_server

PRODUCT = "crawler.settings"


def test_a_misspelt_portal_file(tmp_path: Path) -> None:
    path = portal_file(tmp_path / "portals", "county")
    path.write_text(path.read_text(encoding="utf-8").replace("columns:", "colums:"), encoding="utf-8")
    ran = scrapy(tmp_path / "data", "crawl", "portal", settings=(f"PORTAL_DIRS={path.parent}",))
    assert ran.code == 4
    assert len(ran.err.splitlines()) == 1
    assert str(path) in ran.err
    assert "colums" in ran.err
    assert "columns" in ran.err
    assert not (tmp_path / "data").exists(), "nothing may be written"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("crawl", "portal", "--portal=x"), "--portal"),
        (("crawl", "portal", "-a", "potals=x"), "potals"),
        (("crawl", "portal", "-a", "years=20"), "20"),
        (("crawl", "portal", "-a", "full=maybe"), "full"),
        (("crawl", "portal", "-a", "portals=nowhere"), "nowhere"),
        (("crawl", "spider"), "portal"),
        (("crawl", "portal", "-a", "index_numbers=x", "-a", "replay=r"), "index_numbers"),
        (("crawl",), "usage"),
        (("lookup", "abc"), "abc"),
        (("detect", "nonsense"), "nonsense"),
        (("portals", "extra"), "usage"),
    ],
)
def test_usage(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    portal_file(tmp_path / "portals", "county")
    ran = scrapy(tmp_path / "data", *arguments, settings=(f"PORTAL_DIRS={tmp_path / 'portals'}",))
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1, ran.err
    assert words in ran.err
    assert not (tmp_path / "data").exists()


def test_a_real_host_needs_a_contact(tmp_path: Path) -> None:
    portal_file(
        tmp_path / "portals", "county", base_url="https://www.example.gov.cn/", allowed_hosts=[], delay=None
    )
    ran = scrapy(
        tmp_path / "data",
        "crawl",
        "portal",
        settings=(f"PORTAL_DIRS={tmp_path / 'portals'}", "CONTACT="),
        module=PRODUCT,
    )
    assert ran.code == 2
    assert "NIANBAO_CONTACT" in ran.err
    assert not (tmp_path / "data").exists()


def test_a_short_delay_is_for_loopback_only(tmp_path: Path) -> None:
    portal_file(tmp_path / "portals", "county", base_url="https://www.example.gov.cn/", allowed_hosts=[])
    ran = scrapy(
        tmp_path / "data",
        "crawl",
        "portal",
        settings=(f"PORTAL_DIRS={tmp_path / 'portals'}", "CONTACT=a@example.org"),
        module=PRODUCT,
    )
    assert ran.code == 4
    assert "delay" in ran.err


def test_an_archive_that_cannot_be_written(tmp_path: Path) -> None:
    portal_file(tmp_path / "portals", "county")
    (tmp_path / "data").write_text("a file where a folder should be", encoding="utf-8")
    with odd_server({"county.test": lambda _path, _before: Answer(404)}) as server:
        ran = scrapy(
            tmp_path / "data",
            "crawl",
            "portal",
            settings=(
                f"PORTAL_DIRS={tmp_path / 'portals'}",
                f"SAMPLE_PORT={server.port}",
                "GUARD_EXEMPT_HOSTS=county.test",
            ),
        )
        assert server.arrivals == []
    assert ran.code == 3
    assert ran.err.splitlines()[-1].startswith("存档不可写")
    assert "Traceback" not in ran.err


def test_a_damaged_archive_is_told_and_no_host_is_asked(tmp_path: Path) -> None:
    portal_file(tmp_path / "portals", "county")

    def behave(path: str, before: int) -> Answer:
        if path == "/nb/":
            return Answer(
                body=list_page(("./202501/t20250110_1.html", "示例镇2024年政府信息公开工作年度报告"))
            )
        return Answer(404, "no") if path == "/robots.txt" else Answer(body="<html></html>")

    with odd_server({"county.test": behave}) as server:
        settings = (
            f"PORTAL_DIRS={tmp_path / 'portals'}",
            f"SAMPLE_PORT={server.port}",
            "GUARD_EXEMPT_HOSTS=county.test",
        )
        first = scrapy(tmp_path / "data", "crawl", "portal", settings=settings)
        assert first.code == 0, first.err
        (warc,) = (tmp_path / "data" / "warc").rglob("*.warc.gz")
        warc.chmod(0o644)
        warc.write_bytes(b"no gzip at all" * 500)
        before = len(server.arrivals)
        second = scrapy(tmp_path / "data", "crawl", "portal", settings=settings)
        assert len(server.arrivals) == before
    assert second.code == 6
    assert warc.name in second.err
    assert "Traceback" not in second.err


def test_portals_lists_and_lints(tmp_path: Path) -> None:
    folder = tmp_path / "portals"
    portal_file(folder, "one", county_code="111111")
    good = scrapy(
        tmp_path / "data",
        "portals",
        "--check",
        settings=(f"PORTAL_DIRS={folder}", "GUARD_EXEMPT_HOSTS=one.test"),
    )
    assert (good.code, good.err) == (0, "")
    portal_file(
        folder,
        "two",
        county_code="111111",
        platform="tsr",
        base_url="http://one.test/",
        allowed_hosts=["one.test"],
    )
    columns = [{"id": "nb", "name": "x", "url": "/", "publishers": ["999999-X"]}]
    portal_file(folder, "three", county_code="333333", columns=columns)
    bad = scrapy(
        tmp_path / "data",
        "portals",
        "--check",
        settings=(f"PORTAL_DIRS={folder}", "GUARD_EXEMPT_HOSTS=one.test,three.test"),
    )
    assert bad.code == 4
    for words in ("tsr", "trs", "county_code", "same column", "999999-X"):
        assert words in bad.err
    listed = scrapy(
        tmp_path / "data",
        "portals",
        settings=(f"PORTAL_DIRS={folder}", "GUARD_EXEMPT_HOSTS=one.test,three.test"),
    )
    assert "three\t333333" in listed.out
    assert all(name in listed.out for name in PLATFORMS)


def test_the_shipped_and_the_sample_files_are_sound(tmp_path: Path) -> None:
    assert scrapy(tmp_path, "portals", "--check", module=PRODUCT).code == 0
    sample = scrapy(tmp_path, "portals", "--check", module="tests.portals.settings")
    assert (sample.code, sample.err) == (0, "")
    assert "5" in sample.out


def test_a_list_without_a_number_is_refused(tmp_path: Path) -> None:
    portal_file(tmp_path / "portals", "county")
    (tmp_path / "list.txt").write_text("无\n", encoding="utf-8")
    places = (f"PORTAL_DIRS={tmp_path / 'portals'}",)
    ran = scrapy(
        tmp_path / "data", "crawl", "portal", "-a", f"index_numbers={tmp_path / 'list.txt'}", settings=places
    )
    assert (ran.code, len(ran.err.splitlines())) == (4, 1), ran.err
    assert "list.txt" in ran.err
    assert not (tmp_path / "data").exists()


def test_a_look_up_on_samples_that_nobody_plays_is_told_in_one_line(tmp_path: Path) -> None:
    ran = scrapy(tmp_path, "lookup", "H097/2025-00300", "-p", "zhuji", module="tests.portals.settings")
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert "SAMPLE_PORT" in ran.err.splitlines()[-1]


def test_schema_is_printed(tmp_path: Path) -> None:
    ran = scrapy(tmp_path, "portals", "--schema", module=PRODUCT)
    assert yaml.safe_load(ran.out)["properties"]["columns"]


def test_a_moved_column_a_shell_and_a_wrong_certificate_of_absence(tmp_path: Path) -> None:
    """A column that answers 404, one that sends on by script, one that shows a dead page with status 200."""

    def behave(path: str, before: int) -> Answer:
        if path == "/robots.txt" or path == "/gone/":
            return Answer(404, "no")
        if path == "/shell/":
            return Answer(body="<script>window.location.href='/new/'</script>")
        if path == "/new/":
            return Answer(
                body=list_page(("./202501/t20250110_1.html", "示例镇2024年政府信息公开工作年度报告"))
            )
        if path == "/dead/":
            return Answer(body="<html><body>您访问的页面不存在</body></html>")
        return Answer(body="<html><body>示例镇2024年政府信息公开工作年度报告</body></html>")

    columns = [{"id": name, "name": name, "url": f"/{name}/"} for name in ("gone", "shell", "dead")]
    portal_file(tmp_path / "portals", "county", columns=columns)
    with odd_server({"county.test": behave}) as server:
        ran = full_crawl(tmp_path, server.port, "county.test")
        agents = {arrival.headers["User-Agent"] for arrival in server.arrivals}
    walks = ran.walks()
    assert ran.code == 10
    assert (walks["county/gone"].result, walks["county/dead"].result) == ("layout_changed", "layout_changed")
    assert walks["county/shell"].complete
    assert len(walks["county/shell"].rows) == 1
    (agent,) = agents
    assert agent.startswith("Nianbao/")
    assert "(+" in agent
    assert agent.isascii()


def test_last_pages_that_are_missing_and_pagers_that_are_not_understood(tmp_path: Path) -> None:
    def rows(first: int) -> list[tuple[str, str]]:
        return [
            (f"/x/202501/t20250110_{n}.html", f"示例{n}镇2024年政府信息公开工作年度报告")
            for n in range(first, first + 10)
        ]

    pages = {
        "/stated/": list_page(*rows(0), tail='<script>createPageHTML(3, 0, "index", "html")</script>'),
        "/stated/index_1.html": list_page(
            *rows(10), tail='<script>createPageHTML(3, 1, "index", "html")</script>'
        ),
        "/hole/": list_page(*rows(0), tail='<script>createPageHTML(3, 0, "index", "html")</script>'),
        "/unknown/": list_page(*rows(0), tail='<div class="page_base" ms-controller="list_pagebar"></div>'),
        "/none/": list_page(*rows(0)),
        "/guessed/": list_page(*rows(0)),
        "/guessed/index_1.html": list_page(*rows(20)),
    }

    def behave(path: str, before: int) -> Answer:
        if path.startswith("/x/"):
            return Answer(body="<html><body>示例镇2024年政府信息公开工作年度报告</body></html>")
        return Answer(body=pages[path]) if path in pages else Answer(404, "no")

    names = ("stated", "hole", "unknown", "none", "guessed")
    columns = [{"id": name, "name": name, "url": f"/{name}/"} for name in names]
    portal_file(tmp_path / "portals", "county", columns=columns)
    with odd_server({"county.test": behave}) as server:
        ran = full_crawl(tmp_path, server.port, "county.test")
    walks = {key.partition("/")[2]: walk for key, walk in ran.walks().items()}
    assert {name: (walk.complete, len(walk.rows)) for name, walk in walks.items()} == {
        "stated": (True, 20),
        "hole": (False, 10),
        "unknown": (False, 10),
        "none": (True, 10),
        "guessed": (True, 20),
    }
    assert ran.code == 10
    assert len(ran.out.splitlines()) == 5


def test_a_signal_ends_the_run_and_the_walk_says_so(tmp_path: Path) -> None:
    portal_file(tmp_path / "portals", "county")
    links = [(f"./202501/t20250110_{n}.html", f"示例{n}镇2024年政府信息公开工作年度报告") for n in range(9)]
    arrived = threading.Event()

    def behave(path: str, before: int) -> Answer:
        if path == "/nb/":
            return Answer(body=list_page(*links))
        if path == "/robots.txt":
            return Answer(404, "no")
        arrived.set()
        return Answer(body="<html></html>", wait=0.5)

    with odd_server({"county.test": behave}) as server:
        command = scrapy_command(
            tmp_path / "data",
            "crawl",
            "portal",
            settings=(
                f"PORTAL_DIRS={tmp_path / 'portals'}",
                f"SAMPLE_PORT={server.port}",
                "GUARD_EXEMPT_HOSTS=county.test",
            ),
        )
        with subprocess.Popen(
            command.line, cwd=ROOT, env=command.environment, stderr=subprocess.PIPE
        ) as process:
            assert arrived.wait(30)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
    ran = Ran(process.returncode, "", "", tmp_path / "data")
    assert ran.code == 10
    walk = ran.walks()["county/nb"]
    assert (walk.complete, walk.result) == (False, "incomplete")
    assert "中断" in (walk.reason or "")


def test_a_row_of_two_lists_is_asked_for_once(tmp_path: Path) -> None:
    """Both walks know of it, and both hear that it failed."""
    good, bad = "示例镇2024年政府信息公开工作年度报告", "示例乡2024年政府信息公开工作年度报告"
    rows = (("/x/202501/t20250110_1.html", good), ("/x/202501/t20250110_2.html", bad))

    def behave(path: str, before: int) -> Answer:
        if path == "/robots.txt":
            return Answer(404, "no")
        if path in {"/one/", "/two/"}:
            return Answer(body=list_page(*rows))
        return (
            Answer(500, "no")
            if path.endswith("_2.html")
            else Answer(body=f"<html><body>{good}</body></html>")
        )

    columns = [{"id": name, "name": name, "url": f"/{name}/"} for name in ("one", "two")]
    portal_file(tmp_path / "portals", "county", columns=columns)
    with odd_server({"county.test": behave}) as server:
        ran = full_crawl(tmp_path, server.port, "county.test")
    asked = [path for path in server.paths("county.test") if path.startswith("/x/")]
    assert sorted(asked) == [rows[0][0]] + [rows[1][0]] * 3, "once, and twice again after a 500"
    for name in ("one", "two"):
        walk = ran.walks()[f"county/{name}"]
        assert [(row.title, row.reason) for row in walk.rows] == [(good, None), (bad, "http_500")]
        assert not walk.complete


@pytest.mark.parametrize(
    ("url", "name", "column"),
    [
        (
            "https://www.a.gov.cn/art/2025/1/13/art_1229849805_96757.html",
            "hanweb",
            "https://www.a.gov.cn/col/col1229849805/index.html",
        ),
        (
            "https://www.a.gov.cn/col/col1229849805/index.html",
            "hanweb",
            "https://www.a.gov.cn/col/col1229849805/index.html",
        ),
        ("http://www.a.gov.cn/module/xxgk/xxgkAnnualReport.jsp?fbtime=2017&area=1", "hanweb", None),
        (
            "http://www.a.gov.cn/x/c128570/202601/c531fcfd84284253aaceb3f0345912cd.shtml",
            "ucap",
            "http://www.a.gov.cn/x/c128570/",
        ),
        ("https://www.a.gov.cn/openness/OpennessAnnualReport/show/3965.html", "openness", None),
        ("https://www.a.gov.cn/XxgkAnnualReport/show/6144.html", "openness", None),
        ("https://www.a.gov.cn/Xxgknb/show/5246.html", "openness", None),
        (
            "http://www.a.gov.cn/public/column/5961?type=3&nav=5&timeFrame=2022&hasContent=true",
            "lonsun",
            "http://www.a.gov.cn/public/column/5961?type=3&nav=5",
        ),
        ("https://www.a.gov.cn/public/description/61859.html", "lonsun", None),
        ("https://www.a.gov.cn/zwgk/site/label/8888?labelName=publicInfoList&organId=1", "lonsun", None),
        (
            "http://www.a.gov.cn/zqhjj/gkmlpt/content/4/4688/post_4688997.html",
            "gkmlpt",
            "http://www.a.gov.cn/zqhjj/gkmlpt/index",
        ),
        ("https://www.a.gov.cn/gkmlpt/index#4123", "gkmlpt", "https://www.a.gov.cn/gkmlpt/index#4123"),
        (
            "https://www.a.gov.cn/xxgk/xxgknb/gzj/content/post_10097535.html",
            "nfcms",
            "https://www.a.gov.cn/xxgk/xxgknb/gzj/",
        ),
        ("https://a.gov.cn/info/6642/10157334.htm", "vsb", None),
        ("https://www.a.gov.cn/zfxxgk/zfxxgknb/n2022n/xz/zgz.htm", "vsb", None),
        (
            "http://a.gov.cn/zwgk_70039/zfxxgknb_70056/202601/t20260124_15350931.html",
            "trs",
            "http://a.gov.cn/zwgk_70039/zfxxgknb_70056/",
        ),
        ("http://a.gov.cn/x/202501/t20250107_3127933.htm", "trs", "http://a.gov.cn/x/"),
        ("https://www.a.gov.cn/zfb/zfxxgknb/t_7158622.html", "trs", None),
        ("http://a.gov.cn/xxgknb/202601/t20260128_4233432_app.shtml", "trs", "http://a.gov.cn/xxgknb/"),
    ],
)
def test_detect_by_shape(url: str, name: str, column: str | None) -> None:
    guesses, _ = detect(url)
    assert guesses[0].platform.name == name
    text = draft(url, guesses)
    portal = Portal.model_validate(yaml.safe_load(text))
    assert portal.platform == name
    assert portal.columns[0].url == (column or url)


@pytest.mark.parametrize(
    ("url", "family"),
    [
        ("http://a.gov.cn/gongkai/channel_c_5f9f696d489871774b4da7e8_n_1605687532.1917/", "gongkai"),
        ("https://a.gov.cn/columns/0a1b2c3d-0000-4000-8000-000000000001/index.html", "shijiazhuang"),
        ("https://a.gov.cn/zwgk/zfxxgknb/zfnb/content_199287", "content_n"),
    ],
)
def test_families_without_a_class_are_named(url: str, family: str) -> None:
    guesses, families = detect(url)
    assert guesses == []
    assert families[0].name == family


def test_detect_says_that_nothing_was_fetched(tmp_path: Path) -> None:
    ran = scrapy(tmp_path, "detect", "https://www.a.gov.cn/col/col1/index.html", module=PRODUCT)
    assert ran.code == 0
    assert "未抓取任何页面" in ran.out
    assert "platform: hanweb" in ran.out
    assert scrapy(tmp_path, "detect", "https://www.a.gov.cn/", module=PRODUCT).code == 5
