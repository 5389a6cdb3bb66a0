"""What no register may say: years that end before they begin, one name for two bodies at once.

Each raises RegisterError with the bodies, the years and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive.register.errors import RegisterError
from archive.register.model import Alias, Publisher


def refuse_backwards(publisher: Publisher, path: Path) -> None:
    """Years that end before they begin."""
    first, last = publisher.valid_from, publisher.valid_until
    if first is not None and last is not None and last < first:
        raise RegisterError(
            f"名录文件有误 register file is wrong: {path}: {publisher.code}: 有效年度起止颠倒 its years end"
            f" before they begin: valid_from {first}, valid_until {last}"
        )


def refuse_homonyms(publishers: Iterable[Publisher]) -> None:
    """Two bodies of a county with one name in the same years."""
    by_name: dict[tuple[str, str], list[Publisher]] = {}
    for publisher in publishers:
        others = by_name.setdefault((publisher.county_code, publisher.official_name), [])
        for other in others:
            if _overlap(publisher, other):
                raise RegisterError(
                    f"名录有误 the register is wrong: {publisher.official_name} 在同一县区有两个代码 "
                    f"two codes in one county: {other.code}, {publisher.code}; 请合并或分开年度"
                    " merge them or part their years"
                )
        others.append(publisher)


def refuse_names_taken(publishers: Iterable[Publisher]) -> None:
    """A former name of one body that another bears in the same years: whose report would it be?"""
    publishers = tuple(publishers)
    owners: dict[tuple[str, str], list[tuple[Publisher, Publisher | Alias]]] = {}
    for body in publishers:
        owners.setdefault((body.county_code, body.official_name), []).append((body, body))
    dated = [(body, a) for body in publishers for a in body.aliases if a.valid_from or a.valid_until]
    for body, alias in dated:
        holders = owners.setdefault((body.county_code, alias.name), [])
        for other, held in holders:
            if other.code != body.code and _overlap(alias, held):
                raise RegisterError(
                    f"名录有误 the register is wrong: “{alias.name}”在重叠的年度同属两个单位 "
                    f"two bodies bear the name in the same years: {other.code}, {body.code}; "
                    "请改 valid_from、valid_until 使年度不重叠 part their years"
                )
        holders.append((body, alias))


def _overlap(one: Publisher | Alias, two: Publisher | Alias) -> bool:
    first = max(one.valid_from or 0, two.valid_from or 0)
    last = min(one.valid_until or 9999, two.valid_until or 9999)
    return first <= last
