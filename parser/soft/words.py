"""N: what the text says in words against what the tables say in numbers (statute.md §3, practice.md §3).

A claim that the text makes twice with different numbers proves nothing, and neither does a softened one; the
check passes if the table's number is said anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parser.findings import finding
from parser.labels import APPLICATIONS, NARRATIVE, REVIEW
from parser.narrative import Breakdown, outcomes, says_all_concluded
from parser.quick import quick
from parser.report import ApplicationsRow, Check, CheckResult, Fact, NumberCell
from parser.soft.subject import Result, Subject

_GROUPS = {
    "result_disclosed": ("result_disclosed",),
    "result_partial": ("result_partial",),
    "denied": tuple(row.key for row in APPLICATIONS.rows if row.group == "denied"),
    "unavailable": tuple(row.key for row in APPLICATIONS.rows if row.group == "unavailable"),
    "not_processed": tuple(row.key for row in APPLICATIONS.rows if row.group == "not_processed"),
    "other_processing": tuple(
        row.key for row in APPLICATIONS.rows if row.group == "other" or row.key == "other_processing"
    ),
}
_GROUP_LABELS = {
    "result_disclosed": "予以公开",
    "result_partial": "部分公开",
    "denied": "不予公开",
    "unavailable": "无法提供",
    "not_processed": "不予处理",
    "other_processing": "其他处理",
}
_DECISIONS = {"licensing": "行政许可", "penalties": "行政处罚", "coercion": "行政强制"}
_DECISION_FACTS = {
    "licensing": "licensing_decisions",
    "penalties": "penalty_decisions",
    "coercion": "coercion_decisions",
}
_REVIEW_PARTS = {"reviews": ("review",), "litigation": ("litigation_direct", "litigation_after_review")}
_REVIEW_LABELS = {"reviews": "行政复议", "litigation": "行政诉讼"}
_NAMED = 3  # cells of a sum; more are left to the check, since A2 and A3 name one of them that is wrong
_check = quick(Check)
_TOLERANCE = 0.05  # of a softened total: 560余 may be 580


def word_checks(subject: Subject) -> Result:
    """Every claim of the text that a table can be asked about."""
    return [
        *_applications(subject),
        *_groups(subject),
        *_self_sum(subject),
        *_breakdowns(subject.breakdowns),
        *_disclosure(subject),
        *_reviews(subject),
        *_rate(subject),
    ]


# --- applications


def _rows(subject: Subject) -> dict[str, ApplicationsRow]:
    return {row.key: row for row in subject.tables.applications or ()}


def _applications(subject: Subject) -> Result:
    rows = _rows(subject)
    if not rows:
        return []
    new = rows["new_received"].cells
    both = [rows[key].cells["total"].value for key in ("new_received", "carried_over")]
    with_carried = [] if None in both else [sum(value for value in both if value is not None)]
    told = [
        ("N1", "received", "applications_received", "new_received", "total", with_carried),
        ("N1b", "natural_persons", "applications_by_natural_persons", "new_received", "natural_person", []),
        ("N2", "concluded", "applications_concluded", "result_total", "total", []),
        ("N3", "carried_forward", "carried_forward", "carried_forward", "total", []),
    ]
    results: Result = []
    for family, name, fact, row, column, accepted in told:
        if not (facts := subject.told(fact)):
            continue
        key = f"applications.{row}.{column}"
        cell = new[column] if row == "new_received" else rows[row].cells[column]
        relation = f"narrative {name.replace('_', ' ')} = {row}.{column}"
        claim = _Claim(family, name, relation, cell.value, (key,), accepted)
        results += _said(claim, facts)
    return results


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a fact in words is held against: a table's number, and others that the words may mean as well."""

    family: str
    name: str
    relation: str
    value: float | None
    cells: tuple[str, ...]
    accepted: Sequence[float] = ()
    label: str = ""


def _said(claim: _Claim, facts: Sequence[Fact]) -> Result:
    """Pass if the text says the table's number anywhere; warn only if it says one other number."""
    value = claim.value
    if not facts or value is None:
        return []
    ident = f"{claim.family}.{claim.name}"
    agreeing = next((fact for fact in facts if fact.value in {value, *claim.accepted}), None)
    if agreeing is not None:
        return [(_check(ident, claim.relation, agreeing.value, value, CheckResult.PASS, claim.cells), None)]
    if len({fact.value for fact in facts}) > 1:
        return []
    fact = facts[0]
    check = Check(ident, claim.relation, fact.value, value, CheckResult.WARN, claim.cells)
    named = claim.cells if len(claim.cells) <= _NAMED else ()
    told = finding(claim.family, cells=named, lhs=fact.value, rhs=value, quote=fact.quote, label=claim.label)
    return [(check, told)]


def _groups(subject: Subject) -> Result:
    """N9: 予以公开 N件 … in words = the sum of the group's rows."""
    rows = _rows(subject)
    results: Result = []
    for group, keys in _GROUPS.items():
        here = [rows[key] for key in keys if key in rows]
        if not here or not (facts := subject.told(group)):
            continue
        total = _sum(row.cells["total"] for row in here)
        if total is None:
            continue
        cells = tuple(f"applications.{row.key}.total" for row in here)
        relation = f"narrative {group} = sum of its rows, total column"
        label = _GROUP_LABELS[group]
        results += _said(_Claim("N9", group, relation, total, cells, label=label), facts)
    return results


def _sum(cells: Iterable[NumberCell]) -> float | None:
    values = [cell.value for cell in cells]
    return None if None in values else sum(value for value in values if value is not None)


def _self_sum(subject: Subject) -> Result:
    """N4: the sentence itself: received + carried over = concluded + pending + carried forward."""
    received, concluded = subject.one("applications_received"), subject.one("applications_concluded")
    forward = subject.one("carried_forward")
    if received is None or concluded is None or forward is None:
        return []
    over, pending = subject.one("applications_carried_over"), subject.one("applications_pending")
    left = [received.value, *([received.value + over.value] if over else [])]
    parts = [concluded.value, *([pending.value] if pending else []), forward.value]
    rows = _rows(subject)
    carried = rows["carried_over"].cells["total"].value if rows else None
    if over is None and carried:
        left.append(received.value + int(carried))  # told in the table, not in words
    right = sum(parts)
    agrees = right in left
    check = Check(
        "N4.narrative_self_sum",
        "received (+ carried over) = concluded + pending + carried forward",
        right if agrees else left[-1],
        right,
        CheckResult.PASS if agrees else CheckResult.WARN,
    )
    told = finding("N4", lhs=left[-1], rhs=right, quote=received.quote)
    return [(check, None if agrees else told)]


def _rate(subject: Subject) -> Result:
    """N13: 办结率100% while something is carried forward (not 按时办结率)."""
    rows = _rows(subject)
    quote = says_all_concluded(subject.sections)
    forward = rows["carried_forward"].cells["total"].value if rows else None
    if quote is None or forward is None:
        return []
    cells = ("applications.carried_forward.total",)
    result = CheckResult.INFO if forward else CheckResult.PASS
    relation = "a rate of conclusion of 100 % means carried_forward.total = 0"
    check = Check("N13.all_concluded", relation, 0, forward, result, cells)
    return [(check, finding("N13", cells=cells, rhs=forward, quote=quote) if forward else None)]


# --- disclosures


def _breakdowns(breakdowns: Sequence[Breakdown]) -> Result:
    """N5: a stated total is no less than its parts behind 其中, and about their sum where all are listed."""
    results: Result = []
    for told in breakdowns:
        total, parts = told.total.value, sum(value for _, value in told.parts)
        above = parts > total * (1 + (_TOLERANCE if told.approximate else 0))
        below = not told.open and parts < total * (1 - _TOLERANCE)
        wrong = above or below
        check = Check(
            "N5.breakdown_sum",
            "stated disclosures = sum of the parts listed behind 其中",
            total,
            parts,
            CheckResult.WARN if wrong else CheckResult.PASS,
        )
        results.append(
            (check, finding("N5", lhs=total, rhs=parts, quote=told.total.quote) if wrong else None)
        )
    return results[:1]


def _disclosure(subject: Subject) -> Result:
    """N6: normative documents issued; N11: decisions of licensing, penalty and coercion."""
    results: Result = []
    for row in subject.tables.proactive_disclosure or ():
        if row.key == "normative_documents":
            column = "issued" if "issued" in row.cells else "newly_made"
            facts, family, name = subject.told("normative_documents_issued"), "N6", "normative_issued"
        elif row.key in _DECISION_FACTS:
            column = "decisions"
            facts, family, name = subject.told(_DECISION_FACTS[row.key]), "N11", row.key
        else:
            continue
        if column not in row.cells:
            continue
        cells = (f"proactive_disclosure.{row.key}.{column}",)
        relation = f"narrative {name.replace('_', ' ')} = {row.key}.{column}"
        label = _DECISIONS.get(row.key, row.label)
        claim = _Claim(family, name, relation, row.cells[column].value, cells, label=label)
        results += _said(claim, facts)
    return results


# --- reviews and litigation


def _reviews(subject: Subject) -> Result:
    """N7: how many reviews and suits; N10: how they ended."""
    cells = subject.tables.review_litigation
    if cells is None:
        return []
    results: Result = []
    for fact, groups in _REVIEW_PARTS.items():
        told = subject.told(fact)
        every = outcomes(told, fact)
        ends = {"total": told} | {name: _ends(every, fact, name) for name in NARRATIVE.outcomes}
        for name, facts in ends.items():
            keys = tuple(f"{group}_{name}" for group in groups)
            if facts and all(key in cells for key in keys):
                results += _said(_ended(cells, fact, name, keys), facts)
    return results


def _ends(every: Sequence[Fact], fact: str, name: str) -> list[Fact]:
    return [end for end in every if end.key == f"{fact}.{name}"]


def _ended(cells: dict[str, NumberCell], fact: str, name: str, keys: tuple[str, ...]) -> _Claim:
    is_total = name == "total"
    return _Claim(
        family="N7" if is_total else "N10",
        name=fact if is_total else f"{fact}_{name}",
        relation=f"narrative {fact} {name} = {' + '.join(keys)}",
        value=_sum(cells[key] for key in keys),
        cells=tuple(f"review_litigation.{key}" for key in keys),
        accepted=[value for key in keys if (value := cells[key].value)] if len(keys) > 1 else [],
        label=_REVIEW_LABELS[fact] + ("" if is_total else _OUTCOME_LABELS[name]),
    )


_OUTCOME_LABELS = {outcome.key: outcome.label for outcome in REVIEW.outcomes}
