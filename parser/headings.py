"""Which lines are headings of the statutory sections: by keyword, enumerator and order.

一、… 四、 are also row labels of table 三, the sub-headings of section one repeat the names of the others,
and a table of contents repeats all: so all lines that may be a heading are weighed, and the best increasing
sequence of them is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from parser.labels import HEADINGS, Heading
from parser.lines import Line
from parser.text import bare, compact

NUMERALS = "一二三四五六七八九十"
_ENUMERATED = re.compile(
    rf"^\s*(?:#+\s*|\*+\s*)?(?:第?(?P<numeral>[{NUMERALS}]{{1,2}})(?:部分)?\s*[、.．,，:：]"
    rf"|第(?P<part>[{NUMERALS}]{{1,2}})[部章]分?|(?P<bracket>[(（]\s*[{NUMERALS}]{{1,2}}\s*[)）])[、.]?"
    rf"|(?P<arabic>\d{{1,2}})\s*[、.．](?!\d)|(?P<bare>[{NUMERALS}])(?=\s))\s*"
)
_HINT = re.compile("[情告题述项概诉措申表]")
_CONTENTS = re.compile(r"[.…·．。]{2,}\s*\d{1,3}\s*$|\t\d{1,3}\s*$")
MAX_HEADING = 42
MIN_HEADING = 5
MAX_CANDIDATES = 120  # a page with more lines like headings is a list; the best of them are weighed
MIN_SCORE = 2.0  # of a heading that stands by itself, without its neighbours' order to speak for it
SURE = 4.0  # a whole heading with its own numeral

FORMS: dict[bool, tuple[Heading, ...]] = {False: HEADINGS.current, True: HEADINGS.pre2019}
"""The headings of the form since 2019 (False) and of the form before (True)."""


@dataclass(slots=True)
class Candidate:
    """A line that may be a heading, its first `cut` characters at least (`cut_plain` of the normal form)."""

    line: int
    key: int  # index into the form's headings
    score: float
    cut: int
    cut_plain: int


def choose(lines: Sequence[Line], *, has_tables: bool) -> tuple[list[Candidate], bool]:
    """The headings in the order of the text, and whether they are of the form before 2019."""
    best = _best(lines)
    if has_tables:
        return best, False
    old = _in_any_order(lines)
    marked = any(
        mark in bare(lines[candidate.line].plain[: MAX_HEADING * 2])
        for candidate in old
        for mark in HEADINGS.pre2019_marks
    )
    return (old, True) if marked and len(old) >= max(3, len(best)) else (best, False)


def numeral_of(heading: str) -> int | None:
    """The number that a heading bears in Chinese numerals, None where it bears none."""
    match = _ENUMERATED.match(heading)
    numeral = (match["numeral"] or match["part"] or match["bare"]) if match else None
    return NUMERALS.find(numeral) + 1 if numeral is not None else None


def opens_again(line: Line, *, old: bool) -> bool:
    """Whether a line behind the last section is the first heading once more."""
    return not line.in_grid and any(key == 0 and score > SURE for key, score, _ in _scored_of(line, old=old))


def surely_heads(line: Line) -> int | None:
    """The section that a line is the whole heading of, with its own numeral; None where it is none."""
    if line.in_grid or len(line.plain) > MAX_HEADING:
        return None
    return next((key for key, score, _ in _scored_of(line, old=False) if score > SURE), None)


def _best(lines: Sequence[Line]) -> list[Candidate]:
    """The increasing sequence of candidates with the highest score; of equals the earlier.

    Neighbours without text between them lose (a table of contents), and so does a pair with the same heading
    once more between its parts (half of a contents list, half of a body; half of each of two copies).
    """
    candidates = [
        candidate
        for at, line in enumerate(lines)
        if not (line.in_grid and len(line.plain) < MIN_HEADING)
        if (scored := _scored_of(line, old=False))
        for candidate in _candidates(at, line, scored)
    ]
    if len(candidates) > MAX_CANDIDATES:
        candidates = sorted(candidates, key=lambda c: -c.score)[:MAX_CANDIDATES]
        candidates.sort(key=lambda c: c.line)
    chains: list[tuple[float, list[Candidate]]] = []
    for at, candidate in enumerate(candidates):
        best_score, best_chain = candidate.score, [candidate]
        for before in range(at):
            last = candidates[before]
            if last.key < candidate.key and last.line < candidate.line:
                score, chain = chains[before]
                total = score + candidate.score - _strain(candidates[before : at + 1])
                if total > best_score + 1e-9:
                    best_score, best_chain = total, [*chain, candidate]
        chains.append((best_score, best_chain))
    return max(chains, key=lambda item: round(item[0], 6))[1] if chains else []


def _strain(between: Sequence[Candidate]) -> float:
    """What speaks against the first and the last of these being neighbours in one body."""
    first, last = between[0], between[-1]
    strain = 1.5 if last.line - first.line <= 1 else 0.0
    for other in between[1:-1]:
        again = (other.key == first.key and other.score >= first.score - 0.5) or (
            other.key == last.key and other.score >= last.score - 0.5
        )
        if again and other.line not in (first.line, last.line):
            return strain + 1.5
    return strain


def _in_any_order(lines: Sequence[Line]) -> list[Candidate]:
    """The best candidate of each heading, in the order of the text: the old form left the order open."""
    best: dict[int, Candidate] = {}
    for at, line in enumerate(lines):
        if line.in_grid and len(line.plain) < MIN_HEADING:
            continue
        found = [c for c in _candidates(at, line, _scored_of(line, old=True)) if c.score > MIN_SCORE]
        if not found:
            continue
        candidate = max(found, key=lambda c: c.score)
        if candidate.key not in best or candidate.score > best[candidate.key].score + 1:
            best[candidate.key] = candidate
    return sorted(best.values(), key=lambda c: c.line)


Scored = tuple[tuple[int, float, int], ...]
"""(key, score, characters that are the heading) for each heading that the line may be."""


def _candidates(at: int, line: Line, scored: Scored) -> Iterator[Candidate]:
    for key, score, cut in scored:
        yield Candidate(at, key, score, _same_cut(line, cut), cut)


def _scored_of(line: Line, *, old: bool) -> Scored:
    score = _scored if len(line.plain) <= MAX_HEADING * 2 else _score
    return score(line.plain, line.in_grid, old)


def _score(plain: str, in_grid: bool, old: bool) -> Scored:
    head = plain[:90]
    if _HINT.search(head) is None or _CONTENTS.search(head) is not None:
        return ()
    match = _ENUMERATED.match(head)
    start = match.end() if match else 0
    body = plain[start:]
    alone = len(body) <= MAX_HEADING and not body.rstrip("：:").endswith(("。", "；", "，"))
    label = bare(body[:120])
    found: list[tuple[int, float, int]] = []
    for key, heading in enumerate(FORMS[old]):
        weight = _enumerator_weight(match, key)
        if in_grid and weight < 1:
            continue
        if alone and label in heading.exact:
            found.append((key, 3 + weight, len(plain)))
        elif alone and heading.matches(label):
            found.append((key, 2 + weight, len(plain)))
        elif weight >= 2 and len(label) > 3:
            cut = _running_on(plain, start, heading)
            if cut is not None:
                found.append((key, 1.5 + weight, cut))
    return tuple(found)


_scored = lru_cache(maxsize=8192)(_score)


def _enumerator_weight(match: re.Match[str] | None, key: int) -> float:
    """How much the enumerator speaks for section number `key`."""
    if match is None:
        return 0.5
    if match["bracket"]:
        return -2.5
    numeral = match["numeral"] or match["part"] or match["bare"]
    if numeral is not None:
        return 2.0 if NUMERALS.find(numeral) == key and len(numeral) == 1 else 0.8
    return 1.0 if match["arabic"] == str(key + 1) else -0.5


def _running_on(plain: str, start: int, heading: Heading) -> int | None:
    """Where a heading that runs on into its text ends: after the longest whole variant."""
    best: int | None = None
    longest = 0
    for variant in heading.exact:
        if len(variant) > longest:
            end = _match_bare(plain, start, variant)
            if end is not None:
                best, longest = end, len(variant)
    return best


def _match_bare(plain: str, start: int, variant: str) -> int | None:
    at = start
    for wanted in variant:
        while at < len(plain) and not bare(plain[at]):
            at += 1
        if at >= len(plain) or plain[at] != wanted:
            return None
        at += 1
    while at < len(plain) and plain[at] in " \u3000：:。.*":
        at += 1
    return at


def _same_cut(line: Line, cut_plain: int) -> int:
    """The cut in the text as served; both forms are equal unless the text was normalised."""
    if line.text == line.plain:
        return cut_plain
    wanted = len(compact(line.plain[:cut_plain]))
    share = len(line.text) * wanted // max(len(compact(line.plain)), 1)
    return min(len(line.text), share)
