# ruff: noqa: E501, ISC004 - a row of the table is one line of markup
"""Every form of the metadata block that portals.md §4 and §5 name, one row each: markup → fields, exactly.

`PUBLISHER` and the other names stand for values; a row gives only the fields that its markup shows.
"""

from __future__ import annotations

import json

import pytest

import extract
from parser.document import Document
from tests.extract.pages import read_html, register, texts

TEXT = "正文文字" * 30
BODY = f"<div id='zoom'><p>{TEXT}</p></div>"
NUMBER, PUBLISHER, DAY, DAY2 = "014437529/2025-00007", "示例县示例局", "2025-01-13", "2025-01-10"
ROW = {"index_number": NUMBER, "publisher": PUBLISHER}


def table(*rows: str, attributes: str = "") -> str:
    return f"<table {attributes}>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def pair(label: str, value: str, kind: str = "") -> str:
    return f"<td {kind}>{label}</td><td>{value}</td>"


HANWEB = table(
    pair("<b>索&nbsp;引&nbsp;号</b>", "H097/2025-00300") + pair("<b>文&nbsp;&nbsp;&nbsp;&nbsp;号</b>", ""),
    pair("<b>发布机构</b>", PUBLISHER) + pair("<b>成文日期</b>", DAY2),
    pair("<b>公开方式</b>", "主动公开") + pair("<b>主题分类</b>", "政府信息公开"),
    attributes="class='xxgk_table'",
)
HANWEB_FIELDS = {
    "index_number": "H097/2025-00300",
    "document_number": None,
    "publisher": PUBLISHER,
    "written": DAY2,
    "open_mode": "主动公开",
    "theme": "政府信息公开",
}

# name → (markup, fields, the body's text is left whole)
VARIANTS: dict[str, tuple[str, dict[str, str | None]]] = {
    "hanweb_xxgk_table_4.1": (HANWEB, HANWEB_FIELDS),
    "hanweb_art_xxgktab_4.1": (HANWEB.replace("xxgk_table", "art_xxgktab"), HANWEB_FIELDS),
    "hanweb_td_title_4.1": (
        table(pair("索引号", NUMBER, "class=title") + pair("发布机构", PUBLISHER, "class=title")),
        ROW,
    ),
    "hanweb_td_t_nbsp_runs_4.1": (
        table(
            pair("索\xa0引\xa0号：", NUMBER, "class=t") + pair("文\xa0\xa0\xa0\xa0号：", "示政〔2025〕1号")
        ),
        {"index_number": NUMBER, "document_number": "示政〔2025〕1号"},
    ),
    "wuxi_comment_slots_4.1": (
        "<table><tr><td>信息索引号</td><td><!--<$[SYH]>-->014006438/2026-03652<!--<$[SYH]>--></td>"
        f"<td>生成日期</td><td><!--<$[SCRQ]>-->{DAY2}<!--<$[SCRQ]>--></td>"
        f"<td>公开日期</td><td><!--<$[GKRQ]>-->{DAY}<!--<$[GKRQ]>--></td></tr>"
        "<tr><td>文件编号</td><td>— —</td><td>效力状况</td><td>有效</td>"
        f"<td>发布机构</td><td><!--<$[FBJG]>-->{PUBLISHER}<!--<$[FBJG]>--></td></tr></table>",
        {
            "index_number": "014006438/2026-03652",
            "generated": DAY2,
            "published": DAY,
            "document_number": None,
            "validity": "有效",
            "publisher": PUBLISHER,
        },
    ),
    "jpaas_taizhou_4.1": (
        table(
            pair("索引号", "014421391/2026-246128") + pair("分类", "信息公开年报"),
            pair("发布机构", PUBLISHER) + pair("发文日期", DAY),
            pair("文号", "") + pair("时效", ""),
        ),
        {
            "index_number": "014421391/2026-246128",
            "theme": "信息公开年报",
            "publisher": PUBLISHER,
            "written": DAY,
            "document_number": None,
            "validity": None,
        },
    ),
    "jpaas_jingjiang_4.1": (
        table(pair("索引号", NUMBER) + pair("主题分类", "其他"), pair("发布单位", PUBLISHER)),
        {**ROW, "theme": "其他"},
    ),
    "jpaas_pingchuan_blank_publisher_4.1": (
        table(
            pair("索引号", "11620403013912770D/2026-206793") + pair("生成日期", DAY),
            pair("文号", "") + pair("关键字", "年报"),
            pair("所属机构", PUBLISHER) + pair("发布机构", ""),
        ),
        {
            "index_number": "11620403013912770D/2026-206793",
            "generated": DAY,
            "document_number": None,
            "keywords": "年报",
            "owner": PUBLISHER,
            "publisher": None,
        },
    ),
    "trs_article_table_4.2": (
        f"<div class='Article_xx'>{table(pair('索引号', NUMBER), pair('发布机构', PUBLISHER))}</div>",
        ROW,
    ),
    "trs_strong_and_comments_4.2": (
        f"<div class='top-l'><p><strong>索引号</strong>：000014348/2020-35147</p><p><strong>发布机构</strong>：{PUBLISHER}"
        "</p></div><div class='top-r'><!--<p><strong>成文日期</strong>：2001年01月01日</p>-->"
        "<p><strong>发布日期</strong>：2020年08月02日</p></div>",
        {"index_number": "000014348/2020-35147", "publisher": PUBLISHER, "published": "2020年08月02日"},
    ),
    "trs_old_catalogue_4.2": (
        f"<div><B>索 引 号:</B> {NUMBER}<br><B>主题分类:</B> <span id='lSubcat'>政务公开</span><br>"
        "<B>名 称:</B> <span id='lTitle'>示例年报</span></div>",
        {"index_number": NUMBER, "theme": "政务公开", "name": "示例年报"},
    ),
    "trs_hubei_li_4.2": (
        f"<div id='wzy_sy_1'><ul><li>索 引 号：{NUMBER}</li><li>发布机构：{PUBLISHER}</li></ul></div>",
        ROW,
    ),
    "central_wide_blanks_4.2": (
        table(
            "<td><b>索　引　号：</b></td><td>000014349/2024-00012</td><td><b>发文机关：</b></td><td>某部</td>"
        ),
        {"index_number": "000014349/2024-00012", "publisher": "某部"},
    ),
    "tianjin_spans_4.2": (
        "<ul><li><span class='date1'>索引号：000125014/2020-00025</span><span class='date2'>文号：示发〔2020〕2号</span>"
        f"<span class='date3'>发文日期：{DAY}</span></li></ul>",
        {"index_number": "000125014/2020-00025", "document_number": "示发〔2020〕2号", "written": DAY},
    ),
    "nanan_li_4.2": (
        "<ul><li>索 引 号：QZ07911-0101-2025-00001</li><li>备注/文号：</li>"
        f"<li>发布机构：{PUBLISHER}</li><li>公文生成日期：{DAY}</li></ul>",
        {
            "index_number": "QZ07911-0101-2025-00001",
            "document_number": None,
            "publisher": PUBLISHER,
            "generated": DAY,
        },
    ),
    "ucap_mes_4.3": (
        "<div class='meta-main'><ul><li><div class='tit'>索引号</div><div class='mes syh'>K45899617/2026-00221</div></li>"
        f"<li><div class='tit'>成文日期</div><div class='mes cwrq'>{DAY}</div></li></ul></div>",
        {"index_number": "K45899617/2026-00221", "written": DAY},
    ),
    "ucap_li_4.3": (
        "<ul class='clearfix'><li>索 引 号：K45899617/2026-00221</li><li>发布机构：示例县</li>"
        "<li>发布日期：2026-01-19 20:34</li></ul>",
        {"index_number": "K45899617/2026-00221", "publisher": "示例县", "published": "2026-01-19 20:34"},
    ),
    "ucap_wuqia_table_4.3": (
        table(
            pair("索 引 号", "K45899617/2026-00221") + pair("主题分类", "其他"),
            pair("发布机构", PUBLISHER) + pair("发布日期", DAY),
            "<td>名 称</td><td colspan=3></td>",
            pair("文 号", "〔〕号") + pair("有 效 性", "有效"),
            pair("来 源", "示例县"),
        ),
        {
            "index_number": "K45899617/2026-00221",
            "theme": "其他",
            "publisher": PUBLISHER,
            "published": DAY,
            "name": None,
            "document_number": None,
            "validity": "有效",
            "source": "示例县",
        },
    ),
    "gkmlpt_table_4.4": (
        table(
            pair("索引号:", "114403006955506492/2021-00426") + pair("分类:", "年报"),
            pair("发布机构:", PUBLISHER) + pair("成文日期:", DAY2),
            "<td>名称:</td><td colspan=3>示例年报</td>",
            pair("文号:", "") + pair("发布日期:", DAY),
            "<td>主题词:</td><td colspan=3></td>",
        ),
        {
            "index_number": "114403006955506492/2021-00426",
            "theme": "年报",
            "publisher": PUBLISHER,
            "written": DAY2,
            "name": "示例年报",
            "document_number": None,
            "published": DAY,
            "keywords": None,
        },
    ),
    "lonsun_table_suoyin_4.5": (
        table(
            pair("索 引 号：", "00298627-2/202003-00010", "class=pmingcheng") + pair("信息分类：", "年报"),
            pair("发布机构：", PUBLISHER) + pair("成文日期：", DAY2),
            pair("文号：", "无") + pair("有效性：", "有效"),
            attributes="class='table_suoyin'",
        ),
        {
            "index_number": "00298627-2/202003-00010",
            "theme": "年报",
            "publisher": PUBLISHER,
            "written": DAY2,
            "document_number": None,
            "validity": "有效",
        },
    ),
    "lonsun_label_split_by_tags_4.5": (
        "<table><tr><td><span>索</span><span>引</span><span>号：</span></td><td>00298627-2/202003-00010</td></tr></table>",
        {"index_number": "00298627-2/202003-00010"},
    ),
    "lonsun_more_labels_4.5": (
        table(
            pair("索引号", NUMBER) + pair("组配分类", "年报"),
            pair("统一编号", "SL123") + pair("生成日期", DAY),
        ),
        {"index_number": NUMBER, "theme": "年报", "unified_number": "SL123", "generated": DAY},
    ),
    "openness_line_4.6": (
        f"<div>发布时间：{DAY} 09:12　来源：{PUBLISHER}　浏览次数：12</div>",
        {"published": f"{DAY} 09:12", "source": PUBLISHER},
    ),
    "vsb_govinfo_4.7": (
        table(
            pair("索引号", NUMBER, "class=title_govinfocontent"),
            pair("发布机构", PUBLISHER),
            attributes="class='xxgkcont'",
        ),
        ROW,
    ),
    "vsb_blank_only_4.7": (
        "<ul><li>索引号 000014348/2022-00630</li></ul>",
        {"index_number": "000014348/2022-00630"},
    ),
    "vsb_inline_4.7": (
        "<p>发布机构:兴示镇 索引号:xgz/2026-00001 时间:2026-01-20 【下载Word】【下载PDF】</p>",
        {"publisher": "兴示镇", "index_number": "xgz/2026-00001", "published": "2026-01-20"},
    ),
    "zibo_gongkai_4.9": (
        table(
            pair("标题", "示例年报"),
            pair("索引号", "3700306/2025-5504193") + pair("文号", ""),
            pair("发文日期", DAY) + pair("发布机构", PUBLISHER),
        ),
        {
            "name": "示例年报",
            "index_number": "3700306/2025-5504193",
            "document_number": None,
            "written": DAY,
            "publisher": PUBLISHER,
        },
    ),
    "shangqiu_4.9": (
        table(pair("索引号", "071-zcxzf-00000176") + pair("所属主题", "政府年报")),
        {"index_number": "071-zcxzf-00000176", "theme": "政府年报"},
    ),
    "zhenan_4.9": (
        f"<p>索引号：za779940273-2023-000071 发布机构：{PUBLISHER}</p>",
        {"index_number": "za779940273-2023-000071", "publisher": PUBLISHER},
    ),
    "div_table_5": (
        "<div class='tbl'><div class='row'><div class='cell'>索引号</div><div class='cell'>"
        + NUMBER
        + "</div>"
        f"<div class='cell'>发布机构</div><div class='cell'>{PUBLISHER}</div></div></div>",
        ROW,
    ),
    "label_row_over_value_row_5": (
        table(
            "<th>索引号</th><th>发布机构</th><th>发布日期</th>",
            f"<td>{NUMBER}</td><td>{PUBLISHER}</td><td>{DAY}</td>",
        ),
        {**ROW, "published": DAY},
    ),
    "value_below_5": (f"<div><p>索引号</p><p>{NUMBER}</p><p>发布机构</p><p>{PUBLISHER}</p></div>", ROW),
    "value_on_next_line_5": (f"<p>索引号：<br>{NUMBER}<br>发布机构：<br>{PUBLISHER}</p>", ROW),
    "same_cell_5": (table(f"<td><b>索引号</b>{NUMBER}</td><td><b>发布机构</b>{PUBLISHER}</td>"), ROW),
    "zero_width_5": (f"<p>索\u200b引\u200b号\ufeff：{NUMBER}</p>", {"index_number": NUMBER}),
    "value_split_over_elements_5": (
        f"<p><span>索引号：</span><span>014437529</span><span>/2025-</span><b>00007</b></p><p>发布机构：{PUBLISHER}</p>",
        ROW,
    ),
    "attributes_mc_wh_rq_5": (
        f"<a mc='示例年报' wh='示政〔2025〕1号' rq='{DAY}' href='/x.html'>全文</a>",
        {"name": "示例年报", "document_number": "示政〔2025〕1号", "published": DAY},
    ),
    "lone_prefix_5": (
        table(pair("索引号", "014437529/") + pair("发布机构", PUBLISHER)),
        {"index_number": None, "publisher": PUBLISHER},
    ),
    "code_as_source_3.4": (
        f"<p>来源：11370000MB284651XL-A　发布日期：{DAY}</p>",
        {"source": "11370000MB284651XL-A", "published": DAY},
    ),
}


def fields(document: Document, source: str = "metadata_row") -> dict[str, str | None]:
    return {m.field: m.value for m in document.metadata if m.source == source}


@pytest.mark.parametrize("name", VARIANTS)
def test_every_form_is_read(name: str) -> None:
    markup, expected = VARIANTS[name]
    document = read_html(markup + BODY)
    assert fields(document) == expected
    assert texts(document) == [TEXT]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_form_is_read_within_the_body(name: str) -> None:
    """Many templates put the block into the container of the text."""
    markup, expected = VARIANTS[name]
    document = read_html(f"<div id='zoom'>{markup}<p>{TEXT}</p><p>{'其余文字' * 20}</p></div>")
    assert fields(document) == expected
    assert TEXT in texts(document)


DETAIL = {
    "title": "示例年报",
    "identifier": "114403006955506492/2021-00426",
    "publisher": PUBLISHER,
    "document_number": "",
    "keywords": "年报",
    "display_publish_time": 1736730000,
    "classify_main_name": "政府信息公开年报",
}


@pytest.mark.parametrize("style", ["{{SID:'755031',DETAIL:{0},IS_MOBILE:false}}", '{{"DETAIL": {0}}}'])
def test_gkmlpt_detail_in_the_script(style: str) -> None:
    """portals.md §4.4: `_CONFIG.DETAIL`; a row that the page prints stands before it."""
    script = f"<script>window._CONFIG={style.format(json.dumps(DETAIL))};</script>"
    document = read_html(table(pair("索引号", NUMBER)) + BODY + script)
    assert document.index_number is not None
    assert document.index_number.raw == NUMBER
    assert fields(document, "json") == {
        "index_number": "114403006955506492/2021-00426",
        "publisher": PUBLISHER,
        "keywords": "年报",
        "published": "1736730000",
        "theme": "政府信息公开年报",
    }
    assert [(c.lo.isoformat(), c.source) for c in document.dates] == [("2025-01-13", "json")]


ANSWERS = {
    "ucap_4.3": (
        {
            "title": "示例年报",
            "contentHtml": "",
            "publishedTimeStr": f"{DAY} 20:34:00",
            "domainMetaList": [{"key": "syh", "value": NUMBER}, {"key": "fwrq", "value": DAY2}],
        },
        {"index_number": NUMBER, "written": DAY2, "published": f"{DAY} 20:34:00"},
    ),
    "ucap_nested_4.3": (
        {
            "title": "示例年报",
            "contentHtml": "",
            "domainMetaList": [{"resultList": [{"key": "syh", "value": NUMBER}]}],
        },
        {"index_number": NUMBER},
    ),
    "hainan_4.3": (
        {
            "title": "示例年报",
            "contentHtml": "",
            "c_syh": "00817365-1/2020-44472",
            "c_fbjg": PUBLISHER,
            "pubDate": DAY,
        },
        {"index_number": "00817365-1/2020-44472", "publisher": PUBLISHER, "published": DAY},
    ),
    "gkmlpt_4.4": (
        {**DETAIL, "contentHtml": ""},
        {"index_number": DETAIL["identifier"], "publisher": PUBLISHER},
    ),
    "trs_igs_7": (
        {"DOCTITLE": "示例年报", "contentHtml": "", "IdxID": NUMBER, "PUBDATE": DAY},
        {"index_number": NUMBER, "published": DAY},
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_in_json(name: str) -> None:
    row, expected = ANSWERS[name]
    row = {**row, "contentHtml": f"<div><p>{'正文文字' * 100}</p></div>"}
    payload = json.dumps({"data": {"results": [row]}}, ensure_ascii=False).encode()
    document = extract.read(payload, headers=[("Content-Type", "application/json")], register=register())
    assert expected.items() <= fields(document, "json").items()
    assert document.blocks
