"""`scrapy detect` before pages that only scripts draw: it says so, and with --browser it looks again."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from crawler.detect_drawn import by_script_alone, endpoints
from crawler.platforms.page import Page
from tests.crawler.crawling import Ran, scrapy
from tests.crawler.test_browser import browser_options
from tests.portals.gallery_play import gallery_server

HOME = "http://www.drawn-app.test/"


def page(body: str) -> Page:
    return Page(HOME, f"<html><head><title>县政府</title></head><body>{body}</body></html>")


def test_the_frame_of_an_application_is_told_from_a_page() -> None:
    assert by_script_alone(page("<div id='app'></div><script src='/app.js'></script>"))
    assert by_script_alone(page("<noscript>请启用脚本</noscript><div id='app'></div><script>go()</script>"))
    assert not by_script_alone(page("<div id='app'></div>"))
    links = "".join(f"<a href='/{n}'>栏目</a>" for n in range(5))
    assert not by_script_alone(page(f"{links}<script src='/x.js'></script>"))
    assert not by_script_alone(page(f"<p>{'今日要闻' * 40}</p><script></script>"))


def test_endpoints_are_those_whose_answers_hold_a_title() -> None:
    title = "示例镇2024年政府信息公开工作年度报告"
    data = [("/menu", '{"a": 1}'), ("/list", '["\\u793a\\u4f8b\\u9547' + ascii(title)[4:]), ("/plain", title)]
    found = dict(endpoints([*data, ("/exact", title)], [title]))
    assert {"/plain", "/exact"} <= set(found)
    assert "/menu" not in found


@pytest.fixture(scope="module")
def detected(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Ran]:
    """Without a browser, and with one."""
    browser_options(request)
    folder = tmp_path_factory.mktemp("detect")
    with gallery_server(folder / "log", "tests.portals.drawn.serve") as port:
        settings = (f"SAMPLE_PORT={port}", f"PORTAL_DIRS={folder}", "DOWNLOAD_DELAY=0")
        runs = [
            scrapy(folder, "detect", HOME, *more, settings=settings, module="tests.portals.drawn.settings")
            for more in ((), ("--browser",))
        ]
    return runs[0], runs[1]


def test_without_a_browser_it_says_what_it_cannot_see(detected: tuple[Ran, Ran], tmp_path: Path) -> None:
    ran, _ = detected
    assert ran.code == 5, ran.err[-2000:]
    assert f"drawn by scripts alone: {HOME}；可加 --browser" in ran.err
    assert ran.out == ""


def test_with_a_browser_it_finds_columns_and_names_the_endpoint(detected: tuple[Ran, Ran]) -> None:
    _, ran = detected
    assert ran.code == 0, ran.err[-2000:]
    drafted = yaml.safe_load(ran.out)
    assert [column["url"] for column in drafted["columns"]] == [f"{HOME}#/list/nb", f"{HOME}#/list/xz"]
    assert drafted["platform"] == "generic"
    assert drafted["browser"]["reason"].startswith("只由脚本绘制")
    assert f"接口 endpoint: {HOME}api/list/nb?page=1；" in ran.err
