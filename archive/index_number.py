"""索引号 as a type: read permissively, raw kept, told what its prefix is and whether it can be believed.

The national form is ORGCODE/YEAR-SERIAL (portals.md §6.1); sites use many more (§6.3). Nothing is refused:
what the form does not say is None. A check digit that fails is told, never corrected.

What a number is good for (portals.md §6.5, practice.md §6): identity within one site (`identity`),
attribution only where check digit and region agree (`attributes_to`), look-up (`is_shown_in`), mirrors
(`mirrors`). Its serial counts all documents of a site, so a gap is no missing report and serials are never
enumerated. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
# Codes that installations print by default: no body of their own (portals.md §6.4).
DEFAULT_PREFIXES = frozenset({"000014348", "000014349"})

_BLANK = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─﹘﹣－", "-") | dict.fromkeys("∕⁄╱", "/") | {"∖": "\\"})
_CODE = re.compile(r"^(?P<code>[0-9A-Za-z]{2}\d{6}[0-9A-Za-z]{10}|[0-9A-Za-z]{8}-?[0-9Xx])(?![0-9A-Za-z])")
_DATED = re.compile(
    r"^(?P<prefix>.+?)[/\\_-](?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])?[-_/\\](?P<serial>\d{1,9})$"
)
_UNDATED = re.compile(r"^(?P<prefix>.+?)[/\\_-](?P<serial>\d{2,9})$")
_YEAR_ONLY = re.compile(r"^(?P<prefix>.+?)[/\\](?P<year>(?:19|20)\d{2})[-_]?$")
_SITE = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])\d{8}(?:-\d{1,2})?")
_EDGE = "[0-9A-Za-z]"


class PrefixKind(StrEnum):
    """What stands before the year and the serial (portals.md §6.3, §6.4)."""

    ORG9 = "org9"  # organisation code, GB 11714
    USCC18 = "uscc18"  # unified social credit code, GB 32100
    USCC18_SUFFIX = "uscc18_suffix"  # the same with something behind it: 11370800004312466C-ZF
    SITE = "site"  # a website's own code of ten digits (47号), of one body at most by chance
    DEFAULT = "default"  # what an installation prints where nobody set a code
    LOCAL = "local"  # a unit's code that only its site understands: H097, xgz, 001008006002065


@dataclass(frozen=True, slots=True)
class IndexNumber:
    """A 索引号. `raw` as printed, without blanks around it; the rest is None where the form does not say."""

    raw: str
    canonical: str
    prefix: str | None = None
    prefix_kind: PrefixKind | None = None
    year: int | None = None  # of minting: not the report year, and no date (practice.md §6)
    month: int | None = None
    serial: str | None = None
    check_ok: bool | None = None  # of the whole prefix; None: it has no check digit

    @property
    def organisation(self) -> str | None:
        """The nine-character code, also where it lies inside an 18-character one; None without one."""
        if self.prefix is None or self.is_default:
            return None
        if self.prefix_kind is PrefixKind.ORG9:
            return self.prefix
        return self.prefix[8:17] if self._has_credit_code else None

    @property
    def organisation_ok(self) -> bool | None:
        """Whether that code's check digit holds; it may, where the 18 characters around it do not."""
        return None if self.organisation is None else organisation_check(self.organisation)

    @property
    def region(self) -> str | None:
        """The six region digits of an 18-character prefix (GB 32100, characters 3 to 8)."""
        return self.prefix[2:8] if self.prefix is not None and self._has_credit_code else None

    @property
    def is_default(self) -> bool:
        """True for a prefix that stands for no body (portals.md §6.4)."""
        return self.prefix_kind is PrefixKind.DEFAULT

    @property
    def _has_credit_code(self) -> bool:
        return self.prefix_kind in {PrefixKind.USCC18, PrefixKind.USCC18_SUFFIX}

    def attributes_to(self, county_code: str) -> bool | None:
        """Whether the prefix speaks for a body of the county (six digits of GB/T 2260).

        True: check digit and region agree. False: a sound code of another region, so shared with or copied
        from elsewhere. None: it says nothing, being a placeholder, without a region, unsound, or of the
        county's own city or province, whose dispatched bodies sit in the county too. True names no body: one
        prefix may serve a whole site (portals.md §6.4), so 发布机构 goes before it (practice.md §1.6).
        """
        region = self.region
        if region is None or not self.check_ok or self.organisation in DEFAULT_PREFIXES:
            return None
        if region == county_code:
            return True
        above = {f"{county_code[:4]}00", f"{county_code[:2]}0000"}
        return None if region in above else False

    def identity(self, site: str) -> tuple[str, str]:
        """What a document is known by within one site; the number alone is known nowhere (§6.5)."""
        return site, self.canonical

    def is_shown_in(self, text: str) -> bool:
        """Whether a text shows this number, however spelt, and not as a part of a longer one."""
        plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
        return re.search(_spellings(self.canonical), plain, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Shown:
    """A document that shows a number: what a comparison of sites needs of it."""

    url: str
    title: str
    number: str  # as printed


def parse_index_number(raw: str) -> IndexNumber | None:
    """None where the value holds no digit or is too short to be a number at all."""
    canonical = canonical_form(raw)
    if len(canonical) < 4 or not any(char.isdigit() for char in canonical):
        return None
    tail = _DATED.match(canonical) or _YEAR_ONLY.match(canonical) or _UNDATED.match(canonical)
    if tail is None:
        kind, check = _kind_of(canonical)
        if kind is PrefixKind.LOCAL or kind is PrefixKind.SITE:
            return IndexNumber(raw.strip(), canonical)
        return IndexNumber(raw.strip(), canonical, canonical, kind, check_ok=check)
    parts = tail.groupdict()
    kind, check = _kind_of(parts["prefix"])
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


def canonical_form(raw: str) -> str:
    """The one form in which two printings of a number are compared (portals.md §6.5).

    NFKC, blanks dropped, every dash a hyphen, the hyphen of a nine-character code dropped, letters large in
    such a code and in an 18-character one. Separators stay as printed, and so do letters of local codes.
    """
    text = raw
    while (plain := _BLANK.sub("", unicodedata.normalize("NFKC", text).translate(_DASHES))) != text:
        text = plain  # dropping a blank may bring two characters together that are one
    code = _CODE.match(text)
    if code is None or not _is_code(code["code"]):
        return text
    return code["code"].replace("-", "").upper() + text[code.end() :]


def organisation_check(code: str) -> bool:
    """GB 11714: the ninth character of an organisation code."""
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code, re.ASCII):
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


def mirrors(shown: Iterable[Shown]) -> list[tuple[Shown, ...]]:
    """Documents on two hosts or more with one number and one title: mirrors or migrated copies (§6.5).

    A fact to report, no verdict: which is the original is not said. Placeholder prefixes tell nothing.
    """
    groups: dict[tuple[str, str], dict[str, Shown]] = defaultdict(dict)
    for one in shown:
        number = parse_index_number(one.number)
        title = _BLANK.sub("", unicodedata.normalize("NFKC", one.title))
        if number is None or number.is_default or not title:
            continue
        groups[number.canonical, title].setdefault(urlsplit(one.url).hostname or "", one)
    return [tuple(hosts.values()) for hosts in groups.values() if len(hosts) > 1]


def _is_code(text: str) -> bool:
    """Nine characters with five digits, as a body's code has, rather than a word; or the 18 of GB 32100."""
    return len(text) == 18 or sum(char.isdigit() for char in text) >= 5


def _kind_of(prefix: str) -> tuple[PrefixKind, bool | None]:
    """The kind of prefix, and whether its check digit holds (None: it has none)."""
    code = _CODE.match(prefix)
    if code is not None and _is_code(code["code"]):
        found = code["code"].replace("-", "").upper()
        whole = code.end() == len(prefix)
        if len(found) == 9 and whole:
            is_default = found in DEFAULT_PREFIXES
            return (PrefixKind.DEFAULT if is_default else PrefixKind.ORG9), organisation_check(found)
        if len(found) == 18:
            return (PrefixKind.USCC18 if whole else PrefixKind.USCC18_SUFFIX), credit_check(found)
    return (PrefixKind.SITE if _SITE.fullmatch(prefix) else PrefixKind.LOCAL), None


def _spellings(canonical: str) -> str:
    """A pattern of every way to write the number: blanks anywhere but in a run of digits' place, a hyphen."""
    gap = f"{_BLANK.pattern[:-1]}*"
    parts = [re.escape(char) for char in canonical]
    code = _CODE.match(canonical)
    if code is not None and len(code["code"]) == 9 and _is_code(code["code"]):
        parts[7] += f"{gap}-?"
    return f"(?<!{_EDGE}){gap.join(parts)}(?!{_EDGE})"
