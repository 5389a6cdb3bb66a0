"""A draft of a county's register file, from the raw register: to be corrected by hand, never used by itself.

One YAML of the form of archive.register.load: the county, its government, the government's office, and every
township-level unit. What the raw list calls `if_listed` has the basis `template`, which alone never gives
'missing' (practice.md §1.7). Departments are not in it: no public list names a county's own. What changed
since (archive.register.changes) stands in it by report year: archive.register.draft_changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import yaml

from archive.register.changes import Changes, load_changes
from archive.register.draft_changes import FIRST_YEAR, Entry, absorbed, former_names, with_changes
from archive.register.errors import RegisterError
from archive.register.portals import CountyPortal, Township, load_portal_register, townships_of

PROVENANCE = (
    "compiled from public lists: county rows from government pages (2026-04), township-level rows from the "
    "statistical code list of the National Bureau of Statistics (2023-06-30), official names by rule "
    "(county + name + 人民政府 or 办事处), changes of divisions as archive/register/data/changes_sources.yml "
    "tells; no row was checked by a person"
)
WIDTH = 100_000  # one entry a line


def county_draft(code: str) -> str:
    """The file's text for a six-digit code. Raises RegisterError for a code that the raw register lacks."""
    county = load_portal_register().of(code)
    if county is None:
        told = "".join(f"；{row.old_name} {row.words}" for row in load_changes().ends_of(code)[-1:])
        raise RegisterError(f"没有这样的县区代码 no county has this code: {code}{told}")
    return county_file(county, townships_of(code), load_changes())


def county_file(county: CountyPortal, townships: Iterable[Township], changes: Changes) -> str:
    """The same from rows."""
    head, entries = _entries(county, townships, changes)
    lines = [
        "# Drafted from public lists; corrections belong into a further register file.",
        "format: 1",
        f"provenance: {PROVENANCE!r}",
        "verified: false",
        "counties:",
        _line(head),
        "publishers:",
        *map(_line, entries),
    ]
    return "\n".join(lines) + "\n"


def county_content(code: str) -> dict[str, object] | None:
    """The same as the file's content, None for a code that the raw register lacks. Raises RegisterError."""
    county = load_portal_register().of(code)
    if county is None:
        return None
    head, entries = _entries(county, townships_of(code), load_changes())
    return {"format": 1, "provenance": PROVENANCE, "counties": [head], "publishers": entries}


def _entries(
    county: CountyPortal, townships: Iterable[Township], changes: Changes
) -> tuple[Entry, list[Entry]]:
    head: Entry = {"code": county.code, "name": county.name}
    head |= {"prefecture": county.prefecture or None, "province": county.province}
    past = changes.past_of(county.code, county.name)
    if aliases := former_names(past.former, county.name):
        head["aliases"] = aliases
    since = past.founded.first_year if past.founded and not past.former else FIRST_YEAR
    entries = [*_bodies(county, townships, changes), *absorbed(county.code, past, changes)]
    for entry in entries:
        if since > entry.get("valid_from", FIRST_YEAR) and "valid_until" not in entry:
            entry["valid_from"] = since
    return head, entries


def _bodies(county: CountyPortal, townships: Iterable[Township], changes: Changes) -> Iterator[Entry]:
    code, name = county.code, county.name
    yield _entry(f"{code}-GOV", code, f"{name}人民政府", "county_government", "official_list")
    yield _entry(f"{code}-OFFICE", code, f"{name}人民政府办公室", "county_department", "template")
    entries = [_entry(t.code, code, t.official_name, t.kind, t.expected_basis) for t in townships]
    yield from with_changes(entries, changes.of_county(code), county)


def _entry(code: str, county: str, name: str, kind: str, basis: str) -> Entry:
    return {
        "code": code,
        "county_code": county,
        "official_name": name,
        "kind": kind,
        "expected_basis": basis,
    }


def _line(entry: Entry) -> str:
    return f"  - {{{', '.join(f'{key}: {_value(key, value)}' for key, value in entry.items())}}}"


def _value(key: str, value: object) -> str:
    if key in {"code", "county_code"}:
        return f'"{value}"'
    if value is None or isinstance(value, int):
        return "null" if value is None else str(value)
    if isinstance(value, str):
        text = yaml.safe_dump([value], allow_unicode=True, width=WIDTH, default_flow_style=True)
        return text.strip()[1:-1]
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=WIDTH, default_flow_style=True)
    return text.strip()
