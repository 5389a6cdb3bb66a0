"""Attribution: the order of practice.md §1.6, the register's word, conflicts, and bodies it does not know."""

from __future__ import annotations

import pytest

import extract
from archive.register import County, Publisher, PublisherKind, Register
from archive.register.matching import NameIndex
from extract.clues import name_in_title
from extract.misreading import misread
from parser.document import Document, PublisherRef, Source
from tests.extract.pages import register

FILLER = "深入贯彻落实条例，扎实推进各项工作，不断提升工作水平，切实保障公众知情权。" * 3


def page(title: str = "", body: str = "", head: str = "", **source: str) -> Document:
    html = (
        f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{head}<h1>{title}</h1>"
        f"<div id='zoom'><p>{FILLER}</p>{body}</div></body></html>"
    )
    return extract.read(html.encode(), source=Source(**source), register=register())


def publisher(document: Document) -> PublisherRef:
    assert document.publisher is not None
    return document.publisher


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("2023年某某街道办事处政府信息公开工作年度报告", "某某街道办事处"),
        ("某市某乡2025年政府信息公开工作年度报告", "某市某乡"),
        ("某镇 2024年度政府信息公开年报", "某镇"),
        ("某县人民政府2024年政府信息公开工作年度报告", "某县人民政府"),
        ("2024年度某镇人民政府信息公开工作年度报告", "某镇人民政府"),
        ("某县某局关于2020年度政府信息公开工作的报告", "某县某局"),
        ("某办公厅政府信息与政务公开办公室关于印发报告格式的通知", "某办公厅政府信息与政务公开办公室"),
        ("政府信息公开工作年度报告（某县水利局）", "某县水利局"),
        ("2024年政府信息公开工作年度报告——某县财政局", "某县财政局"),
        ("关于某县教育局2024年政府信息公开工作年度报告的公示", "某县教育局"),
        ("二〇二四年某镇政务公开工作年度报告", "某镇"),
        ("2024年政府信息公开工作年度报告", None),
        ("政府信息公开年报", None),
    ],
)
def test_names_in_titles(title: str, name: str | None) -> None:
    assert name_in_title(title) == name


REPORT = "2024年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("title", "code"),
    [
        (f"诸暨市暨阳街道{REPORT}", "330681001"),
        (f"暨阳街道办事处{REPORT}", "330681001"),
        (f"诸暨市{REPORT}", "330681-GOV"),
        (f"诸暨市人民政府{REPORT}", "330681-GOV"),
        (f"诸暨市人民政府办公室{REPORT}", "330681-OFFICE"),
        (f"浙江省诸暨市枫桥镇人民政府{REPORT}", "330681109"),
    ],
)
def test_titles_decide(title: str, code: str) -> None:
    poster = "<p>发布机构：诸暨市人民政府办公室 发布日期：2025-01-20</p>"
    found = publisher(page(title, head=poster))
    assert (found.code, found.unclear) == (code, False)
    assert any("题名" in reason for reason in found.reasons)


def test_signature_contact_and_self_name_decide_without_a_title() -> None:
    county = "<p>本报告可在诸暨市人民政府网站下载。</p>"
    for body in (
        county + "<p>诸暨市枫桥镇人民政府</p><p>2025年1月20日</p>",
        county + "<p>如有疑问，请与枫桥镇人民政府党政办公室联系（地址：某路1号）。</p>",
        county + "<p>2024年，枫桥镇认真落实条例。</p>",
    ):
        found = publisher(page("", body))
        assert (found.name, found.county) == ("诸暨市枫桥镇人民政府", "诸暨市")


def test_the_poster_helps_only_where_nothing_else_speaks() -> None:
    found = publisher(page("", head="<p>发布机构：诸暨市枫桥镇 发布日期：2025-01-20</p>"))
    assert (found.code, found.unclear) == ("330681109", False)
    assert "发布机构" in found.reasons[0]


def test_hints() -> None:
    assert publisher(page("", publisher_hint="330681109")).code == "330681109"
    conflict = page(f"诸暨市牌头镇{REPORT}", publisher_hint="330681109")
    assert publisher(conflict).unclear
    assert publisher(conflict).code == "330681115"
    assert "publisher_conflict" in {finding.code for finding in conflict.findings}
    printed = page(f"诸暨市牌头镇{REPORT}", publisher_hint="诸暨市人民政府办公室")
    assert not publisher(printed).unclear


def test_another_bodys_report_in_a_column_is_unclear() -> None:
    stray = page(f"示例县水务局{REPORT}", publisher_hint="330681109")
    assert (publisher(stray).code, publisher(stray).unclear) == ("330681109", True)
    assert "publisher_conflict" in {finding.code for finding in stray.findings}
    plain = page(REPORT, publisher_hint="330681109")
    assert (publisher(plain).code, publisher(plain).unclear) == ("330681109", False)


def test_strong_sources_in_conflict_are_unclear() -> None:
    document = page(f"诸暨市牌头镇{REPORT}", "<p>诸暨市枫桥镇人民政府</p><p>2025年1月20日</p>")
    assert publisher(document).unclear
    assert publisher(document).code == "330681115"
    office = page(f"诸暨市{REPORT}", "<p>诸暨市人民政府办公室</p><p>2025年1月20日</p>")
    assert (publisher(office).code, publisher(office).unclear) == ("330681-GOV", False)


def test_an_office_alone_may_publish_for_the_county() -> None:
    signed = "<p>诸暨市人民政府办公室</p><p>2025年3月20日</p>"
    assert publisher(page("", signed)).code == "330681-OFFICE"
    whole = "<p>全市上下齐心协力，全市共受理申请三百件，全市各镇乡街道均按期办结。</p>"
    assert publisher(page("", whole + signed)).code == "330681-GOV"


@pytest.mark.parametrize(
    ("title", "head", "name"),
    [
        (f"示例市人民政府{REPORT}", "", "示例市人民政府"),
        (f"示例市{REPORT}", "", "示例市人民政府"),
        (
            f"示例综合实验区{REPORT}",
            "<p>来源：示例综合实验区管委会办公室 时间：2025-03-10</p>",
            "示例综合实验区管委会办公室",
        ),
        (f"示例综合实验区{REPORT}", "", "示例综合实验区"),
        (
            f"示例镇{REPORT}",
            "<p>承办：示例县示例镇人民政府办公室</p><p>来源：示例县示例镇人民政府办公室</p>",
            "示例县示例镇人民政府",
        ),
        (f"示例镇{REPORT}", "<p>发布机构：示例县示例镇人民政府</p>", "示例县示例镇人民政府"),
        (f"示例县示例局{REPORT}", "<p>发布机构：示例县人民政府办公室</p>", "示例县示例局"),
        ("", "<p>索引号：014437529/2025-00007</p><p>发布机构：示例县示例局</p>", "示例县示例局"),
    ],
)
def test_bodies_the_register_does_not_know_keep_their_printed_name(title: str, head: str, name: str) -> None:
    document = page(title, head=head)
    assert (publisher(document).name, publisher(document).code) == (name, None)
    assert "publisher_unknown" in {finding.code for finding in document.findings}


def test_superiors_are_not_the_publisher() -> None:
    for opening in (
        "2024年，县委县政府高度重视信息公开。",
        "2024年，市政府积极推进。",
        "2024年，我局认真落实。",
    ):
        assert page("政府信息公开年报", f"<p>{opening}</p>").publisher is None


def test_nothing_named_is_none() -> None:
    assert page("政府信息公开年报").publisher is None


def test_a_poster_does_not_take_over_a_report_of_a_body_the_register_lacks() -> None:
    head = "<p>发布机构：诸暨市人民政府办公室 发布日期：2025-01-20</p>"
    contact = "<p>请与诸暨市人民政府办公室联系（地址：某路1号）。</p>"
    document = page(f"诸暨市示例水务局{REPORT}", contact, head=head)
    assert (publisher(document).name, publisher(document).code) == ("诸暨市示例水务局", None)


def test_a_town_is_not_matched_into_a_county_that_the_document_never_names() -> None:
    assert publisher(page(f"枫桥镇{REPORT}")).code is None
    assert publisher(page(f"枫桥镇{REPORT}", "<p>可在诸暨市人民政府网站下载。</p>")).code == "330681109"


def test_a_towns_bare_name_is_a_town_of_the_portals_county() -> None:
    own = page(f"枫桥镇{REPORT}", portal="a", county_code="330681")
    assert publisher(own).code == "330681109"
    elsewhere = page(f"枫桥镇{REPORT}", portal="b", county_code="341721")
    assert (publisher(elsewhere).name, publisher(elsewhere).code) == ("枫桥镇人民政府", None)


HOME = {"portal": "a", "county_code": "330681"}


@pytest.mark.parametrize(
    ("title", "code"),
    [
        (f"诸暨市枫侨镇{REPORT}", "330681109"),  # 枫桥
        (f"枫侨镇人民政府{REPORT}", "330681109"),
        (f"诸既市枫桥镇{REPORT}", "330681109"),  # the county's name misread
        (f"诸暨市暨扬街道办事处{REPORT}", "330681001"),
        (f"诸暨市枫桥乡{REPORT}", None),  # another kind: no misreading
        (f"诸暨市西桥镇{REPORT}", None),  # characters that tell neighbours apart
        (f"诸暨市丰侨镇{REPORT}", None),  # two characters
        (f"诸暨市数育局{REPORT}", None),  # departments are never corrected
    ],
)
def test_one_character_misread_where_one_body_is_left(title: str, code: str | None) -> None:
    document = page(title, **HOME)
    found = publisher(document)
    assert found.code == code
    told = [finding for finding in document.findings if finding.code == "publisher_corrected"]
    if code is not None:
        assert found.correction
        assert told
        assert found.name_raw[0] in title
    if code is None:
        assert not told


def test_a_misread_name_without_a_county_stays_unknown() -> None:
    assert publisher(page(f"枫侨镇{REPORT}")).code is None


def test_a_misreading_that_could_be_two_bodies_stays_unknown() -> None:
    county = County(code="990101", name="示例县")
    bodies = [
        Publisher(
            code=f"99010110{n}",
            official_name=f"示例县{name}镇人民政府",
            kind=PublisherKind.TOWNSHIP_GOVERNMENT,
            county_code="990101",
        )
        for n, name in enumerate(("青石", "清石", "白云"))
    ]
    small = Register({county.code: county}, tuple(bodies), NameIndex([county], bodies))
    assert misread("示例县晴石镇人民政府", "990101", small) is None
    match = misread("示例县白芸镇人民政府", "990101", small)
    assert match is not None
    assert match.publisher is bodies[2]
    assert match.correction == match.reason
    assert "白云" in match.reason


def test_a_countys_office_that_posts_for_a_township_is_not_its_publisher() -> None:
    head = "<p>发布机构：诸暨市人民政府办公室 发布日期：2025-01-20</p>"
    spoken = "<p>2024年，我乡认真落实条例。我乡主动公开信息36条。</p>"
    document = page(REPORT, spoken, head=head, **HOME)
    assert document.publisher is None
    assert "publisher_unknown" in {finding.code for finding in document.findings}
    named = publisher(page(f"枫桥镇{REPORT}", spoken.replace("我乡", "我镇"), head=head, **HOME))
    assert (named.code, named.unclear) == ("330681109", False)
    own = publisher(page(REPORT, spoken.replace("我乡", "本机关"), head=head, **HOME))
    assert own.code == "330681-OFFICE"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<p>填报单位：示例县示例局</p>", "示例县示例局"),
        ("<p>编制机关（盖章）：示例县示例局</p>", "示例县示例局"),
        ("<p>备注：示例县示例局</p>", None),
    ],
)
def test_a_line_that_says_whose_form_it_is(body: str, name: str | None) -> None:
    found = page("", body).publisher
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("一图读懂某县2024年政府信息公开工作年度报告", "某县"),
        ("某镇召开政府信息公开年度报告部署会", "某镇"),
        ("某县第一中学2023—2024学年信息公开年度报告", "某县第一中学"),
        ("图解：某市2024年度政府信息公开年报", "某市"),
    ],
)
def test_names_in_the_titles_of_other_pages(title: str, name: str) -> None:
    assert name_in_title(title) == name


def test_the_order_of_practice() -> None:
    """Title, then column, then signature, contact, self-name, then 发布机构, each with its reason."""
    contact = "<p>如有疑问，请与牌头镇人民政府党政办公室联系（地址：某路1号）。</p>"
    signed = "<p>诸暨市店口镇人民政府</p><p>2025年1月20日</p>"
    poster = "<p>发布机构：诸暨市次坞镇人民政府 发布日期：2025-01-20</p>"
    steps = [
        (page(f"枫桥镇{REPORT}", contact + signed, head=poster, **HOME), "330681109", "题名"),
        (page(REPORT, contact, head=poster, publisher_hint="330681109", **HOME), "330681109", "栏目"),
        (page(REPORT, contact + signed, head=poster, **HOME), "店口镇", "落款"),
        (page(REPORT, contact, head=poster, **HOME), "牌头镇", "联系单位"),
        (page(REPORT, head=poster, **HOME), "次坞镇", "发布机构"),
    ]  # fmt: skip
    for document, wanted, reason in steps:
        found = publisher(document)
        assert wanted in {found.code, (found.name or "").removeprefix("诸暨市").removesuffix("人民政府")}
        assert reason in found.reasons[0]
