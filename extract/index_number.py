"""索引号 as the Document carries it: the archive's type, mapped.

Readers of a Document know four kinds of prefix (parser.document); which codes are placeholders or a site's
own is told by `archive.index_number`, whose reading this is.
"""

from __future__ import annotations

from archive import index_number
from archive.index_number import DEFAULT_PREFIXES, PrefixKind
from parser.document import IndexNumber

__all__ = ["DEFAULT_PREFIXES", "parse_index_number"]

_KINDS = {PrefixKind.DEFAULT: "org9", PrefixKind.SITE: "other", PrefixKind.LOCAL: "other"}


def parse_index_number(raw: str) -> IndexNumber | None:
    """None where the value holds no digit or is too short to be a number at all."""
    number = index_number.parse_index_number(raw)
    if number is None:
        return None
    kind = number.prefix_kind
    return IndexNumber(
        raw=number.raw,
        canonical=number.canonical,
        prefix=number.prefix,
        prefix_kind=None if kind is None else _KINDS.get(kind, kind.value),
        year=number.year,
        month=number.month,
        serial=number.serial,
        check_ok=number.check_ok,
    )
