"""A logical table in whatever form it is drawn: the same numbers, or none and a finding; never a wrong one.

And each cell's locator leads back to its text.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import extract
from extract.plaintext import split_lines
from parser import parse
from parser.document import Document, Grid
from parser.text import compact
from tests.extract.forms import PAGES, TEXTS
from tests.extract.pages import register
from tests.parser.drawing import Drawing, draw
from tests.parser.judging import judge
from tests.parser.layouts import page, sheet
from tests.parser.mutations import MUTATIONS
from tests.parser.test_layouts import UNFIT

FORMS = (*PAGES, *TEXTS)
EXAMPLES = 60  # a short form; raise it for a long run


def drawn(drawing: Drawing, form: str) -> tuple[str, str]:
    """The content and the file's name."""
    if form in TEXTS:
        return sheet(drawing, form, forms=TEXTS), "report.txt"
    return page(drawing, form, forms=PAGES), "report.html"


def read(drawing: Drawing, form: str) -> Document:
    content, name = drawn(drawing, form)
    return extract.read(content.encode(), name=name, register=register())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("version", ["v2021", "v2019"])
def test_every_form_gives_the_same_numbers(form: str, version: str) -> None:
    drawing = draw(random.Random(form), version)
    verdict = judge(parse(read(drawing, form)), drawing, set())
    assert verdict.right == list(drawing.truth)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    form=st.sampled_from(FORMS),
    name=st.sampled_from(sorted(MUTATIONS)),
    version=st.sampled_from(["v2021", "v2019"]),
    sparse=st.booleans(),
    seed=st.integers(0, 10_000),
)
def test_a_damaged_table_in_any_form_has_no_wrong_number_that_looks_right(
    form: str, name: str, version: str, sparse: bool, seed: int
) -> None:
    if name in UNFIT.get(form, ()):
        return
    rng = random.Random(seed)
    drawing = draw(rng, version, sparse=sparse)
    undetermined = MUTATIONS[name](rng, drawing)
    verdict = judge(parse(read(drawing, form)), drawing, undetermined)
    assert (verdict.wrong_unflagged, verdict.lost_in_silence) == ([], [])


@pytest.mark.parametrize("form", FORMS)
def test_every_locator_leads_back_to_its_text(form: str) -> None:
    drawing = draw(random.Random(form))
    content, _ = drawn(drawing, form)
    document = read(drawing, form)
    places = [
        (place.locator, place.text)
        for block in document.blocks
        for place in (block.cells if isinstance(block, Grid) else (block,))
    ]
    assert len(places) > 40
    lines, root = split_lines(content), etree.HTML(content).getroottree()
    for locator, text in places:
        if form in TEXTS:
            at = int(locator.removeprefix("line ")) - 1
            there = "".join(lines[at : at + text.count("\n") + 1])
        else:
            (element,) = root.xpath(locator.partition(" ")[0])
            there = "".join(element.itertext())
        assert compact(text) in compact(there).replace("|", ""), locator
