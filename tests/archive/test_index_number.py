"""索引号 as a type: the forms of portals.md §6.3, the failure modes of §6.4, the one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.index_number import (
    IndexNumber,
    PrefixKind,
    Shown,
    canonical_form,
    mirrors,
    parse_index_number,
)

K = PrefixKind
# raw: prefix, kind, year, month, serial, whether the check digit holds
FORMS = {
    "014437529/2025-00007": ("014437529", K.ORG9, 2025, None, "00007", True),
    "014006438/2026-03652": ("014006438", K.ORG9, 2026, None, "03652", True),
    "01404053X/2023-00861": ("01404053X", K.ORG9, 2023, None, "00861", True),
    "01404053x/2023-00861": ("01404053X", K.ORG9, 2023, None, "00861", True),
    "K45899617/2026-00221": ("K45899617", K.ORG9, 2026, None, "00221", True),
    "00298627-2/202003-00010": ("002986272", K.ORG9, 2020, 3, "00010", True),
    "00817365-1/2020-44472": ("008173651", K.ORG9, 2020, None, "44472", True),
    "01341316-2/58032": ("013413162", K.ORG9, None, None, "58032", True),
    "003110926/201510-00216": ("003110926", K.ORG9, 2015, 10, "00216", True),
    "114403006955506492/2021-00426": ("114403006955506492", K.USCC18, 2021, None, "00426", True),
    "11610800MB2964997P/2024-00022": ("11610800MB2964997P", K.USCC18, 2024, None, "00022", True),
    "11610800mb2964997p/2024-00022": ("11610800MB2964997P", K.USCC18, 2024, None, "00022", True),
    "11370322004222241N/2025-5502810": ("11370322004222241N", K.USCC18, 2025, None, "5502810", True),
    "11370800004312466C-ZF/2020-00001": ("11370800004312466C-ZF", K.USCC18_SUFFIX, 2020, None, "00001", True),
    "113706000042603877A|U|B1/2021-00001": ("113706000042603877A|U|B1", K.LOCAL, 2021, None, "00001", None),
    "11341721003322345K/2024-00001": ("11341721003322345K", K.USCC18, 2024, None, "00001", False),
    "H097/2025-00300": ("H097", K.LOCAL, 2025, None, "00300", None),
    "xgz/2026-00001": ("xgz", K.LOCAL, 2026, None, "00001", None),
    "001008006002065/2024-154563": ("001008006002065", K.LOCAL, 2024, None, "154563", None),
    "001008003/2024-00001": ("001008003", K.ORG9, 2024, None, "00001", False),
    "za779940273-2023-000071": ("za779940273", K.LOCAL, 2023, None, "000071", None),
    "QZ07911-0101-2025-00001": ("QZ07911-0101", K.LOCAL, 2025, None, "00001", None),
    "NP10001-0100-2024-00012": ("NP10001-0100", K.LOCAL, 2024, None, "00012", None),
    "3700306/2025-5504193": ("3700306", K.LOCAL, 2025, None, "5504193", None),
    "2102000056-1/2020-00012": ("2102000056-1", K.SITE, 2020, None, "00012", None),
    "071-zcxzf-00000176": ("071-zcxzf", K.LOCAL, None, None, "00000176", None),
    "A0001-B0002-2024-00003": ("A0001-B0002", K.LOCAL, 2024, None, "00003", None),
    "014006438\\2014-00546": ("014006438", K.ORG9, 2014, None, "00546", True),
    "000014348/2020-35147": ("000014348", K.DEFAULT, 2020, None, "35147", False),
    "000014349/2020-1": ("000014349", K.DEFAULT, 2020, None, "1", True),
    "014437529/2025": ("014437529", K.ORG9, 2025, None, None, True),
    "11620403013912770D": ("11620403013912770D", K.USCC18, None, None, None, True),
}


@pytest.mark.parametrize("raw", FORMS)
def test_forms(raw: str) -> None:
    number = read(raw)
    assert number.raw == raw
    told = (number.prefix, number.prefix_kind, number.year, number.month, number.serial, number.check_ok)
    assert told == FORMS[raw]


@pytest.mark.parametrize("raw", ["", "无", "— —", "公开", "号", "1/2", "〔〕号"])
def test_what_is_no_number(raw: str) -> None:
    assert parse_index_number(raw) is None


def test_a_credit_code_holds_an_organisation_code_and_a_region() -> None:
    number = read("11370322004222241N/2025-5502810")
    assert (number.organisation, number.organisation_ok, number.region) == ("004222241", True, "370322")
    inner_only = read("12370522K21505011R/2024-00001")  # fails as 18 characters, its inner nine pass
    assert (inner_only.check_ok, inner_only.organisation_ok) == (False, True)
    assert read("014437529/2025-00007").region is None
    assert read("000014348/2020-35147").organisation is None


@pytest.mark.parametrize(
    ("raw", "county", "attributes"),
    [
        ("11620403013912770D/2026-206793", "620403", True),
        ("11620403013912770D/2026-206793", "330681", False),  # a sound code of elsewhere: shared
        ("113325000026455663/2018-00001", "332522", None),  # the county's own city: a dispatched body
        ("11370322004222241N-ZF/2025-00001", "370322", True),
        ("11341721003322345K/2024-00001", "341721", None),  # region fits, check digit does not
        ("014437529/2025-00007", "321282", None),  # nine characters tell no region
        ("000014349/2020-00001", "330681", None),  # a placeholder, though its check digit holds
        ("H097/2025-00300", "330109", None),
    ],
)
def test_a_number_speaks_for_a_county_only_where_check_digit_and_region_agree(
    raw: str, county: str, attributes: bool | None
) -> None:
    assert read(raw).attributes_to(county) is attributes


def test_identity_is_within_a_site() -> None:
    one = read("00298627-2/202003-00010")
    assert one.identity("a.gov.cn") == read("002986272/202003-00010").identity("a.gov.cn")
    assert one.identity("a.gov.cn") != one.identity("b.gov.cn")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("索引号：00298627-2/202003-00010 发布机构", True),
        ("索引号：002986272/202003-00010", True),
        ("索 引 号\xa0００２９８６２７－２ ／ 202003 — 00010。", True),
        ("002986272/202003-000101", False),  # a longer number
        ("1002986272/202003-00010", False),
        ("002986272/202003-00011", False),
        ("", False),
    ],
)
def test_whether_a_page_shows_it(text: str, shown: bool) -> None:
    assert read("00298627-2/202003-00010").is_shown_in(text) is shown


def test_a_mirror_is_one_number_and_one_title_on_two_hosts() -> None:
    number, title = "014006438/2026-03652", "某局2025年政府信息公开工作年度报告"
    here = Shown("https://www.a.gov.cn/1.html", title, number)
    twice = Shown("https://www.a.gov.cn/2.html", title, number)
    copy = Shown("https://www.b.gov.cn/9.html", title.replace("年度", " 年度"), "01400643-8/2026-03652")
    other = Shown("https://www.c.gov.cn/9.html", "另一件事", number)
    default = [Shown(f"https://{host}.gov.cn/1", title, "000014348/2020-35147") for host in "xy"]
    assert mirrors([here, twice, copy, other, *default]) == [(here, copy)]
    assert mirrors([here, twice, other]) == []


SPACES = st.sampled_from(["", " ", "\xa0", "\u3000", "\u200b", "\ufeff", "\t", "\n"])
WIDE = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}


@given(st.text())
def test_the_one_spelling_is_a_fixed_point(text: str) -> None:
    once = canonical_form(text)
    assert canonical_form(once) == once


@given(st.sampled_from(sorted(FORMS)), st.data())
def test_any_spelling_gives_the_same(raw: str, data: st.DataObject) -> None:
    spelt = "".join(
        data.draw(SPACES) + (WIDE[char] if char in WIDE and data.draw(st.booleans()) else char)
        for char in raw
    )
    for dash in data.draw(st.sampled_from(["-", "—", "–", "－", "‐"])):
        spelt = spelt.replace("-", dash)
    assert canonical_form(spelt) == canonical_form(raw)
    number = read(raw)
    assert number.is_shown_in(f"索引号：{spelt}，")
    again = read(spelt)
    assert (again.canonical, again.prefix_kind, again.year) == (
        number.canonical,
        number.prefix_kind,
        number.year,
    )


@given(st.text(min_size=1))
def test_nothing_is_refused_with_an_error(text: str) -> None:
    number = parse_index_number(text)
    if number is not None:
        number.is_shown_in(text)
        assert number.attributes_to("330681") in {True, False, None}
        assert parse_index_number(number.canonical) is not None


def read(raw: str) -> IndexNumber:
    number = parse_index_number(raw)
    assert number is not None
    return number
