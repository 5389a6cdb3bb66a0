"""Makes the shipped register files from the raw register folder; run again, it makes the same bytes.

    python -m tools.build_register RAW_FOLDER                            the raw register of all counties
    python -m tools.build_register RAW_FOLDER OUT_FOLDER COUNTY_CODE...  register files of single counties

RAW_FOLDER holds counties.csv, townships.csv.gz, sites.csv and division_changes.csv (its README tells their
columns). The first form writes archive/register/data/{portals,hosts,changes}.csv and townships.csv.gz, the
second one YAML per county (archive.register.drafts) from them.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from archive.register.drafts import county_draft
from archive.register.portals import CHANGES, HOSTS, PORTALS, TOWNSHIPS

KIND_BY_RULE = {
    "gov": "township_government",
    "subdistrict": "subdistrict_office",
    "diqu": "subdistrict_office",  # of a prefecture-level city without counties
    "zone": "development_zone",
    "as_is": "authorised_org",
}
BASIS_BY_EXPECTED = {"yes": "official_list", "if_listed": "template"}


def build(raw: Path) -> None:
    """Write the four shipped files."""
    write(PORTALS, [county(row) for row in read(raw / "counties.csv")])
    write(HOSTS, [host(row) for row in read(raw / "sites.csv")])
    write(CHANGES, [change(row) for row in read(raw / "division_changes.csv")])
    with gzip.open(raw / "townships.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = [township(row) for row in csv.DictReader(file) if row["expected"] != "no"]
    # Without a name and a time in its head, so that the same rows make the same bytes.
    TOWNSHIPS.write_bytes(gzip.compress(table(rows).encode(), compresslevel=9, mtime=0))


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


def change(row: dict[str, str]) -> dict[str, str]:
    return row | {"source": "public lists, incomplete", "verified": "no"}


def township(row: dict[str, str]) -> dict[str, str]:
    return {
        "code": row["code"],
        "county_code": row["county_code"],
        "official_name": row["official_name"],
        "kind": KIND_BY_RULE[row["name_rule"]],
        "expected_basis": BASIS_BY_EXPECTED[row["expected"]],
    }


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(rows: Sequence[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(path: Path, rows: Sequence[dict[str, str]]) -> None:
    path.write_text(table(rows), encoding="utf-8")


def main(raw: Path, out: Path | None, codes: Iterable[str]) -> None:
    if out is None:
        build(raw)
        return
    out.mkdir(parents=True, exist_ok=True)
    for code in codes:
        (out / f"{code}.yml").write_text(county_draft(code), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) in {1, 3}:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else None, sys.argv[3:])
