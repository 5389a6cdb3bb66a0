"""similarity: who copies from last year or from a neighbour (practice.md §4.2).

Compared are the sections that a body words itself, without blanks, marks, numbers and its own name: the share
of runs of `RUN` characters that two texts have in common (Jaccard). 1 is the same text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain

from archive.export.model import KEY, Row, Table, columns
from archive.export.source import Held, Source

SIMILARITY = columns(
    KEY + "n_chars:integer prior_year:integer similarity_prior:number nearest_publisher_code"
    " nearest_publisher:text similarity_nearest:number n_compared:integer version"
)
RUN = 5
OWN_WORDS = ("overall", "problems_improvements", "other_matters")
_MASKED = re.compile(r"[\W_]|[\d零〇一二三四五六七八九十百千万两]+(?=[年月日件条次项个份人篇期万元%％])|\d")
_ENDINGS = re.compile(r"(?:人民政府)?(?:办事处|办公室)?$")
LEAST = 100  # characters: less is no text to compare


def similarity(source: Source) -> Table:
    """A row a report with words enough: against its own Y−1, and its nearest in county and year."""
    texts = {(h.publisher.code, h.year): text for h in source.held if len(text := own_text(h)) >= LEAST}
    runs = {key: runs_of(text) for key, text in texts.items()}
    groups: dict[tuple[str, int], list[Held]] = defaultdict(list)
    for held in source.held:
        if (held.publisher.code, held.year) in runs:
            groups[held.county.code, held.year].append(held)
    nearest = {key: near for group in groups.values() for key, near in _nearest(group, runs).items()}
    rows = [
        _row(held, nearest.get((held.publisher.code, held.year)), runs)
        | {
            "n_chars": len(texts[held.publisher.code, held.year]),
            "n_compared": len(groups[held.county.code, held.year]) - 1,
        }
        for held in source.held
        if (held.publisher.code, held.year) in runs
    ]
    return Table("similarity", SIMILARITY, rows)


def _nearest(
    group: list[Held], runs: Mapping[tuple[str, int], frozenset[str]]
) -> dict[tuple[str, int], tuple[float, Held]]:
    """For each report of a county and year the one most like it, the first of equals; each pair held once."""
    found: dict[tuple[str, int], tuple[float, Held]] = {}
    for at, one in enumerate(group):
        mine = runs[one.publisher.code, one.year]
        for other in group[at + 1 :]:
            score = alike(mine, runs[other.publisher.code, other.year])
            for held, near in ((one, other), (other, one)):
                key = held.publisher.code, held.year
                if key not in found or score > found[key][0]:
                    found[key] = score, near
    return found


def own_text(held: Held) -> str:
    """What the body words itself, masked."""
    sections = {section["key"]: section["text"] for section in held.sections}
    return masked(sections, (held.publisher.official_name, held.county.name))


def masked(sections: Mapping[str, str], names: Iterable[str]) -> str:
    """The sections that a body words itself, without blanks, marks, numbers and these names."""
    text = "".join(text for key, text in sections.items() if key in OWN_WORDS)
    for name in names:
        for word in (name, _ENDINGS.sub("", name)):
            text = text.replace(word, "") if len(word) > 1 else text
    return _MASKED.sub("", text)


def runs_of(text: str) -> frozenset[str]:
    """Every run of RUN characters."""
    return frozenset([text[at : at + RUN] for at in range(len(text) - RUN + 1)])


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard, to four places."""
    shared = len(one & other)
    whole = len(one) + len(other) - shared
    return round(shared / whole, 4) if whole else 0.0


def twins(runs: Mapping[str, frozenset[str]], least: float) -> dict[str, tuple[str, float]]:
    """Texts that are alike by `least` or more, each with its nearest; keys are any names.

    Two such texts have a run in common among the rarest of each, as many as they may differ in (prefix
    filter): texts that share none of those are not compared, and a county of a hundred bodies takes no time.
    """
    frequency = Counter(chain.from_iterable(runs.values()))
    holders: dict[str, list[str]] = defaultdict(list)
    found: dict[str, tuple[str, float]] = {}
    for name, text in sorted(runs.items()):
        shared = [run for run in text if frequency[run] > 1]
        left = int(len(text) * (1 - least)) + 1 - (len(text) - len(shared))
        if left <= 0:
            continue  # the rarest are in no other text
        rarest = sorted(shared, key=lambda run: (frequency[run], run))[:left]
        for other in sorted({other for run in rarest for other in holders[run]}):
            score = alike(text, runs[other])
            for one, two in ((name, other), (other, name)):
                if score >= least and score > found.get(one, ("", 0.0))[1]:
                    found[one] = (two, score)
        for run in rarest:
            holders[run].append(name)
    return found


def _row(
    held: Held, nearest: tuple[float, Held] | None, runs: Mapping[tuple[str, int], frozenset[str]]
) -> Row:
    mine = runs[held.publisher.code, held.year]
    prior = runs.get((held.publisher.code, held.year - 1))
    return {
        **held.key,
        "prior_year": held.year - 1 if prior is not None else None,
        "similarity_prior": alike(mine, prior) if prior is not None else None,
        "nearest_publisher_code": nearest[1].publisher.code if nearest else None,
        "nearest_publisher": nearest[1].publisher.official_name if nearest else None,
        "similarity_nearest": nearest[0] if nearest else None,
        "version": held.version["version"],
    }
