"""The words that each match of an expression holds: what is left out must not be able to match."""

from __future__ import annotations

import random
import re

import pytest

from parser.labels import NARRATIVE
from parser.wording import Wording, needed_words

EXPRESSIONS = [
    *(e for words in NARRATIVE.facts.values() for e in (*words.patterns, *words.none)),
    *NARRATIVE.outcomes.values(),
    NARRATIVE.all_concluded,
]
PIECES = sorted({word for e in EXPRESSIONS for word in re.findall("[\u4e00-\u9fff]+", e)} | set("年12件，。"))


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("(?:办结|答复)率(?:达)?100", (("办结率", "答复率"), ("100",))),
        ("(?<!按时)办结(?=率)率", (("办结率",),)),
        ("(?:上(?:一)?年|去年)结转{1,2}件", ()),
        ("未(?:收到|受理)?[^。]{0,4}依?申请", (("申请",),)),
        ("办结|答复", ()),
        (r"(?P<n>\d+)[条)]其他", (("其他",),)),
    ],
)
def test_the_words_that_a_match_needs(expression: str, words: tuple[tuple[str, ...], ...]) -> None:
    assert needed_words(expression) == words


def test_nothing_that_matches_is_passed_over() -> None:
    rng = random.Random(8)
    wordings = [NARRATIVE.compiled(expression) for expression in EXPRESSIONS]
    found = 0
    for _ in range(300):
        text = "".join(rng.choice(PIECES) for _ in range(80))
        for wording in wordings:
            plain = [match.span() for match in wording._pattern.finditer(text)]
            found += len(plain)
            assert [match.span() for match in wording.finditer(text)] == plain
    assert found > 100


def test_a_wording_searches_as_its_expression_does() -> None:
    wording = Wording(r"办结率(?P<n>\d+)")
    match = wording.search("已办结，办结率100。")
    assert match is not None
    assert match["n"] == "100"
    assert wording.search("已办结。") is None
