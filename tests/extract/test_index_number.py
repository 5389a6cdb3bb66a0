"""索引号: the forms and check digits of portals.md §6.2–6.3."""

from __future__ import annotations

import pytest

from archive.index_number import credit_check, organisation_check
from extract.index_number import parse_index_number

CREDIT = (
    "11411002005750994L 11411082094577395T 1115000001151201XD 11610800MB2964997P 11371002004361073W "
    "11620403013912770D 11370322004222241N 113325000026455663"
)
ORGANISATION = (
    "014006438 01404053X 01527918X 015279104 002482429 002276772 000125014 003110926 779940273 014437529 "
    "014421391 006939748 K45899617 014000335 013413162 K21505011"
)
FORMS = {
    "014437529/2025-00007": ("014437529", "org9", 2025, None, "00007", True),
    "01404053X/2023-00861": ("01404053X", "org9", 2023, None, "00861", True),
    "K45899617/2026-00221": ("K45899617", "org9", 2026, None, "00221", True),
    "00298627-2/202003-00010": ("002986272", "org9", 2020, 3, "00010", True),
    "00817365-1/2020-44472": ("008173651", "org9", 2020, None, "44472", True),
    "01341316-2/58032": ("013413162", "org9", None, None, "58032", True),
    "114403006955506492/2021-00426": ("114403006955506492", "uscc18", 2021, None, "00426", True),
    "11370800004312466C-ZF/2020-00001": ("11370800004312466C-ZF", "uscc18_suffix", 2020, None, "00001", True),
    "003110926/201510-00216": ("003110926", "org9", 2015, 10, "00216", True),
    "000014348/2020-35147": ("000014348", "org9", 2020, None, "35147", False),
    "H097/2025-00300": ("H097", "other", 2025, None, "00300", None),
    "xgz/2026-00001": ("xgz", "other", 2026, None, "00001", None),
    "001008006002065/2024-154563": ("001008006002065", "other", 2024, None, "154563", None),
    "za779940273-2023-000071": ("za779940273", "other", 2023, None, "000071", None),
    "01527918X-2020-153077": ("01527918X", "org9", 2020, None, "153077", True),
    "QZ07911-0101-2025-00001": ("QZ07911-0101", "other", 2025, None, "00001", None),
    "11370322004222241N/2025-5502810": ("11370322004222241N", "uscc18", 2025, None, "5502810", True),
    "3700306/2025-5504193": ("3700306", "other", 2025, None, "5504193", None),
    "071-zcxzf-00000176": ("071-zcxzf", "other", None, None, "00000176", None),
    "PZ00101-1700-2023-00049": ("PZ00101-1700", "other", 2023, None, "00049", None),
    "001697444\\2014-00546": ("001697444", "org9", 2014, None, "00546", True),
}


def test_check_digits() -> None:
    assert [code for code in CREDIT.split() if not credit_check(code)] == []
    assert [code for code in ORGANISATION.split() if not organisation_check(code)] == []
    for wrong in ("12370522K21505011R", "11341721003322345K", "11330681002584510M"):
        assert not credit_check(wrong)
    assert not organisation_check("000014348")
    assert not organisation_check("001008003")


def test_one_changed_character_fails() -> None:
    for code in ORGANISATION.split():
        changed = ("1" if code[0] != "1" else "2") + code[1:]
        assert not organisation_check(changed)


@pytest.mark.parametrize("raw", FORMS)
def test_forms(raw: str) -> None:
    number = parse_index_number(raw)
    assert number is not None
    assert number.raw == raw
    read = (number.prefix, number.prefix_kind, number.year, number.month, number.serial, number.check_ok)
    assert read == FORMS[raw]


def test_canonical_form_brings_spellings_together() -> None:
    spellings = (
        "00298627-2/202003-00010",
        " 002986272 / 202003-00010 ",
        "００２９８６２７－２／202003－00010",
    )
    found = {number.canonical for raw in spellings if (number := parse_index_number(raw))}
    assert found == {"002986272/202003-00010"}


def test_what_is_no_number() -> None:
    for raw in ("", "无", "— —", "公开", "号"):
        assert parse_index_number(raw) is None
    odd = parse_index_number("B-1a")
    assert odd is not None
    assert (odd.canonical, odd.prefix, odd.serial) == ("B-1a", None, None)
