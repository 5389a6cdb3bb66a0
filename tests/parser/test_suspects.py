"""Which cells the finding of a broken relation names, and that its check keeps all of them."""

from __future__ import annotations

import random

import pytest

from parser import parse
from parser.report import AnnualReport, CheckResult
from tests.parser.drawing import Drawing, document, draw
from tests.parser.judging import is_flagged
from tests.parser.mutations import MUTATIONS

TABLE = "applications"


def _printed(numbers: dict[str, int], *, sparse: bool = False) -> tuple[AnnualReport, Drawing]:
    """A report in which the named cells of table 三 show so much more than they should."""
    drawing = draw(random.Random(1), sparse=sparse)
    for row in drawing.three:
        for at, cell in enumerate(row):
            if cell.shows in numbers:
                text = str(int(cell.text) + numbers[cell.shows])
                row[at] = type(cell)(text, cell.colspan, cell.rowspan, cell.shows, cell.role)
    return parse(document(drawing)), drawing


def _named(report: AnnualReport) -> dict[str, set[str]]:
    return {finding.check: set(finding.cells) for finding in report.findings if finding.check}


@pytest.mark.parametrize("sparse", [False, True])
def test_a_wrong_number_is_named_alone_and_its_checks_keep_all_cells(*, sparse: bool) -> None:
    wrong = f"{TABLE}.denied_third_party.natural_person"
    report, _ = _printed({wrong: 7}, sparse=sparse)
    assert _named(report) == {"A2.natural_person": {wrong}, "A3.denied_third_party": {wrong}}
    broken = {check.id: check for check in report.checks if check.result is CheckResult.FAIL}
    assert broken.keys() == _named(report).keys()
    assert len(broken["A2.natural_person"].cells) == 22
    assert len(broken["A3.denied_third_party"].cells) == 7


def test_a_wrong_total_is_named_alone() -> None:
    wrong = f"{TABLE}.result_total.natural_person"
    report, _ = _printed({wrong: 7})
    relations = ("A1.natural_person", "A2.natural_person", "A3.result_total")
    assert _named(report) == {name: {wrong} for name in relations}


def test_two_wrong_numbers_in_one_row_are_both_named() -> None:
    wrong = {
        f"{TABLE}.denied_third_party.{column}": n for column, n in (("natural_person", 7), ("other_org", 11))
    }
    report, _ = _printed(wrong)
    assert set().union(*_named(report).values()) == wrong.keys()


@pytest.mark.parametrize("sparse", [False, True])
def test_wrong_numbers_that_hide_each_other_are_still_named(*, sparse: bool) -> None:
    """The row adds up, since its total is wrong with it: nobody in the columns is cleared."""
    wrong = {f"{TABLE}.denied_third_party.{column}": 137 for column in ("natural_person", "total")}
    report, _ = _printed(wrong, sparse=sparse)
    assert all(is_flagged(report, key) for key in wrong)


def test_one_that_is_hidden_beside_one_that_is_not() -> None:
    """other_org alone would explain its column; the row is off by more, so the whole row stays named."""
    wrong = {
        f"{TABLE}.denied_third_party.natural_person": 137,
        f"{TABLE}.result_total.natural_person": 137,
        f"{TABLE}.denied_third_party.other_org": 11,
    }
    report, _ = _printed(wrong)
    assert all(is_flagged(report, key) for key in wrong)


def test_two_numbers_that_changed_places_are_named_alone() -> None:
    drawing = draw(random.Random(2))
    MUTATIONS["numbers_exchanged"](random.Random(2), drawing)
    report = parse(document(drawing))
    assert set().union(*_named(report).values()) == drawing.misprinted
    assert len(drawing.misprinted) == 2


def test_in_table_four_one_relation_cannot_tell_which_of_its_numbers_is_wrong() -> None:
    drawing = draw(random.Random(3))
    MUTATIONS["wrong_sum_of_four"](random.Random(3), drawing)
    ((check, cells),) = _named(parse(document(drawing))).items()
    assert check.startswith("B1.")
    assert len(cells) == 5
    assert drawing.misprinted <= cells
