"""Whose report it is: clues in the order of practice.md §1.6, resolved by the register.

The title and what the body says of itself decide; 发布机构 and 来源 are often the poster and only help out.
Two strong sources that name different bodies make the attribution unclear. What the register does not know
keeps its printed name without a code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.register import Match, Publisher, Register
from archive.register.matching import is_government_office
from extract.blocks import block_text
from extract.clues import STRONG, Clue, collect, ends_as_organ
from extract.data_tables import organs
from extract.misreading import misread
from extract.normal import Normaliser
from extract.reading import Reading
from parser.document import Block, Finding, PublisherRef, Severity, Source
from parser.years import title_year

HEAD_TEXT = 6_000  # characters in which the county is looked for
MIN_WHOLE_AREA = 3
MIN_SPOKEN = 2  # times a body must call itself 我乡 to be one
_SOURCES = {
    "hint": "栏目 list or column",
    "title": "题名 title",
    "signature": "落款 signature",
    "stated": "正文所述编制单位 stated in the text",
    "contact": "联系单位 contact",
    "opening": "正文自称 self-name",
    "heading": "文首署名 head of the text",
    "publisher": "发布机构 publisher field",
    "origin": "来源 source field",
}


@dataclass(frozen=True)
class _Resolved:
    clue: Clue
    match: Match
    publisher: Publisher


def attribute(
    reading: Reading, blocks: Sequence[Block], normaliser: Normaliser, source: Source, register: Register
) -> tuple[PublisherRef | None, list[Finding]]:
    """The publisher, or None where nothing names one; and what is doubtful about it."""
    clues = collect(reading, blocks, normaliser, source)
    if not clues:
        return None, []
    text = normaliser.plain("\n".join(block_text(block) for block in blocks))
    county = _county(clues, text[:HEAD_TEXT], register, source.county_code)
    year = title_year(reading.title or source.list_title or "")
    resolved = [r for clue in clues if (r := _resolve(clue, county, register, year))]
    told = [text, reading.title or "", normaliser.plain(reading.around), *(c.name for c in clues)]
    evidence = "\n".join([*told, *(value.value for value in reading.metadata if value.value)])
    resolved = [r for r in resolved if _is_at_home(r, source) or _is_evident(r, evidence, register)]
    resolved = _not_against_title(clues, resolved)
    silent = [r for r in resolved if not _speaks_otherwise(r, text)]
    if resolved and not silent:
        return _poster_alone(resolved[0])
    resolved = silent
    if not resolved:
        return _unknown(clues, register)
    chosen = _choose(resolved, text, register)
    return _known(chosen, resolved, clues, register)


# --- with the register


def full_form(name: str) -> str:
    """A division's bare name as that of its government: 某镇 → 某镇人民政府."""
    if name.endswith(organs().zones):
        return name
    for division, organ in organs().divisions.items():
        if name.endswith(division) and len(name) > len(division):
            return name + organ
    return name


def _resolve(clue: Clue, county: str | None, register: Register, year: int | None) -> _Resolved | None:
    for name in dict.fromkeys((clue.name, full_form(clue.name))):
        for code in (county, None) if county else (None,):
            match = register.match(name, code, year)
            if match.publisher is not None:
                return _Resolved(clue, match, match.publisher)
    near = misread(full_form(clue.name), county, register) if clue.source in STRONG else None
    return _Resolved(clue, near, near.publisher) if near is not None and near.publisher is not None else None


def _speaks_otherwise(resolved: _Resolved, text: str) -> bool:
    """Whether a poster is of another kind than the body that speaks: 我乡 in what the county posted."""
    if resolved.clue.source in STRONG:
        return False
    word, kinds = max(organs().self_kinds.items(), key=lambda item: text.count(item[0]))
    return text.count(word) >= MIN_SPOKEN and resolved.publisher.kind.value not in kinds


def _is_at_home(resolved: _Resolved, source: Source) -> bool:
    """A portal is its county's: there a town's bare name is enough. Old captures name no county."""
    if source.county_code is None:
        return source.portal is not None
    return resolved.publisher.county_code == source.county_code


def _is_evident(resolved: _Resolved, evidence: str, register: Register) -> bool:
    """Whether the document speaks of the body's county: 城关镇 alone is a town of many counties."""
    if resolved.match.how == "code" or resolved.clue.name == resolved.publisher.official_name:
        return True
    county = register.county(resolved.publisher.county_code)
    if county is None:
        return False
    names = [county.name, *(alias.name for alias in county.aliases)]
    stem = county.name[:-1] if len(county.name) > 2 else county.name
    return any(name in evidence for name in (*names, stem))


def _not_against_title(clues: Sequence[Clue], resolved: list[_Resolved]) -> list[_Resolved]:
    """Where the title names a body that the register lacks, a poster it knows is not the publisher."""
    title = next((clue for clue in clues if clue.source == "title"), None)
    if title is None or any(r.clue.source == "title" for r in resolved):
        return resolved
    whole = full_form(title.name)
    if not ends_as_organ(whole):
        return resolved
    return [
        r
        for r in resolved
        if r.match.how == "code" or r.clue.source == "signature" or r.publisher.official_name.endswith(whole)
    ]


def _county(clues: Iterable[Clue], text: str, register: Register, portal: str | None) -> str | None:
    """The county that strong clues name, or the portal's, or the one that the text speaks of most."""
    for clue in clues:
        if clue.source not in STRONG:
            continue
        match = register.match(clue.name)
        if match.publisher is not None and match.how in {"code", "official_name"}:
            return match.publisher.county_code
        named = [c for c in register.counties.values() if clue.name.startswith(c.name)]
        if named:
            return max(named, key=lambda c: len(c.name)).code
    if portal is not None and register.county(portal) is not None:
        return portal
    told = Counter({code: text.count(county.name) for code, county in register.counties.items()})
    (best, n), *others = [*told.most_common(2), ("", 0)]
    return best if n and n > others[0][1] else None


def _choose(resolved: Sequence[_Resolved], text: str, register: Register) -> _Resolved:
    """The strongest; an office named by contact or signature alone may publish for its whole county."""
    order = ("title", "hint", "signature", "stated", "contact", "heading", "opening", "publisher", "origin")
    by_code = [r for r in resolved if r.clue.source == "hint" and r.match.how == "code"]
    ranked = sorted(resolved, key=lambda r: order.index(r.clue.source))
    best = ranked[0]
    if best.clue.source != "title" and by_code:
        return by_code[0]
    if best.clue.source == "title" or not is_government_office(best.publisher):
        return best
    if sum(text.count(word) for word in organs().whole_area) >= MIN_WHOLE_AREA:
        for body in register.of_county(best.publisher.county_code):
            if body.kind == "county_government":
                return _Resolved(best.clue, best.match, body)
    return best


def _agree(one: Publisher, other: Publisher) -> bool:
    """The same body, or a government and its own office: the office writes its government's report."""
    if one.code == other.code:
        return True
    pair = {one.kind.value, other.kind.value}
    office = is_government_office(one) or is_government_office(other)
    return one.county_code == other.county_code and office and "county_government" in pair


def _may_contradict(other: _Resolved, chosen: _Resolved) -> bool:
    """Whether a source is strong enough to put the choice in doubt. A contact may be a superior's office."""
    if other.clue.source == "hint":
        return other.match.how == "code"  # a name printed in a list is often the poster's
    if other.clue.source == "stated" and other.publisher.kind is chosen.publisher.kind:
        return True  # a neighbour's text; one of another kind may be whom the body answers to
    return other.clue.source in {"title", "signature"} or (
        other.clue.source in {"stated", "contact", "heading"} and chosen.clue.source not in {"title", "hint"}
    )


def _stranger_in_title(clues: Sequence[Clue], resolved: Sequence[_Resolved], body: Publisher) -> Clue | None:
    """A title that names a body unknown to the register, in a known one's column or over its signature."""
    title = next((clue for clue in clues if clue.source == "title"), None)
    if title is None or any(r.clue.source == "title" for r in resolved):
        return None
    whole = full_form(title.name)
    same = body.official_name.endswith(whole) or whole.endswith(body.official_name)
    return title if ends_as_organ(whole) and not same else None


def _known(
    chosen: _Resolved, resolved: Sequence[_Resolved], clues: Sequence[Clue], register: Register
) -> tuple[PublisherRef, list[Finding]]:
    body = chosen.publisher
    county = register.county(body.county_code)
    against = [r for r in resolved if _may_contradict(r, chosen) and not _agree(r.publisher, body)]
    findings: list[Finding] = []
    if against:
        told = "、".join(f"{_SOURCES[r.clue.source]}：{r.publisher.official_name}" for r in against)
        message = (
            f"单位线索矛盾：按{_SOURCES[chosen.clue.source]}为{body.official_name}，但{told} sources disagree"
        )
        findings.append(Finding("publisher_conflict", Severity.WARN, message, chosen.clue.locator))
    stranger = _stranger_in_title(clues, resolved, body)
    if stranger is not None:
        message = f"题名写的是“{stranger.name}”，栏目属{body.official_name} the title names another body"
        findings.append(Finding("publisher_conflict", Severity.WARN, message, stranger.locator))
    if chosen.match.correction:
        message = f"单位名称“{chosen.clue.name}”按名录更正为{body.official_name} corrected by the register"
        findings.append(Finding("publisher_corrected", Severity.INFO, message, chosen.clue.locator))
    reasons = tuple(
        f"{_SOURCES[r.clue.source]}“{r.clue.name}”：{r.match.reason}"
        for r in [chosen, *resolved]
        if r.publisher.code == body.code
    )
    return PublisherRef(
        name=body.official_name,
        code=body.code,
        kind=body.kind.value,
        county=county.name if county else None,
        county_code=body.county_code,
        prefecture=county.prefecture if county else None,
        province=county.province if county else None,
        name_raw=_printed(clues),
        reasons=tuple(dict.fromkeys(reasons)),
        correction=chosen.match.correction,
        unclear=bool(against) or stranger is not None,
    ), findings


# --- without the register


def _unknown(clues: Sequence[Clue], register: Register) -> tuple[PublisherRef, list[Finding]]:
    """The self-name as printed, made whole where the title gives a division alone."""
    clue, name = _printed_name(clues)
    message = f"名录中无“{name}”，按原文记名 not in the register, named as printed"
    finding = Finding("publisher_unknown", Severity.INFO, message, clue.locator)
    reason = f"{_SOURCES[clue.source]}“{clue.name}”"
    counties = [county for county in register.counties.values() if name.startswith(county.name)]
    county = max(counties, key=lambda c: len(c.name), default=None)
    return PublisherRef(
        name=name,
        county=county.name if county else None,
        county_code=county.code if county else None,
        prefecture=county.prefecture if county else None,
        province=county.province if county else None,
        name_raw=_printed(clues),
        reasons=(reason,),
    ), [finding]


def _poster_alone(poster: _Resolved) -> tuple[None, list[Finding]]:
    """Nothing names the body that speaks; the one that posted it is of another kind."""
    message = f"仅见发布者“{poster.clue.name}”，正文非其自述 the poster alone is named, and speaks not here"
    return None, [Finding("publisher_unknown", Severity.INFO, message, poster.clue.locator)]


def _printed_name(clues: Sequence[Clue]) -> tuple[Clue, str]:
    printed = [c for c in clues if c.source != "hint" or not c.name.isascii()] or list(clues)
    title = next((c for c in printed if c.source == "title"), None)
    if title is not None:
        longer = [c for c in printed if c.name.startswith(title.name) and ends_as_organ(c.name)]
        whole = full_form(title.name)
        # 某镇人民政府 in the title, 某县某镇人民政府办公室 below: the county's name belongs to the whole
        fuller = [
            (c, name[: name.index(whole) + len(whole)])
            for c in printed
            if whole in (name := full_form(c.name))
        ]
        best, name = max(fuller, key=lambda pair: len(pair[1]), default=(title, whole))
        if len(name) > len(whole):
            return best, name
        if whole == title.name and not ends_as_organ(title.name) and longer:
            return longer[0], longer[0].name
        return title, whole
    order = ("signature", "stated", "contact", "heading", "publisher", "hint", "origin", "opening")
    best = min(printed, key=lambda c: order.index(c.source))
    return best, full_form(best.name)


def _printed(clues: Iterable[Clue]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.name for c in clues if not c.name.isascii()))
