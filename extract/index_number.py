"""索引号: read permissively, raw kept, the prefix told and checked (portals.md §6).

The national form is ORGCODE/YEAR-SERIAL; sites use many more. Nothing is refused: what the form does not say
is None. A check digit that fails is told, never corrected.
"""

from __future__ import annotations

import re
import unicodedata

from parser.document import IndexNumber

_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
# Codes that installations print by default: no body of their own (portals.md §6.4).
DEFAULT_PREFIXES = frozenset({"000014348", "000014349"})

_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_HYPHENATED_ORG = re.compile(r"^([0-9A-Z]{8})-([0-9X])(?=$|[/\\-])")
_TAIL = re.compile(
    r"^(?P<prefix>.+?)[/\\_-](?:(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])?[-_/\\])?(?P<serial>\d{2,9})$"
)
_YEAR_ONLY = re.compile(r"^(?P<prefix>.+?)[/\\](?P<year>(?:19|20)\d{2})[-_]?$")


def organisation_check(code: str) -> bool:
    """GB 11714: the ninth character of an organisation code."""
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        return False
    total = sum(int(char, 36) * weight for char, weight in zip(code, _ORG_WEIGHTS, strict=False))
    return "0123456789X0"[11 - total % 11] == code[8]


def credit_check(code: str) -> bool:
    """GB 32100: the eighteenth character of a unified social credit code."""
    if len(code) != 18 or any(char not in _USCC_ALPHABET for char in code):
        return False
    places = (_USCC_ALPHABET.index(char) for char in code)
    total = sum(place * weight for place, weight in zip(places, _USCC_WEIGHTS, strict=False))
    return _USCC_ALPHABET[(31 - total % 31) % 31] == code[17]


def canonical_form(raw: str) -> str:
    """NFKC, blanks dropped, the hyphen of a nine-character code dropped, letters large in codes."""
    text = _BLANK.sub("", unicodedata.normalize("NFKC", raw)).replace("—", "-").replace("－", "-")
    return _HYPHENATED_ORG.sub(r"\1\2", text)


def parse_index_number(raw: str) -> IndexNumber | None:
    """None where the value holds no digit or is too short to be a number at all."""
    canonical = canonical_form(raw)
    if len(canonical) < 4 or not any(char.isdigit() for char in canonical):
        return None
    tail = _TAIL.match(canonical) or _YEAR_ONLY.match(canonical)
    if tail is None:
        kind, check = _prefix_kind(canonical)
        if kind == "other":
            return IndexNumber(raw.strip(), canonical)
        return IndexNumber(raw.strip(), canonical, canonical, kind, check_ok=check)
    parts = tail.groupdict()
    kind, check = _prefix_kind(parts["prefix"])
    return IndexNumber(
        raw=raw.strip(),
        canonical=canonical,
        prefix=parts["prefix"],
        prefix_kind=kind,
        year=int(parts["year"]) if parts.get("year") else None,
        month=int(parts["month"]) if parts.get("month") else None,
        serial=parts.get("serial"),
        check_ok=check,
    )


def _prefix_kind(prefix: str) -> tuple[str, bool | None]:
    """The kind of prefix, and whether its check digit holds (None: it has none)."""
    upper = prefix.upper()
    if re.fullmatch(r"[0-9A-Z]{8}[0-9X]", upper) and sum(char.isdigit() for char in upper) >= 5:
        return "org9", organisation_check(upper)
    if re.fullmatch(r"[0-9A-Z]{2}\d{6}[0-9A-Z]{10}", upper):
        return "uscc18", credit_check(upper)
    if re.match(r"[0-9A-Z]{2}\d{6}[0-9A-Z]{10}(?=[^0-9A-Z])", upper):
        return "uscc18_suffix", credit_check(upper[:18])
    return "other", None
