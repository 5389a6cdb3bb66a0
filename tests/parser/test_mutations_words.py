"""Damage to what is said beside the tables: each kind is told by its finding, and no number is misread."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from parser.document import Finding, Severity
from parser.report import AnnualReport
from tests.parser.drawing import STYLES
from tests.parser.judging import is_flagged, judge
from tests.parser.mutations import MUTATIONS
from tests.parser.mutations_words import KINDS, OWN, PRACTICE_3, STATUTE_3, STATUTE_6
from tests.parser.story import Story, read, tell

CASES = 2  # of each kind and format: a short form; `python -m benchmarks.accuracy` is the long run


def damaged(name: str, version: str, case: int) -> tuple[Story, AnnualReport, list[Finding]]:
    rng = random.Random(f"{name} {version} {case}")
    story = tell(rng, version)
    KINDS[name].damage(rng, story)
    report, findings = read(story, STYLES[case % len(STYLES)])
    return story, replace(report, findings=tuple(findings)), findings


@pytest.mark.parametrize("name", sorted(KINDS))
def test_damage_to_words_is_told_and_no_number_is_misread(name: str) -> None:
    kind, flagged, touched = KINDS[name], 0, 0
    for version in kind.versions:
        for case in range(CASES):
            story, report, findings = damaged(name, version, case)
            codes = {found.code for found in findings if found.severity is not Severity.INFO}
            told = {found.code for found in findings}
            assert kind.code in told if kind.code else codes == set(), (version, case, told)
            verdict = judge(report, story.drawing, set())
            assert verdict.wrong_unflagged == verdict.wrong_flagged == verdict.lost_in_silence == []
            assert verdict.lost == []
            assert report.report_year == story.year
            flagged += sum(is_flagged(report, key) for key in story.drawing.truth)
            touched += len(story.drawing.damaged)
    assert flagged <= 3 * touched


@pytest.mark.parametrize("version", ["v2021", "v2019"])
@pytest.mark.parametrize("style", STYLES)
def test_nothing_is_said_against_a_report_whose_words_agree(version: str, style: str) -> None:
    for sparse in (False, True):
        story = tell(random.Random(f"{version} {style}"), version, sparse=sparse)
        _, findings = read(story, style)
        assert [found for found in findings if found.severity is not Severity.INFO] == []


def test_every_kind_that_is_named_is_played() -> None:
    names = MUTATIONS.keys() | KINDS.keys()
    assert {name for kinds in STATUTE_6.values() for name in kinds} <= names
    codes = {kind.code.partition("_")[0] for kind in KINDS.values()}
    assert codes >= PRACTICE_3 | STATUTE_3
    assert len(OWN) >= 5
