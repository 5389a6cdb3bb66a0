"""S, D2: what a report must tell, and words that are none of its own (statute.md §3, practice.md §3)."""

from __future__ import annotations

import re

from parser.findings import finding
from parser.labels import DUTIES
from parser.report import Check, CheckResult
from parser.soft.subject import Result, Subject
from parser.wording import Wording

_SHORT = 200  # characters: section one in a sentence or two is a short report, told by other checks
_RESIDUE = tuple(Wording(expression) for expression in DUTIES.residue)
_GOVERNMENTS = ("county_government", "township_government")


def structure_checks(subject: Subject) -> Result:
    """Aspects of section one, problems and improvements, template residue, self-name, article 50."""
    checks = (_widths, _aspects, _improvements, _residue, _self_name, _article_50)
    return [result for check in checks for result in check(subject)]


def _widths(subject: Subject) -> Result:
    results: Result = []
    for row, drawn in subject.widths.items():
        check = Check(
            "S1.row_width",
            "every application row has 7 numbers",
            drawn,
            7,
            CheckResult.FAIL,
            (f"applications.{row}",),
        )
        results.append((check, None))  # the table's own finding names the row already
    return results


def _article_50(subject: Subject) -> Result:
    kind = subject.publisher.kind if subject.publisher else None
    if kind not in _GOVERNMENTS or len(subject.sections) < 4:
        return []
    told = any(word in section.text for section in subject.sections for word in DUTIES.article_50)
    check = Check(
        "D2.art50_4_content",
        "an 各级人民政府 report must tell assessment, social review and accountability results",
        None,
        None,
        CheckResult.PASS if told else CheckResult.WARN,
    )
    return [(check, None if told else finding("D2"))]


def _aspects(subject: Subject) -> Result:
    """S2: the five aspects of section one, as the format of 2021 asks."""
    text = subject.text.get("overall")
    if (
        not text
        or len(text) < _SHORT
        or not any("in_force" in row.cells for row in subject.tables.proactive_disclosure or ())
    ):
        return []
    lacking = [name for name, words in DUTIES.aspects.items() if not any(word in text for word in words)]
    relation = "section one tells of five aspects"
    result = CheckResult.WARN if lacking else CheckResult.PASS
    check = Check("S2.five_aspects", relation, len(DUTIES.aspects) - len(lacking), 5, result)
    return [(check, finding("S2", raw="、".join(lacking)) if lacking else None)]


def _improvements(subject: Subject) -> Result:
    """S3: section five has both problems and what is done about them."""
    text = subject.text.get("problems_improvements")
    if not text:
        return []
    lacking = [
        name
        for name, words in (("问题", DUTIES.problems), ("改进", DUTIES.improvements))
        if not any(word in text for word in words)
    ]
    relation = "section five tells problems and improvements"
    result = CheckResult.WARN if lacking else CheckResult.PASS
    check = Check("S3.problems_and_improvements", relation, 2 - len(lacking), 2, result)
    return [(check, finding("S3", raw="、".join(lacking)) if lacking else None)]


def _residue(subject: Subject) -> Result:
    """S4: words of a template that nobody filled in."""
    for section in subject.sections:
        matches = [match for wording in _RESIDUE if (match := wording.search(section.text))]
        if matches:
            match = min(matches, key=lambda match: match.start())
            place = section.text[max(0, match.start() - 12) : match.end() + 12]
            check = Check("S4.template_residue", "no words of a template", None, None, CheckResult.WARN)
            return [(check, finding("S4", quote=place))]
    return []


def _self_name(subject: Subject) -> Result:
    """S5: 我乡 in the report of a 镇: a sentence of somebody else's report; once among many, a slip."""
    name = (subject.publisher.name if subject.publisher else None) or ""
    own = next((end for end in DUTIES.self_names if re.search(rf"{end}(?:人民政府|办事处)?$", name)), None)
    if own is None:
        return []
    text = "".join(section.text for section in subject.sections)
    foreign = [word for end, words in DUTIES.self_names.items() if end != own for word in words]
    said = {word: text.count(word) for word in foreign if word in text}
    spoken = sum(text.count(word) for word in DUTIES.self_names[own])
    slip = sum(said.values()) == 1 and spoken > 1
    result = CheckResult.PASS if not said else CheckResult.INFO if slip else CheckResult.WARN
    relation = f"a body of kind {own} does not speak of itself as another"
    check = Check("S5.self_name", relation, sum(said.values()), spoken, result)
    code = "S5_once" if slip else "S5"
    return [(check, finding(code, own=name, raw="、".join(said)) if said else None)]
