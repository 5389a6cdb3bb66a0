"""The arguments of the spider as people write them."""

from __future__ import annotations

import re

from crawler.portal import FIRST_YEAR

# What `scrapy crawl portal -a` knows.
ARGUMENTS = ("portals", "years", "full", "resume", "replay", "index_numbers")
RANGE = re.compile(r"(20\d\d)(?:\s*[-–~]\s*(20\d\d))?")


def read_years(text: str) -> frozenset[int]:
    """Report years: 2024, 2019-2025, or 2018,2020-2022; none for an empty text. Raises ValueError."""
    years: set[int] = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = RANGE.fullmatch(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not FIRST_YEAR <= first <= last:
            raise ValueError(f"年份写法不对 not a year or a range of years: {part}; 如 for example 2019-2025")
        years.update(range(first, last + 1))
    return frozenset(years)


def read_flag(text: str, name: str = "full") -> bool:
    """1 or 0, as people write them. Raises ValueError."""
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"", "0", "false", "no", "off"}:
        return False
    raise ValueError(f"{name} 应为 1 或 0 should be 1 or 0, not {text!r}")
