"""N12: 同比增长12%, 较上年增加6件, worked out again from last year's report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from parser.across.figures import Figures, Number
from parser.across.judging import judged
from parser.across.words import ACROSS
from parser.findings import finding
from parser.soft.subject import Result

_CUT = Decimal("0.1")  # of a percentage point: cut instead of rounded
_COUNTERS = "件条宗份起项个"


@dataclass(frozen=True, slots=True)
class Claim:
    """A number of this year with the growth that is claimed for it; `share`: in percent."""

    value: Number
    growth: Decimal
    share: bool
    quote: str


def growth_checks(now: Figures, before: Figures) -> Result:
    """Every growth that the words claim and last year's report allows to work out."""
    results: Result = []
    for key, cells in ACROSS.growth.items():
        former = before.number(cells, key)
        if former is None:
            continue
        for claim in _claims(now, key):
            real = _real(claim, former)
            if real is None:
                continue
            told = finding(
                "N12",
                cells=[cell for cell in cells if cell in now.values],
                lhs=_plain(claim.growth, claim),
                rhs=_plain(round(real, 2), claim),
                before=former,
                quote=claim.quote,
            )
            sides = (float(claim.growth), float(round(real, 2)))
            relation = "growth in words = growth from Y-1"
            results.append(judged(f"N12.{key}", relation, sides, told, holds=_fits(claim, real)))
    return results


def _real(claim: Claim, former: Number) -> Decimal | None:
    """The growth from last year's number; None for a share of nothing."""
    value, base = Decimal(str(claim.value)), Decimal(str(former))
    if not claim.share:
        return value - base
    return (value / base - 1) * 100 if base else None


def _fits(claim: Claim, real: Decimal) -> bool:
    """Rounded to the places that are written, or cut there."""
    if real.quantize(claim.growth) == claim.growth:
        return True
    return claim.share and abs(real - claim.growth) < max(_CUT, Decimal(1).scaleb(_places(claim.growth)))


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # never NaN: it was read from digits
    return exponent


def _plain(number: Decimal, claim: Claim) -> str:
    return f"{number.normalize():f}{'%' if claim.share else ''}"


def _claims(now: Figures, key: str) -> Iterator[Claim]:
    """Right behind a number that the words tell; percentage points are shares of shares, left alone."""
    text = "".join(now.text.split())
    for fact in now.facts:
        quote = "".join(fact.quote.split())
        if fact.key != key or fact.approximate or quote not in text:
            continue
        behind = text[text.index(quote) :].partition(str(fact.value))[2].lstrip(_COUNTERS)
        claim = ACROSS.growth_words.match(behind)
        if claim is None:
            continue
        share = claim["unit"] in ACROSS.growth_percent
        if share or claim["unit"] in ACROSS.growth_counts:
            sign = 1 if claim["way"] in ACROSS.growth_up else -1
            yield Claim(fact.value, sign * Decimal(claim["n"]), share, f"{fact.value}{claim.group()}")
