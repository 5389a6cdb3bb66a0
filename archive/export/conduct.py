"""accountability and fees: what a report tells of supervision and of 信息处理费 (practice.md §4.10)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from archive.export.model import KEY, Kind, Row, Table, columns
from archive.export.source import Held, Source

FEES = columns(
    KEY + "said yuan:number approximate:flag quote:text table_fee_wan_yuan:number below_told:flag version"
)
_YES, _NONE, _RULE = "yes", "none", "rule"
_BEFORE = 12  # characters in which a negation counts


class Duty(BaseModel):
    """A thing that the report should tell of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    zh: str
    said: tuple[str, ...]
    strict: bool = False


class ConductTable(BaseModel):
    """data/conduct.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    none: tuple[str, ...]
    none_behind: tuple[str, ...]
    rule: tuple[str, ...]
    clause: re.Pattern[str]
    sections: tuple[str, ...]
    duties: tuple[Duty, ...]
    persons: str
    fees: str
    scope_about: tuple[str, ...]
    scopes: dict[str, tuple[str, ...]]


@cache
def conduct_table() -> ConductTable:
    """The table, read once. Raises ValueError where it is wrong."""
    path = Path(__file__).parent / "data" / "conduct.yml"
    return ConductTable.model_validate(yaml.safe_load(path.read_text("utf-8")))


def accountability(source: Source) -> Table:
    """A row a report with sections: per duty `yes`, `none` (told that none was) or null, and the words."""
    table = conduct_table()
    named = columns(KEY)
    for duty in table.duties:
        named |= {duty.key: Kind.CODE, f"{duty.key}_quote": Kind.TEXT}
    named |= {"persons": Kind.INTEGER, "persons_quote": Kind.TEXT, "version": Kind.CODE}
    return Table("accountability", named, [_told(held) for held in source.held if held.sections])


def _told(held: Held) -> Row:
    table = conduct_table()
    texts = [section["text"] for section in held.sections if section["key"] in table.sections]
    clauses = [part for text in texts for part in table.clause.split("".join(text.split())) if part]
    row: Row = {}
    for duty in table.duties:
        said, quote = said_of(duty, clauses)
        row = {**row, duty.key: said, f"{duty.key}_quote": quote}
    persons, quote = _fact(held, table.persons)
    return {
        **held.key,
        **row,
        "persons": None if persons is None else int(persons),
        "persons_quote": quote,
        "version": held.version["version"],
    }


def said_of(duty: Duty, clauses: Sequence[str]) -> tuple[str | None, str | None]:
    """Whether a duty is told, and in which clause: the first of `yes`, else of `none`, else of `rule`."""
    found: dict[str, str] = {}
    for clause in clauses:
        word = next((word for word in duty.said if word in clause), None)
        if word is None:
            continue
        if _denied(clause, word):
            code = _NONE
        else:
            code = _RULE if duty.strict and any(w in clause for w in conduct_table().rule) else _YES
        found.setdefault(code, clause)
    return next(((code, found[code]) for code in (_YES, _NONE, _RULE) if code in found), (None, None))


def figure_scope(held: Held) -> tuple[str, str | None]:
    """whole_area, own_body or unknown, with the clause that says so."""
    table = conduct_table()
    for section in held.sections:
        if section["key"] != "overall":
            continue
        for clause in table.clause.split("".join(section["text"].split())):
            if not any(word in clause for word in table.scope_about):
                continue
            said = [name for name, words in table.scopes.items() if any(word in clause for word in words)]
            if len(said) == 1:
                return said[0], clause
    return "unknown", None


def _denied(clause: str, word: str) -> bool:
    table = conduct_table()
    at = clause.index(word)
    before, behind = clause[max(0, at - _BEFORE) : at], clause[at + len(word) :][:_BEFORE]
    return any(no in before for no in table.none) or any(no in behind for no in table.none_behind)


def _fact(held: Held, key: str) -> tuple[float | None, str | None]:
    """The number that the words give; null where they give several."""
    told = [fact for fact in held.facts if fact["key"] == key]
    values = {fact["value"] for fact in told}
    quote = "; ".join(dict.fromkeys(fact["quote"] for fact in told)) or None
    return (values.pop() if len(values) == 1 else None), quote


def fees(source: Source) -> Table:
    """A row a report with sections: 信息处理费 as told, in 元, and the charges of table 二, in 万元."""
    return Table("fees", FEES, [_fees(held) for held in source.held if held.sections])


def _fees(held: Held) -> Row:
    yuan, quote = _fact(held, conduct_table().fees)
    charged = held.value("proactive_disclosure.fees.amount_wan_yuan")
    told = [fact for fact in held.facts if fact["key"] == conduct_table().fees]
    return {
        **held.key,
        "said": None if not told else _NONE if yuan == 0 else _YES,
        "yuan": yuan,
        "approximate": any(fact["approximate"] for fact in told) if told else None,
        "quote": quote,
        "table_fee_wan_yuan": charged,
        "below_told": None if yuan is None or charged is None else charged * 10_000 < yuan,
        "version": held.version["version"],
    }
