"""The register in memory: look-ups by code, county and name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from archive.register.matching import Match, NameIndex
from archive.register.model import County, Publisher


@dataclass(frozen=True)
class Register:
    """Who must publish. Made by `load_register`; never changed afterwards."""

    counties: Mapping[str, County]
    publishers: tuple[Publisher, ...]  # by code
    names: NameIndex = field(repr=False)

    @cached_property
    def _by_code(self) -> dict[str, Publisher]:
        return {publisher.code: publisher for publisher in self.publishers}

    @cached_property
    def _by_county(self) -> dict[str, tuple[Publisher, ...]]:
        groups: dict[str, list[Publisher]] = {}
        for publisher in self.publishers:
            groups.setdefault(publisher.county_code, []).append(publisher)
        return {code: tuple(group) for code, group in groups.items()}

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits over every entry: what was read with another register is read again."""
        digest = hashlib.sha256()
        for entry in (*self.counties.values(), *self.publishers):
            digest.update(entry.model_dump_json().encode() + b"\n")
        return digest.hexdigest()[:16]

    def by_code(self, code: str) -> Publisher | None:
        """The body of that code, None where the register has none."""
        return self._by_code.get(code)

    def of_county(self, county_code: str) -> tuple[Publisher, ...]:
        """Every body of a county, in the order of their codes."""
        return self._by_county.get(county_code, ())

    def county(self, code: str) -> County | None:
        """The county of that six-digit code."""
        return self.counties.get(code)

    def match(self, name: str, county_code: str | None = None, report_year: int | None = None) -> Match:
        """Who is meant by a printed name or a register code; see archive.register.matching.

        `report_year` settles between bodies of one name at different times.
        """
        publisher = self.by_code(name.strip())
        if publisher is not None:
            return Match(publisher, (publisher,), "code", "名录代码 register code")
        match = self.names.match(name, county_code)
        if match.publisher is None and report_year is not None:
            then = [body for body in match.candidates if body.valid_in(report_year)]
            if len(then) == 1:
                told = f"{report_year}年度仅此单位存续 the only one of that year"
                return Match(then[0], match.candidates, "official_name", told)
        return match
