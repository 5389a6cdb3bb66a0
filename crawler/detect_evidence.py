"""Which platform drew a site, by what its fetched pages show; each piece of evidence names its page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.guard import normal_host
from crawler.platforms import PLATFORMS
from crawler.platforms.generic import Generic
from crawler.platforms.generic_page import links_of
from crawler.platforms.generic_words import marks_in
from crawler.platforms.page import Page
from crawler.platforms.rows import parse_html

NAMED = 3.0  # so much evidence names a platform; less is a hint
AHEAD = 1.0  # by so much the first must lead the second
SURE = 6.0
SIGN_WEIGHTS = (3.0, 3.0, 2.0)  # of an address's sign by its rank in the class; later ones count little
WEAK = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing seen that speaks for a platform, and on which page."""

    platform: str
    reason: str
    weight: float
    page: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """The platform that the evidence names; `generic` where it names none."""

    platform: str
    confidence: str
    evidence: tuple[Evidence, ...]
    scores: tuple[tuple[str, float], ...]


def evidence_on(page: Page) -> list[Evidence]:
    """Marks in the markup, and signs in the address of the page and of its links on the same site."""
    found = [Evidence(mark.platform, mark.reason, mark.weight, page.url) for mark in marks_in(page.text)]
    host = _site(page.url)
    shapes = [_shape(page.url)]
    shapes += [
        _shape(link.url) for link in links_of(parse_html(page.text), page.url) if _site(link.url) == host
    ]
    for platform in PLATFORMS.values():
        if platform is Generic:
            continue
        left = shapes
        for rank, sign in enumerate(platform.signs):
            hits = [shape for shape in left if sign.pattern.search(shape)]
            left = [shape for shape in left if shape not in set(hits)]
            if hits:
                weight = SIGN_WEIGHTS[rank] if rank < len(SIGN_WEIGHTS) else WEAK
                weak = len(sign.pattern.pattern) < 12  # an ending alone, such as .htm
                found.append(
                    Evidence(platform.name, sign.reason, WEAK if weak else weight, page.url, len(hits))
                )
    return found


def weigh(evidence: Iterable[Evidence]) -> Verdict:
    """The platform with most evidence. What is seen on several pages counts once."""
    evidence = tuple(evidence)
    best: dict[tuple[str, str], float] = {}
    for one in evidence:
        key = (one.platform, one.reason)
        best[key] = max(best.get(key, 0.0), one.weight)
    scores: dict[str, float] = defaultdict(float)
    for (platform, _), weight in best.items():
        scores[platform] += weight
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    first = ranked[0] if ranked else ("", 0.0)
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    if first[1] < NAMED or first[1] - second < AHEAD:
        return Verdict(Generic.name, "不明 unknown", evidence, tuple(ranked))
    sure = first[1] >= SURE and first[1] - second >= NAMED
    return Verdict(first[0], "确定 sure" if sure else "很可能 likely", evidence, tuple(ranked))


def _site(url: str) -> str:
    return normal_host(urlsplit(url).hostname or "").removeprefix("www.")


def _shape(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
