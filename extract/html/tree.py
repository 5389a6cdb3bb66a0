"""Markup → a tree, and which of its elements a reader of the page would not see.

Nothing is cut out of the tree, so that an XPath still points into the page as served; what is not to be read
is kept as a set of elements. Walks are iterative: a page may nest a million tags.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element as Element

from extract.errors import Unreadable
from extract.html.flat import Flat
from extract.html.marks import STRUCK_TAGS, is_raised, is_shown, is_struck, raise_mark
from extract.html.printed import printed_words
from parser.document import Finding, Severity

_UNSEEN = """
head script style noscript template svg math iframe object embed applet select button input canvas video audio
map datalist progress textarea xmp
"""
HEADINGS = frozenset({"h1", "h2", "h3", "ucaptitle"})
UNSEEN_TAGS = frozenset(_UNSEEN.split())
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_TAG_RUN = re.compile(
    r"(?:<(div|span|font|b|i|em|strong|a|p|section|article|center|ul|ol|li)\b[^<>]*>\s*){64,}", re.IGNORECASE
)
_ANY_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b[^<>]*>", re.IGNORECASE)
_LONG_TAG = re.compile(r"<([a-z][a-z0-9]*)\s[^<>]{20000,}>", re.IGNORECASE)
_NEVER_NESTED = """
area base br col embed hr img input link meta param source track wbr
p li td th tr dt dd option thead tbody tfoot html body head
"""
_FLAT = frozenset(_NEVER_NESTED.split()) | UNSEEN_TAGS  # tags without an end, or whose end may be left out
_TABLES = ("<table", "<TABLE"), ("</table", "</TABLE")
_PAGE_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")

MAX_TAGS = 300_000  # a report with every digit in a tag of its own has a tenth of it
MAX_DEPTH = 200  # of tags, where a page is nested deeper than the parser goes (2,048)
MAX_ATTRIBUTES = 5_000  # of one tag: the parser compares each with all others
SMALL_PAGE = (
    200_000  # characters of a page in which no tag can have so many attributes that it takes a second
)
MAX_HIDDEN_SHARE = 0.5  # a hidden element that holds more than this share of the page's text is its body
MIN_HIDDEN_BODY = 200


class Named(NamedTuple):
    """An element with its class and id as written, empty where it has none."""

    element: Element
    tag: str
    class_: str
    id: str


class Page:
    """A parsed page. `skipped` are the elements that are not to be read, with all they hold."""

    def __init__(self, text: str) -> None:
        self.findings: list[Finding] = []
        self._paths: dict[Element, str] = {}
        self._places: dict[str, Element] = {}
        self._flats: dict[Element, Flat] = {}
        self.root = self._parse(text)
        self.tree = self.root.getroottree()
        self.skipped: set[Element] = set()
        #: Elements that have attributes, with their names, in the page's order.
        self.bearing: list[tuple[Element, Sequence[str | bytes]]] = []
        #: Elements that have a class or an id, and headings, in the page's order.
        self.named: list[Named] = []
        self._hidden: list[Element] = []
        self._hides_much = False
        self._mark(self.root)
        self.flat = Flat(self.root, self._is_unseen)
        self._keep_hidden_body()

    def tell(self, code: str, severity: Severity, message: str, locator: str = "") -> None:
        """Note a finding, once: a page is walked several times."""
        finding = Finding(code, severity, message, locator)
        if finding not in self.findings:
            self.findings.append(finding)

    def _parse(self, text: str) -> Element:
        text = self._bounded(_CONTROL.sub("", text))
        if text.rfind("<!--") > text.rfind("-->"):
            # An unclosed comment would swallow the rest of the page (portals.md §3.1).
            at = text.rfind("-->") + 1
            text = text[:at] + text[at:].replace("<!--", "")
            message = "网页有未闭合的注释 an unclosed comment: the rest of the page was read"
            self.tell("broken_markup", Severity.INFO, message)
        # libxml2 drops whatever follows the first </body> or </html>; browsers read on (a page has been seen
        # that ends twice, with half of the report between), and neither end tag says anything else.
        text, ends = _PAGE_END.subn("", text)
        if not ends and _is_cut(text):
            message = "网页在表格或标签中间中断，内容不全 the page breaks off inside a table or a tag"
            self.tell("page_cut", Severity.WARN, message)
        root, log = _parse(text)
        if "Excessive depth" in log:
            message = "网页标签嵌套过深，已合并 tags nested too deep: runs of the same tag were merged"
            self.tell("broken_markup", Severity.WARN, message)
            root, log = _parse(_TAG_RUN.sub(r"<\1>", text))
            if "Excessive depth" in log:
                root, _ = _parse(_shallow(text))
        return root

    def _bounded(self, text: str) -> str:
        """The page up to the bounds: what a machine made by mistake is not read for minutes."""
        if len(text) > SMALL_PAGE:
            text, long = _LONG_TAG.subn(_without_attributes, text)
            if long and _LONG_TAG.search(text) is None:
                message = "网页标签属性过多，已略去 a tag with too many attributes: they were left out"
                self.tell("broken_markup", Severity.WARN, message)
        if "<!ENTITY" in text:
            message = "网页自定义实体，未展开 the page defines entities of its own: not expanded"
            self.tell("broken_markup", Severity.WARN, message)
        if text.count("<") <= MAX_TAGS:
            return text
        text, runs = _TAG_RUN.subn(r"<\1>", text)
        if runs:
            message = "网页标签嵌套过深，已合并 tags nested too deep: runs of the same tag were merged"
            self.tell("broken_markup", Severity.WARN, message)
        if text.count("<") > MAX_TAGS and len(flat := _shallow(text)) < len(text):
            message = f"网页标签嵌套超过 {MAX_DEPTH} 层，已略去更深的标签 tags nested too deep were left out"
            self.tell("broken_markup", Severity.WARN, message)
            text = flat
        if text.count("<") <= MAX_TAGS:
            return text
        at = next(islice(re.finditer("<", text), MAX_TAGS, None)).start()
        message = f"网页标签超过 {MAX_TAGS} 个，只读取前面部分 too many tags: only the beginning was read"
        self.tell("file_overfull", Severity.WARN, message)
        return text[:at]

    def _is_unseen(self, element: Element) -> bool:
        """Whether a reader would not see the element; what stands in such a one is marked all the same."""
        if not self._mark(element):
            return False
        for inner in element.iterdescendants(etree.Element):
            self._mark(inner, within=True)
        return True

    def _mark(self, element: Element, *, within: bool = False) -> bool:
        """Note what the element is, and whether it is to be left out. One that is hidden and says much is not
        left out yet: it may be the page's body. `within`: what stands around it is left out.
        """
        tag = element.tag
        style = None
        if names := element.keys():
            self.bearing.append((element, names))
            style, class_, id_ = element.get("style"), element.get("class"), element.get("id")
            if class_ or id_ or tag in HEADINGS:
                self.named.append(Named(element, tag, class_ or "", id_ or ""))
        elif tag in HEADINGS:
            self.named.append(Named(element, tag, "", ""))
        if tag in UNSEEN_TAGS and not _shows_words(element):
            self.skipped.add(element)
            return True
        if tag in STRUCK_TAGS or (style and _hides(style)) or element.get("hidden") is not None:
            self._hidden.append(element)
            if not within and (self._hides_much or _holds_more(element, MIN_HIDDEN_BODY)):
                self._hides_much = True  # from here on it is judged at the end
                return False
            self.skipped.add(element)
            return True
        if tag == "sup" or (style and is_raised(style)):
            raise_mark(element)
        return False

    def _keep_hidden_body(self) -> None:
        """Leave out what is hidden and says much, unless it is the page's body."""
        if not self._hides_much:
            return
        self.skipped.difference_update(self._hidden)
        kept = self._kept(self._hidden)
        for element in kept:
            message = "正文在隐藏元素中，已读取 the body stands in a hidden element and was kept"
            self.tell("hidden_body_kept", Severity.INFO, message, self.locator(element))
        self.skipped.update(e for e in self._hidden if e not in kept)
        self.flat = Flat(self.root, self.skipped.__contains__)

    def _kept(self, hidden: list[Element]) -> list[Element]:
        """The hidden elements that hold most of the page's text; most hide a word or two."""
        flat = Flat(self.root, self.skipped.__contains__)
        least = max(MIN_HIDDEN_BODY, flat.length(self.root) * MAX_HIDDEN_SHARE)
        return [e for e in hidden if e in flat.begin and flat.length(e) > least]

    def locator(self, element: Element) -> str:
        """The element's XPath, as lxml's getpath writes it; children of one parent are numbered together."""
        missing: list[Element] = []
        at: Element | None = element
        while at is not None and at not in self._paths:
            missing.append(at)
            at = at.getparent()
        for inner in reversed(missing):
            parent = inner.getparent()
            if parent is None:
                self._paths[inner] = f"/{inner.tag}"
            else:
                self._number_children(parent)
        return self._paths[element]

    def at(self, locator: str) -> Element:
        """The element of an XPath that `locator` gave out."""
        if len(self._places) != len(self._paths):
            self._places = {path: element for element, path in self._paths.items()}
        return self._places[locator]

    def _number_children(self, parent: Element) -> None:
        base = self._paths[parent] + "/"
        children = list(parent)
        tags = [child.tag for child in children]
        if len(set(tags)) == len(tags):
            self._paths.update((child, f"{base}{tag}") for child, tag in zip(children, tags, strict=True))
            return
        seen: dict[object, int] = {}
        for child, tag in zip(children, tags, strict=True):
            seen[tag] = number = seen.get(tag, 0) + 1
            self._paths[child] = f"{base}{tag}[{number}]"
        for child, tag in zip(children, tags, strict=True):
            if seen[tag] == 1:
                self._paths[child] = f"{base}{tag}"

    def flat_of(self, element: Element) -> Flat:
        """The steps in which an element stands: the page's, or those of what is skipped around it."""
        if element in self.flat.begin:
            return self.flat
        around = element
        while around not in self.skipped and (outer := around.getparent()) is not None:
            around = outer
        found = self._flats.get(around)
        if found is None:
            found = self._flats[around] = Flat(around, self.skipped.__contains__)
        return found

    def length(self, element: Element) -> int:
        """Characters of the subtree's text, white space left out."""
        return 0 if element in self.skipped else self.flat_of(element).length(element)

    def text_of(self, element: Element) -> str:
        """What the subtree says, white space collapsed, a line per block-level part."""
        return "" if element in self.skipped else self.flat_of(element).text(element)


def _parse(text: str) -> tuple[Element, str]:
    """The root and what was fatal. lxml.html's own element class would cost a call for each element."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root: Element | None = etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise Unreadable("网页没有内容，请重新下载 the page holds no markup that can be read")
    return root, "".join(entry.message for entry in parser.error_log.filter_from_fatals())


def _without_attributes(tag: re.Match[str]) -> str:
    whole = tag.group()
    many = whole.count("=") > MAX_ATTRIBUTES or len(whole.split()) > MAX_ATTRIBUTES
    return f"<{tag[1]}>" if many else whole


def _is_cut(text: str) -> bool:
    """Whether a page that has no end of its own ends inside a table or a tag."""
    if text.rfind("<") > text.rfind(">") and _ANY_TAG.match(text[text.rfind("<") :] + ">") is not None:
        return True
    opened, closed = (sum(map(text.count, spellings)) for spellings in _TABLES)
    return opened > closed


def _shallow(text: str) -> str:
    """The page without the tags that stand deeper than MAX_DEPTH; what stands in them is kept."""
    depth = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        name = tag[2].lower()
        if name in _FLAT:
            return tag.group()
        if not tag[1]:
            depth += 1
            return tag.group() if depth <= MAX_DEPTH else ""
        depth = max(0, depth - 1)
        return tag.group() if depth < MAX_DEPTH else ""

    return _ANY_TAG.sub(kept, text)


def _shows_words(element: Element) -> bool:
    """Whether an element of a kind that is not read shows words all the same; they become its text.

    A form saved as a page, a page of fields: what the field holds is what a reader sees. A script may print
    words where it stands.
    """
    if element.tag == "input" and is_shown(element):
        element.text = element.get("value")
        return True
    if element.tag == "script" and (words := printed_words(element.text)):
        element.text = words
        return True
    return False


def _holds_more(element: Element, least: int) -> bool:
    return len("".join(map(str, element.itertext()))) > least


@lru_cache(maxsize=4096)
def _hides(style: str) -> bool:
    return is_struck(style) or _HIDDEN_STYLE.search(style) is not None


def collapse(text: str) -> str:
    """White space as HTML sees it: runs become one blank. NBSP and U+3000 stay."""
    return _BLANKS.sub(" ", text)


@lru_cache(maxsize=4096)
def words_of(class_: str) -> tuple[str, ...]:
    """The names that a class attribute holds, in lower case."""
    return tuple(class_.lower().split())


def classes(element: Element) -> tuple[str, ...]:
    """The element's class names in lower case."""
    return words_of(element.get("class") or "")
