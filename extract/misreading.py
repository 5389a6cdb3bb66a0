"""A printed name with one character misread, where the county has exactly one body that it can mean.

See practice.md §1.6 and seed 004. Only divisions are corrected (a town, a township, a subdistrict):
departments differ by a character by nature (教育局, 体育局). Characters that tell neighbours apart (城东,
城西) are never taken for each other, and the last ones, which tell the kind, must agree.
"""

from __future__ import annotations

from collections.abc import Iterator

from archive.register import Match, Publisher, PublisherKind, Register
from archive.register.matching import normalise
from extract.data_tables import organs

DIVISIONS = frozenset({PublisherKind.TOWNSHIP_GOVERNMENT, PublisherKind.SUBDISTRICT_OFFICE})
MIN_STEM = 2  # characters of a place's name: with fewer, one that differs leaves nothing in common


def misread(name: str, county_code: str | None, register: Register) -> Match | None:
    """The one division of the county whose name differs by one character; None for none or several."""
    county = register.county(county_code) if county_code else None
    if county is None or county_code is None:
        return None
    whole = normalise(name)
    plain = _without_county(whole, county.name)
    other_county = plain != whole and not whole.startswith(county.name)
    found: dict[str, Publisher] = {}
    for body in register.of_county(county_code):
        forms = _forms(body, county.name) if body.kind in DIVISIONS else ()
        if any(_one_apart(plain, form) or (other_county and plain == form) for form in forms):
            found[body.code] = body
    if len(found) != 1:
        return None
    [body] = found.values()
    reason = (
        f"“{name}”与“{body.official_name}”仅一字之差，本县区仅此一个 one character apart, and no other is"
    )
    return Match(body, (body,), "misreading", reason, reason)


def _without_county(name: str, county: str) -> str:
    """The name without its county's, of which one character may be misread as well."""
    head = name[: len(county)]
    whole = len(head) == len(county) and len(name) - len(county) > MIN_STEM
    differing = sum(a != b for a, b in zip(head, county, strict=False))
    return name[len(county) :] if whole and differing <= 1 and head[-1] == county[-1] else name


def _forms(body: Publisher, county: str) -> Iterator[str]:
    official = normalise(body.official_name).removeprefix(county)
    yield official
    for division, organ in organs().divisions.items():
        if official.endswith(division + organ):
            yield official.removesuffix(organ)
            yield official.removesuffix(organ) + "政府"


def _one_apart(name: str, form: str) -> bool:
    if len(name) != len(form):
        return False
    differing = [at for at, (a, b) in enumerate(zip(name, form, strict=True)) if a != b]
    if len(differing) != 1:
        return False
    at = differing[0]
    telling = organs().telling
    return (
        at < _stem(form) and _stem(form) >= MIN_STEM and name[at] not in telling and form[at] not in telling
    )


def _stem(form: str) -> int:
    """How many characters stand before 镇, 乡, 街道 …"""
    places = [form.rfind(division) for division in ("街道", "苏木", "镇", "乡")]
    return max(places)
