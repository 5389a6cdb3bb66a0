"""What the changes of divisions make of a county's draft: former names, ends, beginnings by report year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from archive.register.changes import ChangeKind, Changes, DivisionChange, Past
from archive.register.portals import CountyPortal

Entry = dict[str, Any]  # one entry of a register file, in the order of its keys
FIRST_YEAR = 2008  # the first report year there is (条例 in force 1 May 2008)
_FORMS = {  # unit → how the body's official name ends, and its kind; others stay as they are named
    "街道": ("办事处", "subdistrict_office"),
    "镇": ("人民政府", "township_government"),
    "乡": ("人民政府", "township_government"),
    "苏木": ("人民政府", "township_government"),
}


def former_names(changes: Iterable[DivisionChange], name: str, ending: str = "") -> list[Entry]:
    """Aliases of a body for its former names; those that no report can bear are left out."""
    rows: dict[str, Entry] = {}
    for change in changes:
        if change.old_name != name and change.last_possible_year >= FIRST_YEAR:
            alias = {"name": change.old_name + ending, "reason": change.words}
            rows.setdefault(change.old_name, alias | {"valid_until": change.last_possible_year})
    return list(rows.values())


def absorbed(code: str, past: Past, changes: Changes) -> Iterator[Entry]:
    """The governments that were merged into this county's: their reports stay theirs, none is missed.

    Their basis is `template`: their portals are gone as a rule, and no column of the successor owes them.
    """
    for change in past.absorbed:
        if not change.old_code or change.last_possible_year < FIRST_YEAR:
            continue
        entry: Entry = {
            "code": f"{change.old_code}-GOV",
            "county_code": code,
            "official_name": f"{change.old_name}人民政府",
            "kind": "county_government",
            "expected_basis": "template",
        }
        before = changes.past_of(change.old_code, change.old_name).former
        if aliases := former_names(before, change.old_name, "人民政府"):
            entry["aliases"] = aliases
        yield entry | _ended_by(change, f"{code}-GOV")


def _ended_by(change: DivisionChange, successor: str) -> Entry:
    """Until when a body was there; for a year that the date leaves open its successor's report covers it."""
    cover: Entry = {"by": successor, "reason": change.words}
    cover |= {"valid_from": change.last_certain_year + 1, "valid_until": change.last_possible_year}
    until: Entry = {"valid_until": max(change.last_possible_year, FIRST_YEAR)}
    return until | ({"covered": [cover]} if change.last_certain_year < change.last_possible_year else {})


def with_changes(
    entries: Sequence[Entry], changes: Iterable[DivisionChange], county: CountyPortal
) -> list[Entry]:
    """The townships of a draft as the changes leave them; new ones at the end."""
    by_code = {entry["code"]: entry for entry in entries}
    prefix = _prefix(entries, county.name)
    made: list[Entry] = []
    for change in changes:
        known = by_code.get(change.old_code)
        leaves = change.old_code[:6] == county.code
        if known is not None and change.kind is ChangeKind.RENAMED:
            _rename(known, change, prefix)
        elif known is not None and change.kind is ChangeKind.MERGED:
            known |= _ended_by(change, change.new_code)
        elif known is not None and leaves:
            known["valid_until"] = max(change.last_certain_year, FIRST_YEAR)
        if change.new_code[:6] == county.code and (change.kind is ChangeKind.FOUNDED or not leaves):
            made.append(_new(change, prefix, by_code))
    taken = {entry["official_name"] for entry in entries}
    return [*entries, *(entry for entry in made if entry["official_name"] not in taken)]


def _prefix(entries: Sequence[Entry], name: str) -> str:
    """What stands before a township's name in this county: 某县, or 某市某区."""
    for entry in entries:
        before, found, _ = entry["official_name"].partition(name)
        if found:
            return f"{before}{name}"
    return name


def _rename(entry: Entry, change: DivisionChange, prefix: str) -> None:
    former = {"name": entry["official_name"], "reason": change.words}
    official, kind = _official(change.new_name, prefix)
    if official != entry["official_name"]:
        entry |= {"official_name": official, "kind": kind or entry["kind"]}
        entry["aliases"] = [former | {"valid_until": change.last_possible_year}]


def _new(change: DivisionChange, prefix: str, known: dict[str, Entry]) -> Entry:
    """A body that came. The lists number differently: a code that stands for another body gets an ending."""
    official, kind = _official(change.new_name, prefix)
    code = change.new_code if change.new_code not in known else f"{change.new_code}-N"
    return {
        "code": code,
        "county_code": change.new_code[:6],
        "official_name": official,
        "kind": kind or "authorised_org",
        "expected_basis": "official_list" if kind else "template",
        "valid_from": max(change.first_year, FIRST_YEAR),
    }


def _official(name: str, prefix: str) -> tuple[str, str | None]:
    for unit, (ending, kind) in _FORMS.items():
        if name.endswith(unit):
            return f"{prefix}{name}{ending}", kind
    return f"{prefix}{name}", None
