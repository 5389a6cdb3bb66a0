# ruff: noqa: E501 - a row of the table is one line of markup
"""Odd pages that no field note names, one row each: markup → fields, exactly. Values as test_metadata_variants.py."""

from __future__ import annotations

import json

import pytest

from tests.extract.pages import read_html, texts

TEXT = "正文文字" * 30
BODY = f"<div id='zoom'><p>{TEXT}</p></div>"
N, P, D, D2 = "014437529/2025-00007", "示例县示例局", "2025-01-13", "2025-01-10"
TITLE = "示例县示例局2024年政府信息公开工作年度报告"
LONG = "114403006955506492/2021-00426"
INP = {"index_number": N, "publisher": P, "published": D}
META = f"<p>索引号：{N}　发布机构：{P}　公开日期：{D}</p>"
FIELD = "<input name=a>"
SUMMARY = "本报告由某局根据《条例》编制，全文包括总体情况等六部分。统计期限自2024年1月1日至2024年12月31日。"

ROWS: dict[str, tuple[str, dict[str, str | None]]] = {
    "labels_blank_before_the_next": (
        f"<ul><li><b>文号：</b></li><li><b>发布机构：</b>{P}</li><li><b>索引号：</b>{N}</li></ul>",
        {"document_number": None, "publisher": P, "index_number": N},
    ),
    "list_of_definition_lists": (
        f"<div><dl><dt>索引号</dt><dd>{N}</dd></dl><dl><dt>文号</dt><dd></dd></dl><dl><dt>公开日期</dt><dd>{D}</dd></dl></div>",
        {"index_number": N, "document_number": None, "published": D},
    ),
    "two_bands_of_labels_over_values": (
        f"<table><tr><td>索引号</td><td>发布机构</td></tr><tr><td>{N}</td><td>{P}</td></tr><tr><td>公开日期</td><td>文号</td></tr><tr><td>{D}</td><td>示政〔2025〕1号</td></tr></table>",
        {**INP, "document_number": "示政〔2025〕1号"},
    ),
    "one_column_labels_over_values": (
        f"<table><tr><td>索引号</td></tr><tr><td>{N}</td></tr><tr><td>公开日期</td></tr><tr><td>{D}</td></tr></table>",
        {"index_number": N, "published": D},
    ),
    "cell_for_the_colon": (
        f"<table><tr><td>索引号</td><td>：</td><td>{N}</td></tr><tr><td>发布机构</td><td>：</td><td>{P}</td></tr></table>",
        {"index_number": N, "publisher": P},
    ),
    "empty_cell_between": (
        f"<table><tr><td>索引号：</td><td width=5></td><td>{N}</td><td>发布机构：</td><td>&nbsp;</td><td>{P}</td></tr></table>",
        {"index_number": N, "publisher": P},
    ),
    "a_blank_value_is_no_spacer": (
        f"<table><tr><td>文号</td><td></td><td>公开日期</td><td>{D}</td></tr><tr><td>索引号</td><td>{N}</td><td></td><td></td></tr></table>",
        {"document_number": None, "published": D, "index_number": N},
    ),
    "labels_in_brackets": (f"<p>【索引号】{N}　【发布机构】{P}　【公开日期】{D}</p>", INP),
    "labels_in_square_brackets": (f"<p>[索引号] {N}</p><p>[发布机构] {P}</p><p>[公开日期] {D}</p>", INP),
    "all_in_brackets": (f"<div>（索引号：{N}　发布机构：{P}　公开日期：{D}）</div>", INP),
    "numbered_labels": (f"<p>1.索引号：{N}</p><p>2.发布机构：{P}</p><p>3.公开日期：{D}</p>", INP),
    "starred_labels": (f"<table><tr><td>*索引号</td><td>{N}</td><td>*发布机构</td><td>{P}</td></tr></table>", {"index_number": N, "publisher": P}),
    "labels_in_two_languages": (
        f"<table><tr><td>索引号 Index No.</td><td>{N}</td><td>发布机构 Publisher</td><td>{P}</td></tr></table>",
        {"index_number": N, "publisher": P},
    ),
    "small_and_ratio_colons": (f"<p>索引号﹕{N}</p><p>发布机构∶{P}</p><p>公开日期︰{D}</p>", INP),
    "runs_without_gaps": (f"<p><b>索引号：</b>{N}<b>发布机构：</b>{P}<b>公开日期：</b>{D}</p>", INP),
    "runs_without_colons": (f"<p><b>索引号</b>{N}<b>发布机构</b>{P}<b>公开日期</b>{D}</p>", INP),
    "a_tip_before_the_colon": (f"<p><span>索引号</span><i>?</i>：{N}</p><p>发布机构：{P}</p>", {"index_number": N, "publisher": P}),
    "label_broken_over_lines": (f"<table><tr><td>索<br>引<br>号</td><td>{N}</td><td>发布<br>机构</td><td>{P}</td></tr></table>", {"index_number": N, "publisher": P}),
    "word_leftovers_in_cells": (
        f"<table><tr><td><span></span><strong>索</strong><strong>引</strong>号<o:p></o:p></td><td><span>{N}</span><o:p>&nbsp;</o:p></td></tr><tr><td>公开日期</td><td>{D}</td></tr></table>",
        {"index_number": N, "published": D},
    ),
    "a_cell_of_labels_beside_a_cell_of_values": (
        f"<table><tr><td><p>索引号：</p><p>发布机构：</p><p>公开日期：</p></td><td><p>{N}</p><p>{P}</p><p>{D}</p></td></tr></table>",
        INP,
    ),
    "a_column_of_labels_beside_a_column_of_values": (
        f"<div class=l><p>索引号：</p><p>发布机构：</p></div><div class=r><p>{N}</p><p>{P}</p></div>",
        {"index_number": N, "publisher": P},
    ),
    "a_caption_over_the_table": (f"<table><tr><td colspan=4>信息公开表</td></tr><tr><td>索引号</td><td>{N}</td><td>公开日期</td><td>{D}</td></tr></table>", {"index_number": N, "published": D}),
    "a_title_beside_the_rows": (f"<table><tr><td rowspan=2>基本信息</td><td>索引号</td><td>{N}</td></tr><tr><td>公开日期</td><td>{D}</td></tr></table>", {"index_number": N, "published": D}),
    "tables_in_cells": (f"<table><tr><td><table><tr><td>索引号</td><td>{N}</td></tr></table></td><td><table><tr><td>公开日期</td><td>{D}</td></tr></table></td></tr></table>", {"index_number": N, "published": D}),
    "one_cell_with_lines": (f"<table><tr><td>索引号：{N}<br>发布机构：{P}<br>公开日期：{D}<br>文号：</td></tr></table>", {**INP, "document_number": None}),
    "section_header_aside": (
        f"<section><header>{TITLE}</header><aside><div><small>索引号</small><b>{N}</b></div><div><small>发布机构</small><b>{P}</b></div><div><small>公开日期</small><b>{D}</b></div></aside></section>",
        INP,
    ),
    "links_in_values": (f"<table><tr><td>索引号</td><td><a href=#>{N}</a></td><td>主题分类</td><td><a>综合政务</a> &gt; <a>政务公开</a></td></tr></table>", {"index_number": N, "theme": "综合政务 > 政务公开"}),
    "an_abstract_of_several_sentences": (f"<p>索引号：{N}</p><p>内容概述：{SUMMARY}</p><p>公开日期：{D}</p>", {"index_number": N, "abstract": SUMMARY, "published": D}),
    "wide_digits": ("<p>索引号：０１４４３７５２９／２０２５－００００７</p><p>公开日期：２０２５－０１－１３</p>", {"index_number": "０１４４３７５２９／２０２５－００００７", "published": "２０２５－０１－１３"}),
    "tools_behind_the_source": (f"<div>日期：{D} 来源：<a href=/>{P}</a> 【字体：<a>大</a>　<a>中</a>　<a>小</a>】【<a>打印</a>】【<a>关闭</a>】</div>", {"published": D, "source": P}),
    "elements_of_a_vendor": (f"<h1>{TITLE}</h1><div>发布时间：<PublishTime>{D} 08:00</PublishTime> 来源：<source>{P}</source></div>", {"published": f"{D} 08:00", "source": P}),
    "no_word_before_the_day": (f"<h1>{TITLE}</h1><div>发布于 {D}</div>", {"published": D}),
    "a_day_in_han_figures": (f"<p>公开日期：二〇二五年一月十三日</p><p>索引号：{N}</p>", {"published": "二〇二五年一月十三日", "index_number": N}),
    "unfilled_template": ("<p>索引号：{{d.syh}}</p><p>发布机构：${d.fbjg}</p><p>公开日期：<span>{{d.rq}}</span></p>", dict.fromkeys(INP)),
    "a_databases_zero_day": (f"<p>索引号：{N}</p><p>公开日期：1900-01-01 00:00:00</p><p>成文日期：0001/1/1 0:00:00</p>", {"index_number": N, "published": None, "written": None}),
    "printed_by_a_script": (
        f"<table><tr><td>索引号</td><td>{N}</td><td>文号</td><td><script>var fileNum='示政〔2025〕1号';document.write(fileNum)</script></td></tr></table>",
        {"index_number": N, "document_number": "示政〔2025〕1号"},
    ),
    "printed_as_a_literal": (f"<p>索引号：<script>document.write('<b>{N}</b>');</script></p><p>发布机构：{P}</p>", {"index_number": N, "publisher": P}),
    "printed_on_a_condition": (f"<p>来源：<script>var a='';if(a)document.write(a);</script>{P}　发布时间：{D}</p>", {"source": P, "published": D}),
    "tools_behind_values": (f"<ul><li>索引号：<span>{N}</span> <a>[复制]</a></li><li>公开日期：{D} <a>打印</a></li><li>发布机构：{P}（收藏）</li></ul>", INP),
    "a_blank_label_ends_the_line": (f"<p><span>索引号</span><span>{N}</span><span>发布机构</span><span>{P}</span><span>文号</span><span></span></p>", {"index_number": N, "publisher": P, "document_number": None}),
    "a_blank_slot_ends_the_block": (f"<div><b>索引号</b><i>{N}</i></div><div><b>公开日期</b><div>{D}</div></div><div><b>文号</b><div></div></div><h1>{TITLE}</h1>", {"index_number": N, "published": D, "document_number": None}),
    "a_blank_line_ends_the_block": (f"<ul><li>索引号：{N}</li><li>公开日期：{D}</li><li>文号：</li><li>有效期：</li></ul><h1>{TITLE}</h1>", {"index_number": N, "published": D, "document_number": None, "expires": None}),
    "only_the_number_below_its_label": (f"<div><p>公开日期：{D}</p><p>文号</p><p>示政〔2025〕1号</p></div>", {"published": D, "document_number": "示政〔2025〕1号"}),
    "dashes_for_colons": (f"<p>索引号——{N}　发布机构--{P}</p><p>公开日期—{D}</p><p>文号——</p>", {**INP, "document_number": None}),
    "bars_and_equals_signs": (f"<p>索引号｜{N}　发布机构|{P}</p><p>公开日期={D}</p>", INP),
    "titles_for_labels": (f"<ul><li title='索引号'>{N}</li><li title='发布机构：'>{P}</li><li title='公开日期'>公开日期：{D}</li></ul>", INP),
    "titles_of_a_list": (f"{META}<table>" + "<tr><td data-label='索引号'>1-2/2020-1</td><td data-label='标题'>另一文件</td></tr>" * 2 + "</table>", INP),
    "titles_that_name_menus": (f"<ul><li title='发布机构'><a href=/a title='索引号'>索引号</a></li></ul>{META}", INP),
    "fields_that_only_show": (f"<form><p>索引号：<input readonly value='{N}'></p><p>发布机构：<input disabled value='{P}'></p><p>公开日期：<input type=date readonly value='{D}'></p></form>", INP),
    "a_menu_of_labels": (f"<div><a href=/a>公开指南</a><br><a href=/b>公开目录</a><br><a href=/c>年度报告</a></div>{META}", INP),
    "a_list_head_with_numbers": (f"<table><tr><th>序号</th><th>索引号</th><th>发布机构</th><th>公开日期</th></tr><tr><td>1</td><td>{N}</td><td>{P}</td><td>{D}</td></tr></table>", INP),
    "columns_with_blank_values": (f"<div><div><p>文号：</p><p>索引号：</p><p>公开日期：</p><p>有效性：</p></div><div><p></p><p>{N}</p><p>{D}</p><p></p></div></div>", {"document_number": None, "index_number": N, "published": D, "validity": None}),
    "a_written_day_is_no_dateline": (f"<h1>{TITLE}</h1><dl><dt>索引号</dt><dd>{N}</dd><dt>成文日期</dt><dd>{D2}</dd></dl>", {"index_number": N, "written": D2}),
    "nor_is_one_in_a_line": (f"<h1>{TITLE}</h1><p>生成日期：{D2}</p><p>索引号：{N}</p>", {"generated": D2, "index_number": N}),
    "weak_labels_before_dashes": (f"<ul><li><b>标题</b>——{TITLE}</li><li>关键词——年报</li><li>索引号——{N}</li><li><b>文号</b>=</li></ul>", {"name": TITLE, "keywords": "年报", "index_number": N, "document_number": None}),
    "a_label_typed_into_its_field": (f"<ul><li>索引号：索引号：{N}</li><li>发布机构：<b>发布机构：</b>{P}</li><li>公开日期：{D}</li></ul>", INP),
    "a_search_form_before": (f"<form><p>索引号：{FIELD} 文号：{FIELD} 标题：{FIELD} <button>检索</button></p></form>{META}", INP),
    "a_search_form_behind": (f"{META}<form><p>索引号：{FIELD} 文号：{FIELD} 标题：{FIELD}</p></form>", INP),
    "a_search_form_in_a_table": (f"<form><table><tr><td>索引号</td><td>{FIELD}</td><td>文号</td><td>{FIELD}</td></tr><tr><td>名称</td><td>{FIELD}</td></tr></table></form>{META}", INP),
    "a_search_form_in_a_list": (f"<ul><li><label>索引号</label>{FIELD}</li><li><label>标题</label>{FIELD}</li><li><label>发布日期</label>{FIELD}至{FIELD}</li></ul>{META}", INP),
    "the_whole_page_is_a_form": (f"<form id=aspnetForm><input type=hidden name=__VIEWSTATE value=x>{META}<p>文号：</p></form>", {**INP, "document_number": None}),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_odd_markup(name: str) -> None:
    markup, expected = ROWS[name]
    document = read_html(markup + BODY)
    assert {m.field: m.value for m in document.metadata if m.source == "metadata_row"} == expected
    assert [text for text in texts(document) if text != TITLE] == [TEXT]
    assert not [f for f in document.findings if f.code in {"unknown_label", "unparsed_date"}]


TAGS = {
    "curly_quotes": (f"<meta name=“PubDate” content=“{D}”><meta name=“ContentSource” content=“{P}”>", {"published": D, "source": P}),
    "itemprop": (f"<meta itemprop='datePublished' content='{D}'>", {"published": D}),
    "with_a_zone": ("<meta property='article:published_time' content='2025-01-13T02:00:00+08:00'>", {"published": "2025-01-13T02:00:00+08:00"}),
    "dublin_core": (f"<meta name='DC.Date' content='{D}'><meta name='DC.Publisher' content='{P}'>", {"published": D, "publisher": P}),
    "in_chinese": ("<meta name=PubDate content='2025年01月13日 10时00分'>", {"published": "2025年01月13日 10时00分"}),
    "seconds": (f"<meta name='PubDate' content='{D} 10:00:59'>", {"published": f"{D} 10:00:59"}),
    "an_epoch": ("<meta name='PubDate' content='1736730000000'>", {"published": "1736730000000"}),
    "persons_are_not_kept": (f"<meta name='Author' content='某某'><meta name=source content='{P}'>", {"source": P}),
    "slots": ("<meta name=PubDate content='{{d}}'><meta name=SiteName content=网站名称><meta name=ContentSource content='${s}'>", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", TAGS)
def test_meta_tags_in_any_form(name: str) -> None:
    head, expected = TAGS[name]
    document = read_html(BODY, head=head)
    assert {m.field: m.value for m in document.metadata} == expected
    assert {m.source for m in document.metadata} <= {"meta_tag"}
    assert [c.lo.isoformat() for c in document.dates] == [D] * ("published" in expected)


SCRIPTS = {
    "single_quotes": (f"window._CONFIG={{SID:'1',DETAIL:{{'identifier':'{LONG}','publisher':'{P}'}},X:{{wh:'他'}}}}", {"index_number": LONG, "publisher": P}),
    "bare_keys": (f"window._CONFIG={{DETAIL:{{identifier:'{LONG}',publisher:\"{P}\",display_publish_time:1736730000,list:[{{wh:'他'}}],old:false}}}}", {"index_number": LONG, "publisher": P, "published": "1736730000"}),
    "assigned": (f'_CONFIG.DETAIL = {{"identifier":"{LONG}"}};', {"index_number": LONG}),
    "parsed": (f"window._CONFIG={{DETAIL:JSON.parse('{{\"identifier\":\"{LONG}\"}}')}}", {"index_number": LONG}),
    "null": ("window._CONFIG={DETAIL:null}", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", SCRIPTS)
def test_details_as_scripts_write_them(name: str) -> None:
    script, expected = SCRIPTS[name]
    document = read_html(f"{BODY}<script>{script}</script>")
    assert {m.field: m.value for m in document.metadata if m.source == "json"} == expected


def island(data: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(data, ensure_ascii=False)}</script>"


def test_islands_of_json() -> None:
    own = {"props": {"detail": {"title": TITLE, "syh": N, "fbjg": P}, "menu": [{"name": "首页"}]}}
    document = read_html(BODY + island(own))
    assert {m.field: m.value for m in document.metadata} == {"index_number": N, "publisher": P}
    assert [m.value for m in read_html(BODY + island({"datePublished": D})).metadata] == [D]
    rows = [{"title": "甲", "syh": "1-2/2020-1"}, {"title": "乙", "syh": "1-2/2020-2"}]
    assert read_html(BODY + island({"rows": rows})).metadata == ()


def test_every_value_names_where_it_was_read_and_what_was_printed() -> None:
    document = read_html(
        f"<p>索　引　号：　{N} </p><p>文号：— —</p>{BODY}", head=f"<meta name=PubDate content='{D}'>"
    )
    told = [(m.field, m.value, m.raw, m.source) for m in document.metadata]
    assert told == [
        ("index_number", N, N, "metadata_row"),
        ("document_number", None, "— —", "metadata_row"),
        ("published", D, D, "meta_tag"),
    ]
    assert [m.locator for m in document.metadata] == [
        "/html/body/p[1]",
        "/html/body/p[2]",
        "/html/head/meta[2]",
    ]


def test_a_long_block_at_the_head_of_the_body_is_read_to_its_end() -> None:
    """A label and a value a line: a dozen of them are more blocks than metadata inside a body usually has."""
    rows = {
        "名称": TITLE, "索引号": N, "主题分类": "其他", "体裁分类": "报告", "发布机构": P, "成文日期": D2, "公开日期": D,
        "文号": "", "关键词": "年报", "公开方式": "主动公开", "有效性": "有效", "内容概述": "年报全文",
    }  # fmt: skip
    block = "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in rows.items())
    more = "".join(f"<p>第{n}段正文，若干文字若干文字。</p>" for n in range(20))
    document = read_html(f"<div id=zoom><dl>{block}</dl><p>{TEXT}</p>{more}</div>")
    assert {m.raw for m in document.metadata} >= set(rows.values())
    assert texts(document)[0] == TEXT
    assert len(texts(document)) == 21
