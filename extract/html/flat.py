"""A subtree as one list in reading order: where elements begin and end, and the texts between.

A page is walked several times (its body, its metadata, its title, its tables). Walking the tree itself costs
a call of libxml2 for each step; here it is walked once, and what an element says is a slice of a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from itertools import accumulate

from lxml import etree
from lxml.etree import _Element as Element

from extract.html.marks import BLOCK_TAGS
from parser.document import Block

# Kinds of steps. Every element begins with one of the first and ends with END or END_INLINE.
TEXT, INLINE, BLOCK, BREAK, PRE, TABLE, ROW, CELL, END, END_INLINE = range(10)
ENDS = frozenset({END, END_INLINE})
_KINDS = dict.fromkeys(BLOCK_TAGS, BLOCK) | {
    "br": BREAK,
    "pre": PRE,
    "table": TABLE,
    "tr": ROW,
    "td": CELL,
    "th": CELL,
}
_EDGE = "\x1d"  # where a line begins or ends; a page's text holds no control characters
_BLANKS = re.compile(r"[ \t\r\n\f]+")

Todo = Block | tuple[int, int]  # of a walk: a block that is ready, or steps still to be walked


class Flat:
    """The steps of a subtree, without the elements that are `unseen` and all they hold.

    `unseen` is asked once for each element that it did not leave out itself, in the page's order, before the
    element's text is read.

    `kinds`, `things` (the text, or the element that begins or ends) and `words` (what the step adds to a
    text, edges of lines included) go step by step; `close` is where the element that begins at a step ends,
    `begin` where an element begins.
    """

    def __init__(self, root: Element, unseen: Callable[[Element], bool]) -> None:
        self.kinds: list[int] = []
        self.things: list[str | Element] = []
        self.words: list[str] = []
        self.close: dict[int, int] = {}
        self.begin: dict[Element, int] = {}
        self.tables: dict[int, list[Todo] | None] = {}  # what walk.py made of the table that begins at a step
        self._gather(root, unseen)
        self._lengths: list[int] = []

    def _gather(self, root: Element, unseen: Callable[[Element], bool]) -> None:
        kinds, things, words, begin, close = self.kinds, self.things, self.words, self.begin, self.close
        kind_of = _KINDS.get
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                if element is not root and unseen(element):
                    walker.skip_subtree()
                    continue
                kind = kind_of(element.tag, INLINE)
                begin[element] = len(kinds)
                kinds.append(kind)
                things.append(element)
                words.append("" if kind == INLINE else _EDGE)
                text = element.text
            else:
                at = begin.get(element)
                if at is not None:
                    close[at] = len(kinds)
                    inline = kinds[at] == INLINE
                    kinds.append(END_INLINE if inline else END)
                    things.append(element)
                    words.append("" if inline else _EDGE)
                text = element.tail if element is not root else None
            if text:
                kinds.append(TEXT)
                things.append(text)
                words.append(text)

    def span(self, element: Element) -> tuple[int, int]:
        """The steps from the element's beginning to its end, as a half-open range. Raises KeyError."""
        at = self.begin[element]
        return at, self.close[at] + 1

    def length(self, element: Element) -> int:
        """Characters of the element's text, white space left out. All texts are measured at once."""
        if not self._lengths:
            sizes = (len("".join(word.split())) for word in self.words)  # an edge counts as white space
            self._lengths = [0, *accumulate(sizes)]
        first, last = self.span(element)
        return self._lengths[last] - self._lengths[first]

    def text(self, element: Element) -> str:
        """What the element says, white space collapsed, a line for each block-level part."""
        first, last = self.span(element)
        return as_lines("".join(self.words[first:last]))

    def text_without(self, element: Element, barred: Container[int]) -> str:
        """The same, without what stands inside elements of the kinds `barred`."""
        at, last = self.span(element)
        parts = [self.words[at]]
        at += 1
        while at < last:
            parts.append(self.words[at])
            if self.kinds[at] in barred:
                at = self.close[at]
            else:
                at += 1
        return as_lines("".join(parts))

    def raw(self, element: Element) -> str:
        """The element's text as marked up, with all its white space."""
        first, last = self.span(element)
        return "".join(self.words[first:last]).replace(_EDGE, "")


def as_lines(words: str) -> str:
    """Joined words → lines: white space as in HTML, empty lines left out. NBSP and U+3000 stay inside."""
    if _EDGE not in words:
        return _BLANKS.sub(" ", words).strip()
    lines = [line.strip() for line in _BLANKS.sub(" ", words).split(_EDGE)]
    return "\n".join([line for line in lines if line])
