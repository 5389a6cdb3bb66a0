"""The label matrix: every spelling of every label, in every markup of portals.md §4–§5."""

from __future__ import annotations

import pytest

from extract.data_tables import label_index, labels
from extract.metadata import is_placeholder, split_line
from parser.document import Document
from tests.extract.pages import read_html, texts

BODY = f"<div id='zoom'><p>{'正文文字' * 30}</p></div>"
VALUES = {"published": "2025-01-13", "written": "2025-01-02", "generated": "2025-01-03"}
STRONG = sorted((text, field) for field, spellings in labels().strong.items() for text in spellings)
SPACINGS = {
    "plain": lambda label: label,
    "nbsp": "&nbsp;&nbsp;".join,
    "wide": "　".join,
    "zero_width": "\u200b".join,
    "split_by_tags": lambda label: "".join(f"<span>{char}</span>" for char in label),
}
MARKUPS = {
    "td_td": "<table><tr><td>{label}</td><td>{value}</td><td>公开方式<td>主动公开</table>",
    "td_colon": "<table><tr><td><b>{label}：</b><td>{value}</td><td>公开方式：<td></tr></table>",
    "same_cell": "<table><tr><td><b>{label}</b>：{value}</td><td>公开方式：主动公开</td></tr></table>",
    "below": "<table><tr><th>{label}<th>公开方式</th></tr><tr><td>{value}<td>主动公开</td></tr></table>",
    "li": "<ul><li>{label}：{value}</li><li>公开方式：主动公开</li></ul>",
    "li_font": "<ul><li>{label}:\n <font>{value}</font></li></ul>",
    "strong": "<p><strong>{label}</strong>：{value}</p>",
    "p_p": "<div><p>{label}：</p><p>{value}</p></div>",
    "dl": "<dl><dt>{label}</dt><dd>{value}</dd></dl>",
    "spans": "<div><span>{label}</span><span>{value}</span></div>",
    "divs": "<div class=r><div class=k>{label}</div><div class=v>{value}</div></div>",
    "comments": "<p>{label}：<!--<$[X]>-->{value}<!--<$[X]>--></p>",
    "inline": "<p>{label}：{value}　公开方式：主动公开　浏览次数：12</p>",
    "li_blank": "<ul><li>{label} {value}</li></ul>",
    "cell_blocks": "<table><tr><td><p>{label}</p><p>{value}</p></td><td>公开方式：主动公开</td></tr></table>",
    "cell_spans": "<table><tr><td><b>{label}</b> <i>{value}</i></td><td>公开方式：主动公开</td></tr></table>",
    "mes": "<div class='mes syh'><span>{label}：</span><p>{value}</p></div>",
    "labels": "<div><label>{label}：</label><em>{value}</em></div>",
    "brackets": "<p>【{label}：{value}】</p>",
}


def fields(document: Document) -> dict[str, str | None]:
    return {m.field: m.value for m in document.metadata if m.source == "metadata_row"}


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("spacing", SPACINGS)
def test_every_markup_and_spacing(markup: str, spacing: str) -> None:
    for label, field in (("索引号", "index_number"), ("发布机构", "publisher"), ("公开日期", "published")):
        value = VALUES.get(field, "014437529/2025-00007" if field == "index_number" else "示例县示例局")
        document = read_html(MARKUPS[markup].format(label=SPACINGS[spacing](label), value=value) + BODY)
        assert fields(document).get(field) == value, label
        assert texts(document) == ["正文文字" * 30]


@pytest.mark.parametrize(("label", "field"), STRONG, ids=[label for label, _ in STRONG])
def test_every_spelling(label: str, field: str) -> None:
    value = VALUES.get(field, "示例值甲")
    document = read_html(MARKUPS["td_td"].format(label=label, value=value) + BODY)
    assert fields(document)[field] == value
    assert fields(document)["open_mode"] == "主动公开"


def test_labels_are_unique() -> None:
    table = labels()
    spellings = [t for rows in (table.strong, table.weak) for group in rows.values() for t in group]
    assert len(spellings) == len(set(spellings))
    assert not set(spellings) & set(table.ignored)


@pytest.mark.parametrize(
    "value", ["— —", "—&nbsp;&nbsp;—", "〔〕号", "无", "", "&nbsp;", "/", "[]号", "〔 〕 号"]
)
def test_placeholders_are_none(value: str) -> None:
    document = read_html(
        f"<table><tr><td>索引号</td><td>014437529/2025-00007</td><td>文号</td><td>{value}</td></tr></table>{BODY}"
    )
    assert fields(document) == {"index_number": "014437529/2025-00007", "document_number": None}


def test_a_lone_prefix_is_a_placeholder() -> None:
    assert is_placeholder("index_number", "014437529/")
    assert is_placeholder("index_number", "11620403013912770D")
    assert not is_placeholder("index_number", "01341316-2/58032")


def test_unknown_labels_are_told() -> None:
    document = read_html(
        "<table><tr><td>索引号</td><td>014437529/2025-00007</td><td>内设机构</td><td>党政办</td></tr></table>"
        f"<p>发布日期：2025-01-01 自定项目：某值</p>{BODY}"
    )
    told = [finding.message for finding in document.findings if finding.code == "unknown_label"]
    assert len(told) == 2
    assert "内设机构" in told[0]
    assert "党政办" not in told[0]
    assert "自定项目" in told[1]
    assert fields(document)["published"] == "2025-01-01"


def test_persons_are_not_fielded() -> None:
    document = read_html(
        "<ul><li>索引号：014437529/2025-00007</li><li>联系人：某人</li><li>责任编辑：某某</li>"
        f"<li>发布日期：2025-01-01 作者：某某某 记者：某某</li></ul>{BODY}"
    )
    assert fields(document) == {"index_number": "014437529/2025-00007", "published": "2025-01-01"}
    assert not any("某" in (m.raw or "") for m in document.metadata)


def test_hidden_and_commented_fields_are_not_read() -> None:
    document = read_html(
        "<!-- <p>索引号：000000000/2000-00001</p> --><p style='color:red;DISPLAY : none'>发布机构：隐藏局</p>"
        f"<p hidden>文号：隐〔2000〕1号</p><p>索引号：014437529/2025-00007</p>{BODY}"
    )
    assert fields(document) == {"index_number": "014437529/2025-00007"}


def test_running_text_is_no_metadata() -> None:
    text = "本办法所称信息发布机构是指各部门；文号由办公室编定，发布日期按实际填写。" * 3
    document = read_html(f"<div id='zoom'><p>{text}</p><p>{'正文' * 40}</p></div>")
    assert document.metadata == ()
    assert texts(document)[0] == text


def test_a_list_of_documents_is_no_metadata_block() -> None:
    rows = "".join(
        f"<tr><td>00000000{i}/2020-00001</td><td>局{i}</td><td>2020-01-0{i}</td></tr>" for i in range(1, 6)
    )
    document = read_html(
        f"<table><tr><th>索引号</th><th>发布机构</th><th>发布日期</th></tr>{rows}</table>{BODY}"
    )
    assert fields(document) == {}


def test_dates_of_listed_items_are_not_the_documents() -> None:
    items = "".join(
        f"<li><a href='/{i}'>某条信息{i}</a><p>发布时间：2020-01-0{i}</p></li>" for i in range(1, 8)
    )
    assert read_html(f"{BODY}<ul>{items}</ul>").dates == ()
    own = read_html(
        f"<p>索引号：014437529/2025-00007 发布机构：某局 发布时间：2025-01-13</p>{BODY}<ul>{items}</ul>"
    )
    assert [claim.lo.isoformat() for claim in own.dates] == ["2025-01-13"]


def test_all_candidates_are_kept_and_tags_come_last() -> None:
    head = '<meta name="PubDate" content="2025年01月15日"><meta name="ContentSource" content="示例网">'
    document = read_html(
        f"<p>发布日期：2025-01-13</p><div>来源：示例局 时间：2025-01-14 10:00</div>{BODY}", head=head
    )
    published = [(m.value, m.source) for m in document.metadata if m.field == "published"]
    assert published == [
        ("2025-01-13", "metadata_row"),
        ("2025-01-14 10:00", "metadata_row"),
        ("2025年01月15日", "meta_tag"),
    ]
    assert document.meta("source") == "示例局"


def test_meta_tag_placeholders_of_templates_are_left_out() -> None:
    document = read_html(
        BODY, head='<meta name="SiteName" content="网站名称"><meta name="PubDate" content="">'
    )
    assert document.metadata == ()


def test_split_line_ends_values_at_ignored_labels() -> None:
    found = [
        (label.text, raw.strip())
        for label, raw in split_line("来源：示例局 点击数：5 字体：大 发布时间：2025-1-2")
    ]
    assert found == [("来源", "示例局"), ("点击数", "5"), ("字体", "大"), ("发布时间", "2025-1-2")]
    assert label_index()["点击数"].field is None
