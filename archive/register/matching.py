"""From a printed name to a body of the register, with the reason in words.

The order is: the official name, an alias of the body (data, with its reason), the shortened forms of
`data/name_rules.yml` (county prefix left out, 人民政府 or 办事处 left out, the office signing for its
township, 乡 for 民族乡). Nothing is guessed by likeness: a misread character is matched through an alias or
not at all. Names are expected in simplified characters; extract sees to that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from archive.register.model import Alias, County, Publisher, PublisherKind


@dataclass(frozen=True, slots=True)
class Match:
    """The outcome. `publisher` is None where the register knows nobody of that name or leaves a choice.

    `how` ∈ code, official_name, alias, short_form, ethnic_short_form, ambiguous, unknown. `correction` is set
    where the printed name is wrong and an alias says why it is read so.
    """

    publisher: Publisher | None
    candidates: tuple[Publisher, ...]
    how: str
    reason: str
    correction: str | None = None


class Ending(BaseModel):
    """An ending that may be left out, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    reason: str


class NameRules(BaseModel):
    """The table of `data/name_rules.yml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    endings: tuple[Ending, ...]
    subdistrict_endings: tuple[str, ...]
    county_government_forms: tuple[str, ...]
    county_office_forms: tuple[str, ...]
    nationalities: tuple[str, ...]


@cache
def name_rules() -> NameRules:
    """The rules, read once."""
    path = Path(__file__).parent / "data" / "name_rules.yml"
    return NameRules.model_validate(yaml.safe_load(path.read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class _Named:
    """One way to write one body."""

    publisher: Publisher
    how: str
    reason: str
    correction: str | None = None


@dataclass(frozen=True, slots=True)
class _Prefix:
    """One way to write a county before a body's name; `weak` without its unit (某某 for 某某市)."""

    text: str
    county_code: str
    correction: str | None
    reason: str = ""  # where it is not the county's own name: why it is read so
    weak: bool = False


_STRENGTH = {"official_name": 0, "alias": 1, "short_form": 2, "ethnic_short_form": 3}
_UNIT_LETTERS = "市县区旗"
_TRAILING_BRACKET = re.compile(r"\([^()]*\)$")  # 某局(某办公室): 加挂牌子, or which of its offices signed
_MIN_STEM = 2


def is_government_office(publisher: Publisher) -> bool:
    """Whether a body is its government's own office, which often signs for all of it (practice.md §1.5)."""
    return publisher.official_name.endswith(name_rules().county_office_forms[0])


def normalise(name: str) -> str:
    """Half-width forms (NFKC), no white space, no quotes around, brackets as ()."""
    compact = re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", name))
    return compact.strip("“”\"'《》:;,.。、")


def shorten(name: str) -> tuple[str, str]:
    """A name without its ending, and the reason (empty: nothing was left out)."""
    for ending in name_rules().endings:
        if name.endswith(ending.text) and len(name) - len(ending.text) >= _MIN_STEM:
            return _without_office(name.removesuffix(ending.text)), ending.reason
    stem = _without_office(name)
    return stem, "" if stem == name else "省略“办事处” without 办事处"


def _without_office(name: str) -> str:
    for ending in name_rules().subdistrict_endings:
        if name.endswith("街道" + ending):
            return name.removesuffix(ending)
    return name


@cache
def _ethnic() -> re.Pattern[str]:
    names = "|".join(sorted(name_rules().nationalities, key=len, reverse=True))
    return re.compile(rf"^(?P<place>.{{2,}}?)(?:(?:{names})族?)+(?:民族)?(?P<unit>乡|镇)$")


@cache
def _autonomous() -> re.Pattern[str]:
    names = "|".join(sorted(name_rules().nationalities, key=len, reverse=True))
    return re.compile(rf"^(?P<place>.+?)(?:(?:{names})族?)*自治(?P<unit>区|州)$")


def ethnic_short(stem: str) -> str | None:
    """`某某哈萨克民族乡` → `某某乡`; None where the name tells no nationality."""
    if "族" not in stem:
        return None
    found = _ethnic().match(stem)
    return None if found is None else found["place"] + found["unit"]


class NameIndex:
    """Every way the register knows to write its bodies, by county."""

    def __init__(self, counties: Iterable[County], publishers: Iterable[Publisher]) -> None:
        self._counties = {county.code: county for county in counties}
        self._prefixes = _prefixes(self._counties.values())
        self._own: dict[str, list[str]] = {}  # of each county, how a name of its bodies may begin
        for row in self._prefixes:
            if not row.weak:
                self._own.setdefault(row.county_code, []).append(row.text)
        self._names: dict[str, dict[str, list[_Named]]] = {}
        for publisher in publishers:
            self._add(publisher)

    def match(self, name: str, county_code: str | None = None) -> Match:
        """The body meant by `name`; `county_code` limits the search and settles what the name leaves open.

        A county's full name inside `name` limits it too; where both are given and disagree nobody is matched.
        """
        plain = normalise(name)
        if len(plain) < _MIN_STEM:
            return Match(None, (), "unknown", "名称为空 no name")
        match = self._match(plain, county_code)
        main = _TRAILING_BRACKET.sub("", plain)
        if match.how != "unknown" or len(main) < _MIN_STEM or main == plain:
            return match
        without = self._match(main, county_code)
        return without if without.how != "unknown" else match

    def _match(self, plain: str, county_code: str | None) -> Match:
        prefix, named = self._prefix_of(plain)
        if prefix is None:
            scope = [county_code] if county_code else list(self._names)
            return _decide(self._search(scope, plain, plain), plain, None)
        if county_code and county_code not in named and not prefix.weak:
            labels = "、".join(self._counties[code].name for code in named)
            return Match(None, (), "unknown", f"名称指向其他县区 the name tells another county: {labels}")
        scope = [county_code] if county_code else list(named)
        found = self._search(scope, plain, plain.removeprefix(prefix.text))
        if not found and prefix.weak and not county_code:
            found = self._search(list(self._names), plain, plain)
        match = _decide(found, plain, prefix.correction)
        if prefix.reason and match.publisher is not None:
            return replace(match, reason=f"县区旧称或别称 county: {prefix.reason}；{match.reason}")
        return match

    def _add(self, publisher: Publisher) -> None:
        county = self._counties[publisher.county_code]
        names = self._names.setdefault(county.code, {})
        official = normalise(publisher.official_name)
        ways = [(official, _Named(publisher, "official_name", "法定全称 official name"))]
        for text, how, reason, correction in _alias_rows(publisher):
            ways.append((text, _Named(publisher, how, reason, correction)))
        for text, way in ways:
            names.setdefault(text, []).append(way)
            begin = next((own for own in self._own[county.code] if text.startswith(own)), "")
            short = text.removeprefix(begin) or text
            self._add_short(names, short, way, office=official)

    @staticmethod
    def _add_short(names: dict[str, list[_Named]], short: str, way: _Named, office: str) -> None:
        publisher, correction = way.publisher, way.correction
        rules = name_rules()
        how = "alias" if way.how == "alias" else "short_form"
        if publisher.kind is PublisherKind.COUNTY_GOVERNMENT:
            own = short.removesuffix(rules.county_government_forms[0])
            forms: Iterable[str] = {*rules.county_government_forms, short, own + "政府"}
        elif office.endswith(rules.county_office_forms[0]):
            forms = rules.county_office_forms
        else:
            stem, _ = shorten(short)
            forms = {short, stem}
            ethnic = ethnic_short(stem)
            if ethnic is not None:
                reason = "“乡”即“民族乡” the nationality left out"
                names.setdefault(ethnic, []).append(
                    _Named(publisher, "ethnic_short_form", reason, correction)
                )
        reason = way.reason if way.how == "alias" else "省略县区名 without the county's name"
        for form in sorted(forms):
            names.setdefault(form, []).append(_Named(publisher, how, reason, correction))

    def _prefix_of(self, plain: str) -> tuple[_Prefix | None, tuple[str, ...]]:
        """The longest county prefix of the name, and every county it can stand for."""
        for prefix in self._prefixes:
            if plain.startswith(prefix.text) and len(plain) > len(prefix.text):
                return prefix, tuple(p.county_code for p in self._prefixes if p.text == prefix.text)
        return None, ()

    def _search(self, scope: list[str], plain: str, rest: str) -> list[_Named]:
        """The strongest ways found; a weaker form is looked up only where a stronger finds nobody."""
        for form, reason in _forms(plain, rest):
            found = [way for code in scope for way in self._names.get(code, {}).get(form, ())]
            if found:
                best = min(_STRENGTH[way.how] for way in found)
                return [_explain(way, reason) for way in found if _STRENGTH[way.how] == best]
        return []


def _forms(plain: str, rest: str) -> Iterable[tuple[str, str]]:
    """The forms to look up, from the name as printed to its shortest, each with the reason."""
    yield plain, ""
    if rest != plain:
        yield rest, ""
    bodies = [rest] if rest == plain else [rest, plain]
    if rest.startswith("人民政府") and len(rest) > len("人民政府") + 1:
        bodies.append(rest.removeprefix("人民政府"))  # 某市人民政府某街道办事处
    if rest == plain and plain[0] in _UNIT_LETTERS:
        bodies.append(plain[1:])  # 市政府, 县某局
    for body in bodies:
        stem, reason = shorten(body)
        yield body, ""
        yield stem, reason
        ethnic = ethnic_short(stem)
        if ethnic is not None:
            yield ethnic, "“族乡”即“民族乡” the nationality written otherwise"


def _alias_rows(publisher: Publisher) -> Iterable[tuple[str, str, str, str | None]]:
    for alias in publisher.aliases:
        yield normalise(alias.name), "alias", alias.reason, alias.reason if alias.misreading else None


def _explain(way: _Named, reason: str) -> _Named:
    if not reason or way.how in {"official_name", "alias"}:
        return way
    return _Named(way.publisher, way.how, reason, way.correction)


def _prefixes(counties: Iterable[County]) -> list[_Prefix]:
    """Every way to write province, prefecture and county before a name, longest first."""
    rows: list[_Prefix] = []
    for county in counties:
        provinces, prefectures = _higher_forms(county.province), _higher_forms(county.prefecture)
        higher = {province + prefecture for province in provinces for prefecture in prefectures}
        own = Alias(name=county.name, reason="县区名 name")
        for alias in (own, *county.aliases):
            correction = alias.reason if alias.misreading else None
            reason = "" if alias is own else alias.reason
            rows += [_Prefix(up + alias.name, county.code, correction, reason) for up in sorted(higher)]
        if len(county.name) > _MIN_STEM and county.name[-1] in _UNIT_LETTERS:
            rows.append(_Prefix(county.name[:-1], county.code, None, weak=True))
    return sorted(rows, key=lambda row: (-len(row.text), row.text, row.county_code))


def _higher_forms(name: str | None) -> set[str]:
    """A province or prefecture as it may stand before a county, nothing included: 某某回族自治州, 某某州."""
    if not name:
        return {""}
    found = _autonomous().match(name)
    if found is None:
        return {"", name, re.sub(r"(?:省|市|地区|盟)$", "", name)}
    short = found["place"] + ("州" if found["unit"] == "州" else "")
    return {"", name, short}


def _decide(found: list[_Named], plain: str, county_correction: str | None) -> Match:
    bodies = {way.publisher.code: way.publisher for way in found}
    if not bodies:
        return Match(None, (), "unknown", f"名录中无此名称 not in the register: {plain}")
    candidates = tuple(bodies[code] for code in sorted(bodies))
    listed = tuple(body for body in candidates if body.expected)
    if len(listed) > 1 and any(way.how not in {"official_name", "alias"} for way in found):
        # 区政府 alone is today's government; of one that was merged into it only the full name speaks
        listed = tuple(body for body in listed if body.valid_until is None)
    if len(candidates) > 1 and len(listed) != 1:
        names = "、".join(body.official_name for body in candidates)
        return Match(None, candidates, "ambiguous", f"名称不唯一 more than one body: {names}")
    chosen = candidates[0] if len(candidates) == 1 else listed[0]  # the list that wins also settles a name
    way = next(way for way in found if way.publisher.code == chosen.code)
    return Match(chosen, candidates, way.how, way.reason, way.correction or county_correction)
