"""Dates in every printed form, in addresses and headers; claims kept apart by kind and source."""

from __future__ import annotations

from datetime import date

import pytest

import extract
from extract.dates import header_claim, is_date_alone, parse_days, url_claims
from parser.document import Source
from tests.extract.pages import read_html, register


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2020年08月02日", date(2020, 8, 2)),
        ("2026-01-19 20:34", date(2026, 1, 19)),
        ("2026-1-9", date(2026, 1, 9)),
        ("2026/01/03 12:00:00", date(2026, 1, 3)),
        ("2026.1.3", date(2026, 1, 3)),
        ("发布于 2026 年 1 月 3 日", date(2026, 1, 3)),
        ("二〇二四年一月二十六日", date(2024, 1, 26)),
        ("二○二四年十二月十日", date(2024, 12, 10)),
        ("20260130", date(2026, 1, 30)),
        ("2026-01-09T17:30:00Z", date(2026, 1, 10)),
        ("2026-01-09T17:30:00.000+00:00", date(2026, 1, 10)),
        ("2026-01-09T17:30:00+08:00", date(2026, 1, 9)),
        ("1642000000", date(2022, 1, 12)),
        ("1642000000000", date(2022, 1, 12)),
        ("1642000000.0", date(2022, 1, 12)),
        ("Mon Jan 20 10:12:00 CST 2025", date(2025, 1, 20)),
        ("Jan 17, 2025 9:05:00 AM", date(2025, 1, 17)),
        ("17 Jan 2025", date(2025, 1, 17)),
        ("Fri, 17 January 2025 08:00", date(2025, 1, 17)),
        ("/Date(1705651200000)/", date(2024, 1, 19)),
        ("/Date(1705651200000+0800)/", date(2024, 1, 19)),
    ],
)
def test_printed_days(printed: str, day: date) -> None:
    assert parse_days(printed) == (day, day)


def test_months_are_intervals_and_dates_without_a_year_are_none() -> None:
    assert parse_days("2024年2月") == (date(2024, 2, 1), date(2024, 2, 29))
    for printed in ("01-30", "1月30日", "2024-13-01", "19700101", "2024", "", "第20250号"):
        assert parse_days(printed) is None, printed


@pytest.mark.parametrize(
    ("path", "lo", "hi", "source"),
    [
        ("/art/2025/1/13/art_1229849805_96757.html", (2025, 1, 13), (2025, 1, 13), "url_day"),
        ("/zwgk/202601/t20260124_15350931.html", (2026, 1, 24), (2026, 1, 24), "url_day"),
        ("/202601/t20260128_4233432_app.shtml", (2026, 1, 28), (2026, 1, 28), "url_day"),
        ("/2020_504392/qzfbgs/202601/t20260129_15364021.html", (2026, 1, 29), (2026, 1, 29), "url_day"),
        ("/zltq/2025-01/17/article_2025011716295741496.html", (2025, 1, 17), (2025, 1, 17), "url_day"),
        ("/News/Detail/20230130151013579.html", (2023, 1, 30), (2023, 1, 30), "url_day"),
        ("/doc/2025/01/23/4484819.shtml", (2025, 1, 23), (2025, 1, 23), "url_day"),
        ("/zfxxgkgd/20200525/i2026054.html", (2020, 5, 25), (2020, 5, 25), "url_day"),
        ("/c128570/202602/c531fcfd84284253.shtml", (2026, 2, 1), (2026, 2, 28), "url_month"),
    ],
)
def test_days_and_months_in_addresses(
    path: str, lo: tuple[int, ...], hi: tuple[int, ...], source: str
) -> None:
    (claim,) = url_claims("http://www.example.gov.cn" + path)
    assert (claim.lo, claim.hi, claim.source) == (date(*lo), date(*hi), source)


@pytest.mark.parametrize(
    "path",
    [
        "/zfb/zfxxgknb/t_7158622.html",
        "/bmxxgknb/2017052662977646594.html",
        "/zfxxgknb/2013435803336302594.html",
        "/2023_nb/t19700101_3410479.shtml",
        "/2024n/art/2026/art_4a25005ad4da.html",
        "/index.html?date=2020-01-01",
        "/col/col1229563321/index.html",
    ],
)
def test_folders_and_ids_are_no_dates(path: str) -> None:
    assert url_claims("http://www.example.gov.cn" + path) == []


def test_last_modified_is_the_day_in_china() -> None:
    claim = header_claim("Fri, 09 Jan 2026 17:30:00 GMT")
    assert claim is not None
    assert (claim.lo, claim.kind.value, claim.source) == (date(2026, 1, 10), "modified", "http_header")
    assert header_claim("yesterday") is None


def test_claims_are_kept_apart_in_the_order_of_trust() -> None:
    page = (
        '<html><head><meta charset="utf-8"><meta name="PubDate" content="2024-01-29 10:00"></head><body>'
        "<p>发布日期：2024-01-30 生成日期：2024-01-20</p><div id='zoom'><p>" + "正文" * 40 + "</p>"
        "<p>示例镇人民政府</p><p>2024年1月25日</p></div></body></html>"
    )
    document = extract.read(
        page.encode(),
        url="http://www.example.gov.cn/202401/t20240126_1.html",
        headers=[("Last-Modified", "Thu, 01 Feb 2024 01:00:00 GMT")],
        source=Source(list_date="2024-01-28", url="http://www.example.gov.cn/202401/t20240126_1.html"),
        register=register(),
    )
    claims = [(c.kind.value, c.lo.day, c.source) for c in document.dates]
    assert claims == [
        ("published", 30, "metadata_row"),
        ("generated", 20, "metadata_row"),
        ("published", 29, "meta_tag"),
        ("published", 28, "list_row"),
        ("published", 26, "url_day"),
        ("signed", 25, "signature"),
        ("modified", 1, "http_header"),
    ]
    assert "dates_disagree" in {finding.code for finding in document.findings}


def test_agreeing_sources_make_no_finding_and_a_bad_date_does() -> None:
    document = read_html(
        "<p>发布日期：2024-01-30</p><div id=zoom>" + "正文" * 60 + "</div>", url="http://a/202401/x.shtml"
    )
    assert not [f for f in document.findings if f.code == "dates_disagree"]
    document = read_html("<p>发布机构：示例局</p><p>发布日期：待定</p><div id=zoom>" + "正文" * 60 + "</div>")
    assert [f.code for f in document.findings if f.code == "unparsed_date"] == ["unparsed_date"]


def test_signature_dates() -> None:
    assert is_date_alone(" 2024 年 1 月 5 日 ")
    assert is_date_alone("二〇二四年一月五日")
    assert not is_date_alone("截至2024年1月5日")
    body = "<div id=zoom><p>" + "正文" * 40 + "</p><p>{}</p><p>网站主办：示例</p></div>"
    dated = read_html(body.format("示例镇人民政府　2024年1月5日"))
    assert [c.lo for c in dated.dates if c.kind.value == "signed"] == [date(2024, 1, 5)]
    told = read_html(body.format("统计期限为2023年1月1日至2023年12月31日"))
    assert not [c for c in told.dates if c.kind.value == "signed"]


def test_the_day_under_the_title_counts_where_no_row_is_labelled() -> None:
    title, body = "<h1>示例乡2024年政府信息公开工作年度报告</h1>", "<div id=zoom>" + "正文" * 60 + "</div>"
    document = read_html(f"{title}<ul><li>某市人民政府门户网</li><li>2025-02-10 15:59</li></ul>{body}")
    assert [(c.kind.value, c.lo, c.source) for c in document.dates] == [
        ("published", date(2025, 2, 10), "metadata_row")
    ]
    labelled = read_html(f"{title}<p>发布时间：2025-02-11</p><p>2025-02-10</p>{body}")
    assert [c.lo for c in labelled.dates] == [date(2025, 2, 11)]
    bracketed = read_html(f"{title}<p>（2025年1月20日）</p>{body}")
    assert [c.kind.value for c in bracketed.dates] == ["written"]
    period = read_html(f"{title}<p>统计期限为2024年1月1日至2024年12月31日</p>{body}")
    assert period.dates == ()
