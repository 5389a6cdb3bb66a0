"""A draft of a county's register file, from the raw register: to be corrected by hand, never used by itself.

One YAML of the form of archive.register.load: the county, its government, the government's office, and every
township-level unit. What the raw list calls `if_listed` has the basis `template`, which alone never gives
'missing' (practice.md §1.7). Departments are not in it: no public list names a county's own.
"""

from __future__ import annotations

from collections.abc import Iterable

from archive.register.load import RegisterError
from archive.register.portals import CountyPortal, Township, load_portal_register, townships_of

PROVENANCE = (
    "compiled from public lists: county rows from government pages (2026-04), township-level rows from the "
    "statistical code list of the National Bureau of Statistics (2023-06-30), official names by rule "
    "(county + name + 人民政府 or 办事处); no row was checked by a person"
)


def county_draft(code: str) -> str:
    """The file's text for a six-digit code. Raises RegisterError for a code that the raw register lacks."""
    county = load_portal_register().of(code)
    if county is None:
        raise RegisterError(f"没有这样的县区代码 no county has this code: {code}")
    return county_file(county, townships_of(code))


def county_file(county: CountyPortal, townships: Iterable[Township]) -> str:
    """The same from rows."""
    code, name, prefecture = county.code, county.name, county.prefecture or "null"
    lines = [
        "# Made by tools/build_register.py; corrections belong into a further register file.",
        "format: 1",
        f"provenance: {PROVENANCE!r}",
        "verified: false",
        "counties:",
        f'  - {{code: "{code}", name: {name}, prefecture: {prefecture}, province: {county.province}}}',
        "publishers:",
        _publisher(f"{code}-GOV", f"{name}人民政府", "county_government", code, "official_list"),
        _publisher(f"{code}-OFFICE", f"{name}人民政府办公室", "county_department", code, "template"),
    ]
    lines += [_publisher(t.code, t.official_name, t.kind, code, t.expected_basis) for t in townships]
    return "\n".join(lines) + "\n"


def _publisher(code: str, name: str, kind: str, county: str, basis: str) -> str:
    return (
        f'  - {{code: "{code}", county_code: "{county}", official_name: {name}, kind: {kind}, '
        f"expected_basis: {basis}}}"
    )
