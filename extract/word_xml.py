"""WordprocessingML by local names: the transitional and the strict namespace read alike."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

_WRAPPERS = frozenset(
    {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice"}
)


def local(element: etree._Element) -> str:
    """The element's name without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """Direct children of that local name."""
    if element is not None:
        yield from (e for e in element if local(e) == name)


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    return next(children(element, name), None)


def attribute(element: etree._Element | None, name: str) -> str:
    """An attribute by local name, empty where absent."""
    if element is None:
        return ""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def contents(element: etree._Element) -> Iterator[etree._Element]:
    """Children, with content controls, accepted insertions and alternatives opened."""
    for inner in element:
        if local(inner) in _WRAPPERS:
            yield from contents(inner)
        else:
            yield inner


def switched_on(element: etree._Element | None) -> bool:
    """A toggle such as w:vanish: on where present and not set to a false value."""
    return element is not None and attribute(element, "val") not in {"0", "false", "off", "none"}
