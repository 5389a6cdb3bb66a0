"""Frozen dataclasses made quickly, for the few kinds of which hundreds are made at a time.

A frozen dataclass sets each field through `object.__setattr__`, which takes six times as long as a plain
store. Here a twin of the class, open and with the same slots, is filled and then becomes the class itself.

The same in archive/ and in parser/, of which neither may import the other (design.md §2); tests/test_house.py
holds them together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, fields, make_dataclass
from typing import Any, ParamSpec, TypeVar

_Fields = ParamSpec("_Fields")
_Made = TypeVar("_Made")


def quick(cls: Callable[_Fields, _Made]) -> Callable[_Fields, _Made]:
    """A constructor with the signature of `cls`, a frozen dataclass with slots and without `__post_init__`.

    What it makes is of that class, and frozen. Raises TypeError where the class is none that this is for.
    """
    if not isinstance(cls, type) or hasattr(cls, "__post_init__") or "__slots__" not in vars(cls):
        raise TypeError(f"{cls}: not a dataclass with slots alone")

    def close(made: Any) -> None:  # noqa: ANN401 - an instance of the twin
        made.__class__ = cls

    specs = [
        (item.name, object, field(default=item.default, default_factory=item.default_factory))
        for item in fields(cls)
    ]
    return make_dataclass(cls.__name__, specs, namespace={"__post_init__": close}, slots=True)
