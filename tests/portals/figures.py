"""Invented numbers for a report: large, nonzero, distinct in every cell, and consistent (statute.md §3).

A1–A3 and B1 hold, and from year to year C1 (carried over = carried forward), C2, C3 and C5, so that only a
planted fault is a fault. Everything follows from the publisher's code and the years: no state, no clock.
"""

from __future__ import annotations

from random import Random

from tests.portals.labels import COLUMNS, REVIEW_GROUPS, leaf_rows

Cells = dict[str, dict[str, dict[str, int | float | None]]]  # None: left blank
ORGANISATIONS = tuple(key for key in COLUMNS if key != "total")
YEARLIKE = range(1990, 2040)  # a cell that looks like a year is a finding of its own (practice.md §3, H1)


class _Fresh:
    """Random numbers that were not given before in this report."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.used: set[int] = set()

    def take(self, low: int, high: int) -> int:
        while True:
            number = self.random.randint(low, high)
            if number not in self.used and number not in YEARLIKE:
                self.used.add(number)
                return number


def cells(code: str, years: tuple[int, ...], year: int, *, salt: str = "") -> Cells:
    """All cells of the report of `year`, keyed as golden/SCHEMA.md: table, row, column.

    `years` are the publisher's report years in the same format, so that the chain between years holds; `salt`
    makes another edition of the same report (a replaced one). `review_litigation` has the one row `all`.
    """
    for attempt in range(1_000):
        made = _draw(code, years, year, f"{salt}{attempt}")
        numbers = [n for table in made.values() for row in table.values() for n in row.values()]
        if len(set(numbers)) == len(numbers) and not any(n in YEARLIKE for n in numbers):
            return made
    # What is fixed by the code alone (_items, in_force) may agree by chance: no draw then helps.
    raise ValueError(f"no report of different numbers for {code} {year}: give the body another code")


def version(year: int) -> str:
    """The format normally used for a report year (statute.md §2)."""
    if year <= 2018:
        return "pre2019"
    return "v2019" if year <= 2020 else "v2021"


def _draw(code: str, years: tuple[int, ...], year: int, salt: str) -> Cells:
    fresh = _Fresh(Random(f"{code} {year} {salt}"))
    chained = year - 1 in years
    return {
        "proactive_disclosure": _disclosure(fresh, code, year, chained=chained),
        "applications": _applications(fresh, code, year),
        "review_litigation": {"all": _review(fresh)},
    }


def forwarded(code: str, year: int) -> dict[str, int]:
    """结转下年度继续办理 of a year, by column: the next year carries exactly this over (C1).

    Two years that follow each other share no number: the residue modulo 8 tells the year.
    """
    fresh = _Fresh(Random(f"{code} forward {year}"))
    return {key: fresh.take(138, 236) * 8 + year % 8 for key in ORGANISATIONS}


def _applications(fresh: _Fresh, code: str, year: int) -> dict[str, dict[str, int | float]]:
    leaves = leaf_rows(version(year))
    rows = {key: {column: fresh.take(100, 999) for column in ORGANISATIONS} for key, _, _ in leaves}
    done = {column: sum(row[column] for row in rows.values()) for column in ORGANISATIONS}
    forward = forwarded(code, year)
    over = forwarded(code, year - 1)
    new = {column: done[column] + forward[column] - over[column] for column in ORGANISATIONS}
    ordered = {
        "new_received": new,
        "carried_over": over,
        **rows,
        "result_total": done,
        "carried_forward": forward,
    }
    return {key: {**row, "total": sum(row.values())} for key, row in ordered.items()}


def _review(fresh: _Fresh) -> dict[str, int | float]:
    found: dict[str, int | float] = {}
    for group in REVIEW_GROUPS:
        # Pending cases stay below the smallest concluded number: next year's total can hold them (C5).
        parts = {key: fresh.take(40, 99) for key in ("upheld", "corrected", "other")}
        parts["pending"] = fresh.take(10, 39)
        found |= {f"{group}_{key}": number for key, number in parts.items()}
        found[f"{group}_total"] = sum(parts.values())
    return found


def _disclosure(fresh: _Fresh, code: str, year: int, *, chained: bool) -> dict[str, dict[str, int | float]]:
    if version(year) == "v2019":
        return _disclosure_v2019(fresh, code, year)
    rows: dict[str, dict[str, int | float]] = {}
    for row in ("regulations", "normative_documents"):
        now = in_force(code, row, year)
        repealed = fresh.take(11, 99)
        issued = now - in_force(code, row, year - 1) + repealed if chained else fresh.take(101, 399)
        rows[row] = {"issued": issued, "repealed": repealed, "in_force": now}
    rows["licensing"] = {"decisions": fresh.take(10_000, 99_999)}
    rows["penalties"] = {"decisions": fresh.take(3_000, 9_999)}
    rows["coercion"] = {"decisions": fresh.take(3_000, 9_999)}
    rows["fees"] = {"amount_wan_yuan": fresh.take(10_001, 99_999) / 100}
    return rows


def in_force(code: str, row: str, year: int) -> int:
    """现行有效件数 at the end of a year: it grows, so that issued − repealed explains the step (C2)."""
    start = 2_100 if row == "regulations" else 3_000
    return start + Random(f"{code} {row} in force").randint(0, 800) + (year - 2018) * 131


def _disclosure_v2019(fresh: _Fresh, code: str, year: int) -> dict[str, dict[str, int | float]]:
    rows: dict[str, dict[str, int | float]] = {}
    for row in ("regulations", "normative_documents"):
        made = fresh.take(300, 399)
        rows[row] = {
            "newly_made": made,
            "newly_disclosed": made - fresh.take(11, 99),
            "total_disclosed": made + fresh.take(2_100, 4_000),
        }
    for place, row in enumerate(("licensing", "other_external_services", "penalties", "coercion", "fees")):
        before, change = _items(code, row, year, place)
        rows[row] = {"prev_year_items": before, "change": change}
        if row != "fees":
            rows[row]["decisions"] = fresh.take(10_000, 99_999)
    rows["procurement"] = {
        "items": fresh.take(1_000, 1_899),
        "total_amount_wan_yuan": fresh.take(100_001, 999_999) / 100,
    }
    return rows


def _items(code: str, row: str, year: int, place: int) -> tuple[int, int]:
    """上一年项目数量 and 本年增/减: 2019's sum is 2020's start (C3); one change is negative.

    Each row keeps to numbers of its own (`place`), so that no two cells of a report agree.
    """
    random = Random(f"{code} {row} items")
    start = 5_000 + 1_000 * place + random.randint(0, 200)
    first = (101 + 80 * place + random.randint(0, 79)) * (-1 if row == "coercion" else 1)
    if year == 2019:
        return start, first
    return start + first, 501 + 80 * place + random.randint(0, 79)


BLANKED = (
    ("result_partial", "research_institution"),
    ("denied_state_secret", "natural_person"),
    ("not_processed_publication", "other_org"),
    ("other_overdue_fee", "commercial_enterprise"),
)


def blanked(cells: Cells) -> Cells:
    """The same report with a few leaf cells left blank, which count as 0 in its sums (statute.md §3)."""
    applications = {key: dict(row) for key, row in cells["applications"].items()}
    for key, column in BLANKED:
        number = applications[key][column]
        assert number is not None
        applications[key][column] = None
        for row, place in (
            (key, "total"),
            ("result_total", column),
            ("result_total", "total"),
            ("new_received", column),
            ("new_received", "total"),
        ):
            applications[row][place] -= number
    return {**cells, "applications": applications}
