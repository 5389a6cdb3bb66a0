"""Makes the shipped register files from the raw register folder.

    python tools/build_register.py RAW_FOLDER OUT_FOLDER COUNTY_CODE...

RAW_FOLDER holds counties.csv and townships.csv.gz (its README tells their columns). One YAML per county is
written to OUT_FOLDER: the county, its government, the government's office, and every township-level unit.
What the raw list calls `if_listed` gets the basis `template`, which alone never gives 'missing'.
"""

from __future__ import annotations

import csv
import gzip
import sys
from pathlib import Path

KIND_BY_RULE = {
    "gov": "township_government",
    "subdistrict": "subdistrict_office",
    "zone": "development_zone",
    "as_is": "authorised_org",
}
BASIS_BY_EXPECTED = {"yes": "official_list", "if_listed": "template"}
PROVENANCE = (
    "compiled from public lists: county rows from government pages (2026-04), township-level rows from the "
    "statistical code list of the National Bureau of Statistics (2023-06-30), official names by rule "
    "(county + name + 人民政府 or 办事处); no row was checked by a person"
)


def main(raw: Path, out: Path, codes: list[str]) -> None:
    with (raw / "counties.csv").open(encoding="utf-8", newline="") as file:
        counties = {row["code"]: row for row in csv.DictReader(file)}
    with gzip.open(raw / "townships.csv.gz", "rt", encoding="utf-8", newline="") as file:
        townships = [row for row in csv.DictReader(file) if row["county_code"] in codes]
    out.mkdir(parents=True, exist_ok=True)
    for code in codes:
        if code not in counties:
            sys.exit(f"unknown county code: {code}")
        rows = [row for row in townships if row["county_code"] == code and row["expected"] != "no"]
        (out / f"{code}.yml").write_text(county_file(counties[code], rows), encoding="utf-8")


def county_file(county: dict[str, str], townships: list[dict[str, str]]) -> str:
    code, name, prefecture = county["code"], county["name"], county["prefecture"] or "null"
    lines = [
        "# Made by tools/build_register.py; corrections belong into a further register file.",
        "format: 1",
        f"provenance: {PROVENANCE!r}",
        "verified: false",
        "counties:",
        f'  - {{code: "{code}", name: {name}, prefecture: {prefecture}, province: {county["province"]}}}',
        "publishers:",
        publisher(f"{code}-GOV", f"{name}人民政府", "county_government", code, "official_list"),
        publisher(f"{code}-OFFICE", f"{name}人民政府办公室", "county_department", code, "template"),
    ]
    for row in townships:
        kind, basis = KIND_BY_RULE[row["name_rule"]], BASIS_BY_EXPECTED[row["expected"]]
        lines.append(publisher(row["code"], row["official_name"], kind, code, basis))
    return "\n".join(lines) + "\n"


def publisher(code: str, name: str, kind: str, county: str, basis: str) -> str:
    return (
        f'  - {{code: "{code}", county_code: "{county}", official_name: {name}, kind: {kind}, '
        f"expected_basis: {basis}}}"
    )


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
