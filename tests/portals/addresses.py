"""The addresses of pages, in each family's own shape (portals.md §4)."""

from __future__ import annotations

from datetime import date
from hashlib import md5


def report_path(portal: str, column: str, day: date, serial: int) -> str:
    """The path of an article. `serial` is the portal's own running number."""
    if portal == "zhuji":  # Hanweb, §4.1: month and day without a leading zero
        return f"/art/{day.year}/{day.month}/{day.day}/art_{column}_{serial}.html"
    if portal == "zhangshu":  # UCAP, §4.3: a month folder and 32 hex digits
        slug = "zfxxgkndbg48" if column.endswith("a1") else "zwdt21"
        name = md5(f"{column} {serial}".encode(), usedforsecurity=False).hexdigest()
        return f"/zssrmzf/{slug}/{day:%Y%m}/{name}.shtml"
    if portal == "dongzhi":  # Openness, §4.6: reports have a controller of their own
        controller = "OpennessAnnualReport" if column == "1026" else "OpennessContent"
        return f"/{controller}/show/{serial}.html"
    if portal == "changji":  # VSB, §4.7
        return f"/info/{column}/{serial}.htm"
    return f"/zwgk/{column}/{day:%Y%m}/t{day:%Y%m%d}_{serial}.html"  # TRS, §4.2
