"""Pictures of a report page: its scanned pages are asked for, the site's own frame is not."""

from __future__ import annotations

import pytest

from crawler.platforms.pictures import MIN_CELLS, body_pictures
from crawler.platforms.rows import parse_html

PAGE = "http://www.example.gov.cn/nb/202501/t20250120_1.html"
HERE = "http://www.example.gov.cn/nb/202501/"
TABLE = f"<table>{'<tr><td>规章</td><td>0</td></tr>' * MIN_CELLS}</table>"
TAKEN = {
    "scan": ('<img src="./W020250120.jpg">', "W020250120.jpg"),
    "lazy": ('<img src="/images/loading.gif" data-original="./1.png">', "1.png"),
    "sized": ('<img src="1.png" width="900px" height="1200">', "1.png"),
    "opens_itself": ('<a href="1.png" target="_blank"><img src="1.png"></a>', "1.png"),
}
LEFT = (
    '<img src="/images/logo.png">',
    '<img src="1.png" width="100">',
    '<img src="/template/3/1.png">',
    '<img src="data:image/png;base64,iVBORw0KGgo=">',
    '<a href="/index.html"><img src="1.png"></a>',
    '<div class="footer"><img src="1.png"></div>',
    '<img src="1.png" alt="政府网站找错">',
)


@pytest.mark.parametrize("kind", TAKEN)
def test_pictures_of_the_body_are_taken(kind: str) -> None:
    markup, name = TAKEN[kind]
    assert [url for url, _ in body_pictures(parse_html(markup), PAGE)] == [HERE + name]


@pytest.mark.parametrize("markup", LEFT)
def test_pictures_of_the_frame_are_left(markup: str) -> None:
    assert body_pictures(parse_html(markup), PAGE) == []


def test_a_page_with_its_tables_needs_no_pictures() -> None:
    assert body_pictures(parse_html(f'{TABLE}<img src="1.jpg">'), PAGE) == []
