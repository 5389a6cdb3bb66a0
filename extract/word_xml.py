"""WordprocessingML by local names: the transitional and the strict namespace read alike."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

_WRAPPERS = frozenset(
    {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice"}
)


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def local(element: etree._Element) -> str:
    """The element's name without its namespace; empty for comments and instructions."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """Direct children of that local name."""
    return iter(()) if element is None else element.iterchildren("{*}" + name)


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    return None if element is None else next(element.iterchildren("{*}" + name), None)


def attribute(element: etree._Element | None, name: str) -> str:
    """An attribute by local name, empty where absent."""
    if element is None:
        return ""
    for key, value in element.attrib.items():
        if _local(str(key)) == name:
            return str(value)
    return ""


def contents(element: etree._Element) -> Iterator[etree._Element]:
    """Children, with content controls, accepted insertions and alternatives opened."""
    for inner in element:
        tag = inner.tag
        if isinstance(tag, str) and _local(tag) in _WRAPPERS:
            yield from contents(inner)
        else:
            yield inner


def inner_children(element: etree._Element, name: str) -> list[etree._Element]:
    """Children of that name, also within content controls."""
    found: list[etree._Element] = []
    for inner in element:
        tag = inner.tag
        if not isinstance(tag, str):
            continue
        here = _local(tag)
        if here == name:
            found.append(inner)
        elif here in _WRAPPERS:
            found += inner_children(inner, name)
    return found


def switched_on(element: etree._Element | None) -> bool:
    """A toggle such as w:vanish: on where present and not set to a false value."""
    return element is not None and attribute(element, "val") not in {"0", "false", "off", "none"}
