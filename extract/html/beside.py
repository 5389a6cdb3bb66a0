"""What only the markup tells of a label alone in its line: whether a field, a slot or a link stands there."""

from __future__ import annotations

import re
from itertools import islice, takewhile

from lxml.etree import _Element as Element

from extract.html.marks import is_fixed
from extract.html.tree import Page
from extract.metadata_labels import named
from parser.document import Paragraph

_NO_FIELD = frozenset({"hidden", "submit", "button", "image", "reset", "checkbox", "radio", "file"})
_NO_SLOT = frozenset({"br", "hr", "wbr", "img", "i", "p", "input", "script", "style", "o:p"})
_ROWS = frozenset({"p", "div", "li", "span", "dd", "section"})
_DECORATION = re.compile(r"clear|^cl$|^(?:line|hr|bg|ico|icon|arrow|tip)", re.IGNORECASE)
MAX_AROUND = 6


class PageMarkup:
    """Answers for the locators of a page's blocks (extract.metadata_labels.Markup)."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._asking: frozenset[str] | None = None

    def asks(self, locator: str) -> bool:
        """Whether the fields of a form stand in the element: a label there without a value asks for one."""
        if self._asking is None:
            self._asking = _asking_places(self.page)
        return locator in self._asking

    def is_vacant(self, locator: str) -> bool:
        """Whether an empty element stands where the value of a lone label would: `<dt>文号</dt><dd></dd>`."""
        element = self._at(locator)
        if element is None or next(element.iter("br"), None) is not None:
            return False
        inner = _last(element)
        if inner is not None and self._is_slot(inner) and self.page.length(element):
            return True
        following = element.getnext()
        return element.tag != "p" and following is not None and self._is_slot(following)

    def leads(self, locator: str) -> bool:
        """Whether all that the element says is links to other pages."""
        element = self._at(locator)
        if element is None:
            return False
        links = [link for link in element.iter("a") if link.get("href")]
        return bool(links) and sum(map(self.page.length, links)) == self.page.length(element)

    def paired(self, locator: str) -> Paragraph | None:
        """Of a column of labels alone beside a column of as many values, the value at the label's place."""
        element = self._at(locator)
        column = element.getparent() if element is not None else None
        values = column.getnext() if column is not None else None
        if element is None or column is None or values is None or not 2 <= len(column) == len(values):
            return None
        if any(inner.tag != column[0].tag for inner in column) or {e.tag for e in values} - _ROWS:
            return None
        told = [self.page.text_of(inner) for inner in values]
        if not all(named(self.page.text_of(label)) for label in column) or any(map(named, told)):
            return None
        at = column.index(element)
        return Paragraph(told[at], told[at], self.page.locator(values[at])) if "".join(told) else None

    def _at(self, locator: str) -> Element | None:
        return None if " " in locator else self.page.at(locator)

    def _is_slot(self, element: Element) -> bool:
        if not isinstance(element.tag, str) or element.tag in _NO_SLOT or element in self.page.skipped:
            return False
        if any(_DECORATION.search(name) for name in (element.get("class") or "").split()):
            return False
        empty = self.page.length(element) == 0
        return empty and next(element.iter("img", "input", "select", "textarea"), None) is None


def _last(element: Element) -> Element | None:
    """The last element inside, if no words follow it."""
    inner = element[-1] if len(element) else None
    return None if inner is None or (inner.tail or "").strip() else inner


def _asking_places(page: Page) -> frozenset[str]:
    places: set[str] = set()
    for field in page.root.iter("input", "select", "textarea"):
        if (field.get("type") or "text").lower() in _NO_FIELD or is_fixed(field):
            continue
        around = islice(field.iterancestors(), MAX_AROUND)
        places |= {page.locator(e) for e in takewhile(lambda e: e.tag not in {"body", "html"}, around)}
    return frozenset(places)
