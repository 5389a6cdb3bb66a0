"""Working days, and days in China."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

import chinese_calendar

from archive.clock import SHANGHAI


def day_in_china(moment: datetime) -> date:
    """The calendar day in China of an aware moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no day in China")
    return moment.astimezone(SHANGHAI).date()


@cache  # asked for the same few thousand days over and over
def is_workday(day: date) -> tuple[bool, bool]:
    """(working day?, provisional?). Beyond the published holiday plans weekdays count, provisionally."""
    try:
        return bool(chinese_calendar.is_workday(day)), False
    except NotImplementedError:  # the package's word for a year without a plan
        return day.weekday() < 5, True


def next_workday(day: date) -> tuple[date, bool]:
    """The day itself if it is a working day, else the first one after it; and whether that is provisional."""
    provisional = False
    while True:
        working, guessed = is_workday(day)
        provisional = provisional or guessed
        if working:
            return day, provisional
        day += timedelta(days=1)


@cache
def workdays_between(first: date, second: date, enough: int = 366) -> int:
    """How many working days the second day lies after the first (0 for the same day), `enough` at most."""
    count, day = 0, first
    while day < second and count < enough:
        day += timedelta(days=1)
        count += is_workday(day)[0]
    return count
