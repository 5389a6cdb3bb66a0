"""Where a portal file comes from, and whether anybody has looked: a list's word is no fact.

A file that `scrapy detect --register` made says where its rows came from. `checked` is the day on which its
portal was fetched and recognised as that county's (by detect), or on which a person looked; `evidence` says
what was seen. Without it the file is unverified: it is crawled only where it is named (`chosen_for_all`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Provenance(BaseModel):
    """The key `provenance` of a portal file. Without the key: written by a person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(min_length=2, description="where the file's content comes from, in words")
    checked: date | None = Field(
        default=None, description="day on which the portal was fetched and recognised, or a person looked"
    )
    evidence: tuple[str, ...] = Field(default=(), description="what was seen on that day, and where")

    @model_validator(mode="after")
    def _has_evidence(self) -> Provenance:
        if self.checked is not None and not self.evidence:
            raise ValueError("有 checked 须写 evidence（看到了什么） a day needs what was seen on it")
        return self


class _Sourced(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def provenance(self) -> Provenance | None: ...


Sourced = TypeVar("Sourced", bound=_Sourced)


def is_unverified(portal: _Sourced) -> bool:
    """Whether nobody has fetched the portal, or it was not recognised."""
    return portal.provenance is not None and portal.provenance.checked is None


def note_unverified(portal: _Sourced) -> str:
    """The line that `scrapy portals --check` and a crawl print."""
    return (
        f"{portal.id}: 未核实，来自 unverified, from: {portal.provenance and portal.provenance.source}；"
        f"点名试采并核对后填 provenance.checked 和 evidence crawl it by name, look, then fill them in"
    )


def chosen_for_all(portals: Iterable[Sourced]) -> tuple[list[Sourced], list[Sourced]]:
    """A crawl of every portal: those that it takes, and the unverified ones that it leaves out."""
    portals = list(portals)
    taken = [portal for portal in portals if not is_unverified(portal)]
    return taken, [portal for portal in portals if is_unverified(portal)]
