"""Pages that lead to columns: which links name one, and what each hub's walk leaves to the other columns."""

from __future__ import annotations

import pytest

from crawler.platforms.base import PageRequest
from crawler.platforms.generic import Generic
from crawler.platforms.generic_families import AS, HUB, LIST
from crawler.platforms.rows import parse_html
from crawler.portal import Column, Portal

BASE = "http://www.sample-county.gov.cn/"


def generic(*others: str) -> Generic:
    """The platform for a portal whose file names the home page and some other columns."""
    columns = [Column(id="home", name="首页", url="/")]
    columns += [Column(id=f"c{place}", name="某栏目", url=url) for place, url in enumerate(others)]
    portal = Portal(
        id="sample",
        name="示例县",
        county_code="990001",
        platform="generic",
        base_url=BASE,
        columns=tuple(columns),
    )
    return Generic(portal)


def led(platform: Generic, markup: str) -> list[tuple[str, str]]:
    request = PageRequest(BASE, carry={AS: HUB, LIST: BASE})
    return [(lead.name, lead.purpose) for lead in platform.leads(parse_html(markup), BASE, request)]


@pytest.mark.parametrize(
    "name", ["网站地图", "站点地图", "分类", "标签和分类", "文章归档", "Archives", "Sitemap"]
)
def test_pages_that_name_all_columns_lead_to_some(name: str) -> None:
    assert led(generic(), f'<a href="/map/">{name}</a>') == [(name, HUB)]


@pytest.mark.parametrize("name", ["垃圾分类", "职业分类目录", "地图", "政策标签说明"])
def test_words_inside_other_names_lead_nowhere(name: str) -> None:
    assert led(generic(), f'<a href="/map/">{name}</a>') == []


def test_a_hub_leaves_the_portals_other_columns_to_themselves() -> None:
    page = '<a href="/zwgk/">政务公开</a><a href="/bm/">部门信息公开</a><a href="/nb/">政府信息公开年报</a>'
    assert len(led(generic(), page)) == 3
    assert led(generic("/zwgk/", f"{BASE}nb/"), page) == [("部门信息公开", HUB)]
