"""Which report is whose, of which year: versions sorted into slots (publisher × report year).

A page and its attachments are one family: which of them carries the report is decided by content. The
register settles hints here, so that a rebuild after a change of the register needs no new reading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from archive.audit.holdings import GONE, Holdings, Sighting, VersionRow
from archive.audit.titles import body_in
from archive.register import Register

_RANK = {"report": 0, "candidate": 1}


@dataclass(frozen=True, slots=True)
class Seen:
    """A capture together with the version it shows; 304 shows what was there before."""

    sighting: Sighting
    version: VersionRow


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose a version is, and how that was found."""

    publisher: str | None
    how: str
    unclear: bool


@dataclass
class Family:
    """A page with its attachments, over time."""

    page: str
    seen: list[Seen] = field(default_factory=list)  # by moment
    sightings: list[Sighting] = field(default_factory=list)  # failed ones included

    @property
    def url(self) -> str:
        """The page's address, or the attachment's where its page was never captured."""
        own = [s.url for s in self.sightings if s.document == self.page]
        return (own or [s.url for s in self.sightings])[0]


Member = tuple[Family, Seen, Attribution]
"""A capture that belongs to a slot, with its family and how it was told whose it is."""


@dataclass(frozen=True)
class Slot:
    """All that belongs to one publisher and report year: the captures by family."""

    publisher: str
    report_year: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Stray:
    """A report or candidate whose publisher or year nobody could tell."""

    county: str | None
    url: str
    title: str | None
    report_year: int | None
    publisher_name: str | None
    candidates: tuple[str, ...]
    version: str
    kind: str


def families(holdings: Holdings) -> list[Family]:
    """Every family, by page. A revalidated capture (304) shows the version last seen under its address."""
    found: dict[str, Family] = {}
    last: dict[str, str] = {}
    for sighting in holdings.sightings:
        family = found.setdefault(sighting.page, Family(sighting.page))
        family.sightings.append(sighting)
        version = sighting.version
        if sighting.status == 304:
            version = last.get(sighting.document)
        if version is None or version not in holdings.versions:
            continue
        last[sighting.document] = version
        family.seen.append(Seen(sighting, holdings.versions[version]))
    return [found[page] for page in sorted(found)]


def sort_into_slots(holdings: Holdings, register: Register) -> tuple[list[Slot], list[Stray]]:
    """Slots by publisher and year, and what fits none."""
    slots: dict[tuple[str, int], list[Member]] = defaultdict(list)
    strays: dict[str, Stray] = {}
    for family in families(holdings):
        kinds = {seen.version.kind for seen in family.seen}
        wanted = "report" if "report" in kinds else "candidate"  # a title page beside its report says nothing
        for seen in family.seen:
            if seen.version.kind != wanted:
                continue
            whose = _attribute(family, seen, holdings, register)
            year = _year(family, seen)
            if whose.publisher is not None and year is not None:
                slots[whose.publisher, year].append((family, seen, whose))
            else:
                strays[seen.version.version] = _stray(seen, year, holdings, register)
    ordered = [Slot(code, year, tuple(slots[code, year])) for code, year in sorted(slots)]
    return ordered, [strays[version] for version in sorted(strays)]


def best(members: Sequence[Member]) -> Member:
    """The family member whose numbers count: a report before a title alone, the fullest, the one seen first.

    Of the document so chosen the latest content counts.
    """
    chosen = min(
        members,
        key=lambda m: (
            _RANK[m[1].version.kind],
            -m[1].version.n_cells,
            m[1].sighting.moment,
            m[1].sighting.url,
        ),
    )
    document = chosen[1].sighting.document
    kind = chosen[1].version.kind
    same = [m for m in members if m[1].sighting.document == document and m[1].version.kind == kind]
    return max(same, key=lambda m: m[1].sighting.moment)


def first_gone(family: Family, document: str, versions: AbstractSet[str]) -> Sighting | None:
    """The capture from which on a document showed these versions no more; None while it does.

    Gone is an answer of 404 or 410, and other content at the same address: a page "not found" sent with 200,
    or the report of another year. A failed attempt says nothing.
    """
    shown = {seen.sighting.record_id: seen.version.version for seen in family.seen}
    gone: Sighting | None = None
    for sighting in family.sightings:
        if sighting.document != document:
            continue
        version = shown.get(sighting.record_id)
        if version in versions:
            gone = None
        elif gone is None and (version is not None or sighting.status in GONE):
            gone = sighting
    return gone


def _attribute(family: Family, seen: Seen, holdings: Holdings, register: Register) -> Attribution:
    """The version's own word, the name it prints read within the portal's county, its page's, the list's."""
    version, unclear = seen.version, seen.version.publisher_unclear
    told = "；".join(version.publisher_reasons)
    if version.publisher is not None:
        return Attribution(version.publisher, told, unclear)
    county = holdings.portal_county.get(seen.sighting.portal or "")
    if version.publisher_name and not unclear and county:
        named = register.match(version.publisher_name, county)
        if named.publisher is not None:
            return Attribution(
                named.publisher.code, f"{told}；依门户所属县区 within the portal's county", unclear
            )
    if seen.sighting.document != family.page:
        pages = [other for other in family.seen if other.sighting.document == family.page]
        page = _attribute(family, pages[-1], holdings, register) if pages else None
        if page is not None and page.publisher is not None:
            return Attribution(page.publisher, "依所在页面 as the page says", page.unclear)
    hint = seen.sighting.publisher_hint
    listed = register.match(hint, county) if hint else None
    if listed is not None and listed.publisher is not None:
        return Attribution(listed.publisher.code, f"依列表或栏目 as the list says: {hint}", unclear)
    title = body_in(seen.sighting.list_title or "")
    titled = register.match(title, county) if title and county else None
    if titled is not None and titled.publisher is not None:
        return Attribution(titled.publisher.code, f"依列表标题 as the list's title says: {title}", unclear)
    return Attribution(None, told, unclear)


def _year(family: Family, seen: Seen) -> int | None:
    """The version's own year, else the page's."""
    if seen.version.report_year is not None:
        return seen.version.report_year
    for other in reversed(family.seen):
        if other.sighting.document == family.page:
            return other.version.report_year or other.version.title_year
    return None


def _stray(seen: Seen, year: int | None, holdings: Holdings, register: Register) -> Stray:
    county = holdings.portal_county.get(seen.sighting.portal or "")
    name = seen.version.publisher_name
    candidates = register.match(name, county).candidates if name else ()
    return Stray(
        county=county,
        url=seen.sighting.url,
        title=seen.version.title or seen.sighting.list_title,
        report_year=year,
        publisher_name=name,
        candidates=tuple(body.code for body in candidates),
        version=seen.version.version,
        kind=seen.version.kind,
    )
