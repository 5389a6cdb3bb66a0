"""Damage to what a report says beside its tables, by the names of statute.md §3, §6 and practice.md §3.

Each mutation changes a Story and leaves every number of the tables determinable. It says before the parser
runs which finding must tell of it, and notes the cells that it speaks of.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.parser.story import Story

Mutation = Callable[[random.Random, Story], None]


@dataclass(frozen=True)
class Kind:
    """`code`: the finding that must tell of it, "" where nothing is wrong and nothing may be misread."""

    damage: Mutation
    code: str
    versions: tuple[str, ...] = ("v2021", "v2019")


KINDS: dict[str, Kind] = {}


def told(code: str, *versions: str) -> Callable[[Mutation], Mutation]:
    def register(damage: Mutation) -> Mutation:
        KINDS[damage.__name__] = Kind(damage, code, versions or ("v2021", "v2019"))
        return damage

    return register


def touch(story: Story, *keys: str) -> None:
    story.drawing.damaged |= set(keys)


def rows_of(story: Story, prefix: str) -> set[str]:
    return {key for key in story.drawing.truth if key.startswith(prefix)}


def another(rng: random.Random, number: int) -> int:
    return number + rng.randint(1, 90)
