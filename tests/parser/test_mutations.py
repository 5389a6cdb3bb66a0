"""Damaged reports: every number is right, or flagged. Seeded, so that a failure names its case."""

from __future__ import annotations

import random

import pytest

from parser import parse
from parser.document import Severity
from tests.parser.drawing import STYLES, document, draw
from tests.parser.judging import judge
from tests.parser.mutations import MUTATIONS

CASES = 2  # of each kind, style, format and density: a short form; raise it for a long run


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_damaged_report_has_no_wrong_number_that_looks_right(name: str) -> None:
    wrong, silent, right, lost = [], [], 0, 0
    for case in range(CASES):
        for style in STYLES:
            for version in ("v2021", "v2019"):
                for sparse in (False, True):
                    label = f"{name} {case} {style} {version} {'sparse' if sparse else 'dense'}"
                    rng = random.Random(label)
                    drawing = draw(rng, version, sparse=sparse)
                    undetermined = MUTATIONS[name](rng, drawing)
                    verdict = judge(parse(document(drawing, style)), drawing, undetermined)
                    wrong += [(label, key) for key in verdict.wrong_unflagged]
                    silent += [(label, key) for key in verdict.lost_in_silence]
                    right += len(verdict.right)
                    lost += len(verdict.lost)
    assert wrong == []
    assert silent == []
    assert right >= 99 * lost, f"{right} right, {lost} lost"


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("version", ["v2021", "v2019"])
@pytest.mark.parametrize("sparse", [False, True])
def test_an_undamaged_report_is_read_whole_and_without_a_warning(
    style: str, version: str, sparse: bool
) -> None:
    for seed in range(4):
        drawing = draw(random.Random(seed), version, sparse=sparse)
        report = parse(document(drawing, style))
        verdict = judge(report, drawing, set())
        assert verdict.right == list(drawing.truth)
        assert [finding for finding in report.findings if finding.severity is not Severity.INFO] == []
        assert report.format_version == version
        assert {check.result.value for check in report.checks} == {"pass"}
        assert sum(check.id[:2] in ("A1", "A2", "A3", "B1") for check in report.checks) == (
            42 if version == "v2021" else 40
        )


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("place", range(7))
def test_a_row_that_lost_a_cell_has_no_number_in_a_wrong_column(style: str, place: int) -> None:
    """Not even with a finding: such rows are solved by the sums, or left empty."""
    for sparse in (False, True):
        for at in (3, 5, 9, 20, 26, 27):
            drawing = draw(random.Random(f"{style} {place} {at}"), sparse=sparse)
            row = drawing.three[at]
            gone = [n for n, cell in enumerate(row) if cell.shows][place]
            drawing.lose(row[gone].shows)
            del row[gone]
            verdict = judge(parse(document(drawing, style)), drawing, set())
            assert verdict.wrong_flagged == verdict.wrong_unflagged == []
            assert verdict.lost == [] or sparse
