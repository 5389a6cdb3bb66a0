"""Files that a page links to (portals.md §9), by address, by name, in frames, viewers and scripts.

The crawler asks for them and extract lists them in the Document; both must see the same, so it is told here.
What an address leads to is told by its bytes alone (extract.media); this only says where a file may lie.
Nothing of a script is run: string literals, joined by `+` and put into variables, are read.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import yaml
from lxml import etree
from lxml.etree import _Element as Element
from pydantic import BaseModel, ConfigDict

DATA = Path(__file__).parent / "data" / "file_links.yml"
MAX_SCRIPT = 400_000  # characters; a library is longer, and names no file of the page
MAX_ADDRESS = 1_000
MAX_FILES = 200  # of one page
MAX_TERMS = 12


class FileWords(BaseModel):
    """data/file_links.yml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    suffixes: tuple[str, ...]
    pages: tuple[str, ...]
    routes: tuple[str, ...]
    viewer_keys: frozenset[str]
    attributes: tuple[str, ...]
    marks: tuple[str, ...]
    called: str
    lies: str
    pictures: tuple[str, ...]
    frame_folders: frozenset[str]
    frame_pictures: tuple[str, ...]


WORDS = FileWords.model_validate(yaml.safe_load(DATA.read_text(encoding="utf-8")))
_ENDINGS = "|".join(WORDS.suffixes)
_SUFFIX = re.compile(rf"[^/\s.?=&#*]\.(?:{_ENDINGS})$", re.IGNORECASE)
_NAMED = re.compile(rf"\.(?:{_ENDINGS})(?:\s*[(（\[][^()（）\[\]]{{1,20}}[)）\]])?$", re.IGNORECASE)
_PAGE = re.compile(rf"\.(?:{'|'.join(WORDS.pages)})$", re.IGNORECASE)
_ROUTE = re.compile("|".join(WORDS.routes), re.IGNORECASE)
_ANY = re.compile(rf"\.(?:{_ENDINGS})\b|{'|'.join(WORDS.routes)}", re.IGNORECASE)
_CALLED, _LIES = re.compile(WORDS.called, re.IGNORECASE), re.compile(WORDS.lies, re.IGNORECASE)
_NOWHERE = re.compile(r"\s*(?:$|#|(?:javascript|mailto|tel|data|about|blob|file):)", re.IGNORECASE)
_FORBIDDEN = re.compile(r"[<>{}\n|\\^`]|\$\(")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")

# Possessive throughout: no string of a stranger's makes them go back.
_LITERAL = r"'(?:[^'\\\n]|\\.)*+'|\"(?:[^\"\\\n]|\\.)*+\"|`(?:[^`\\$]|\\.)*+`"
_NAME = r"(?<![\w$.])[A-Za-z_$][\w$]{0,60}+(?:\.[A-Za-z_$][\w$]{0,60}+){0,6}+"
_TERM = rf"(?:{_LITERAL}|{_NAME})"
_STRINGS = re.compile(
    rf"(?:(?P<key>(?<![\w$-])[A-Za-z_$][\w$-]{{0,60}}+)[\"']?\s{{0,9}}+[:=]\s{{0,9}}+)?"
    rf"(?P<value>(?:{_LITERAL}|{_NAME}(?=\s{{0,9}}+\+))(?:\s{{0,9}}+\+\s{{0,9}}+{_TERM}){{0,{MAX_TERMS}}}+)"
)
_TERMS = re.compile(_TERM)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_LINK = re.compile(
    r"(?<![\w-])(?:href|src|data)\s{0,9}+=\s{0,9}+[\"']?(?P<href>[^\"'\s<>]++)[\"']?(?:[^<>]{0,500}+>(?P<name>[^<]{0,500}+))?",
    re.IGNORECASE,
)
# Cells and paragraphs, of which a report has thousands, are asked for the one attribute that they bear.
_DATA = frozenset(WORDS.attributes)
_DATA_TAGS = frozenset({"a", "div", "button", "iframe", "embed"})
_STRING = etree.XPath("string()")


Bearing = tuple[Element, Sequence[str | bytes]]  # an element and the names of its attributes


@dataclass(frozen=True, slots=True)
class FileLink:
    """`href` as the page writes it, `name` as it calls the file (may be empty), `element` that says so."""

    href: str
    name: str
    element: Element


def file_links(root: Element, bearing: Iterable[Bearing] | None = None) -> list[FileLink]:
    """Links, then frames, what opens by a click, scripts. One address may come twice.

    `bearing`: the elements that have attributes, in the page's order, where they are known.
    """
    if bearing is None:
        bearing = ((element, element.keys()) for element in root.iter(etree.Element))
    found = [*_anchors(root), *_frames(root), *_clicked(root, bearing), *_scripts(root)]
    return found[:MAX_FILES]


@lru_cache(maxsize=4096)
def leads_to_file(href: str) -> bool:
    """Whether the address alone says so: by an ending, its own or in its query, or by a download's route."""
    if _NOWHERE.match(href) or len(href) > MAX_ADDRESS or _FORBIDDEN.search(href):
        return False
    path, _, query = href.partition("#")[0].partition("?")
    if _SUFFIX.search(unquote(path).strip()) or _ROUTE.search(href):
        return True
    return not _PAGE.search(path) and any(_SUFFIX.search(value) for _, value in _pairs(query))


def names_file(words: str) -> bool:
    """Whether a link's words are a file's name: 2024年年报.docx, or with its size behind."""
    return _NAMED.search(words.strip()) is not None


@lru_cache(maxsize=4096)
def shown_file(href: str) -> str | None:
    """The file that an address leads to: itself, or what a viewer's page is told to open; else None."""
    if _NOWHERE.match(href):
        return None
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    if not _ROUTE.search(href):
        for key, value in (*_pairs(parts.query), *_pairs(parts.fragment.lstrip("/?"))):
            told = _plain(value) if key.lower() in WORDS.viewer_keys else ""
            if "/" in told and leads_to_file(told):
                return told
    return href if leads_to_file(href) else None


def files_in_script(script: str) -> list[tuple[str, str]]:
    """(address, name) of the files that a script's strings name, each once, in order."""
    if len(script) > MAX_SCRIPT or _ANY.search(script.replace("\\/", "/")) is None:
        return []
    known: dict[str, str] = {}
    found: dict[str, str] = {}
    for match in _STRINGS.finditer(script):
        key, value = match["key"] or "", _joined(match["value"], known)
        if value is None:
            continue
        if key:
            known[key] = value
        if "<" in value:
            for link in _LINK.finditer(value):
                if href := shown_file(link["href"]):
                    found.setdefault(href, (link["name"] or "").strip())
        elif _is_address(key, value) and (href := shown_file(value)):
            found.setdefault(href, "")
    return _whole(found)


def _is_address(key: str, value: str) -> bool:
    """A string without a slash may be but what the file is called."""
    if key and _CALLED.search(key) and not _LIES.fullmatch(key):
        return False
    return "/" in value or (value.isascii() and (not key or _LIES.search(key) is not None))


def _whole(found: dict[str, str]) -> list[tuple[str, str]]:
    """Without pieces: a name that was put behind a folder is not asked for by itself."""
    whole = [href for href in found if not any(href != other and other.endswith(href) for other in found)]
    return [(href, found[href]) for href in whole]


def _joined(expression: str, known: dict[str, str]) -> str | None:
    """The text of literals and known names put together; None where a name is not known."""
    parts: list[str] = []
    for term in _TERMS.findall(expression):
        if term[0] in "'\"`":
            parts.append(_ESCAPE.sub(_unescaped, term[1:-1]))
        elif (value := known.get(term.rpartition(".")[2])) is not None:
            parts.append(value)
        elif parts:
            return None
        # else: what stands before the first literal is the site's own folder or host
    return "".join(parts) or None


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return {"n": "\n", "t": "\t", "r": "\r"}.get(code, code)


def _anchors(root: Element) -> Iterator[FileLink]:
    for link in root.iter("a", "area"):
        href = link.get("href") or ""
        if _NOWHERE.match(href):
            continue
        name = _words(link)
        shown = shown_file(href)
        if shown is None and (names_file(name) or (_is_marked(link) and not _PAGE.search(_path(href)))):
            shown = href
        if shown is not None:
            yield FileLink(shown, name, link)


def _is_marked(link: Element) -> bool:
    """TRS and editors mark an attachment's link; a page with that mark is still a page."""
    return any((link.get(mark) or "false").lower() != "false" for mark in WORDS.marks)


def _frames(root: Element) -> Iterator[FileLink]:
    for frame in root.iter("iframe", "frame", "embed", "object", "param"):
        told = frame.get("src") or frame.get("data") or ""
        if frame.tag == "param" and (frame.get("name") or "").lower() in WORDS.viewer_keys:
            told = frame.get("value") or ""
        if shown := shown_file(told):
            yield FileLink(shown, "", frame)


def _clicked(root: Element, bearing: Iterable[Bearing]) -> Iterator[FileLink]:
    for element, names in bearing:
        clicked = "onclick" in names
        if not clicked and (element.tag not in _DATA_TAGS or _DATA.isdisjoint(names)):
            continue
        for attribute in WORDS.attributes:
            if shown := shown_file(element.get(attribute) or ""):
                yield FileLink(shown, _words(element), element)
        if not clicked:
            continue
        for href, _ in files_in_script(element.get("onclick") or ""):
            yield FileLink(href, _words(element), element)
    for link in root.iter("a"):
        script = link.get("href") or ""
        if script.lstrip()[:11].lower() == "javascript:":
            for href, _ in files_in_script(unquote(script)):
                yield FileLink(href, _words(link), link)


def _scripts(root: Element) -> Iterator[FileLink]:
    for script in root.iter("script"):
        for href, name in files_in_script(script.text or ""):
            yield FileLink(href, name, script)


def _words(element: Element) -> str:
    """What the link says, its title where it says nothing or its words are cut short."""
    said = " ".join(str(_STRING(element) if len(element) else element.text or "").split())
    title = " ".join((element.get("title") or "").split())
    return title if not said or (names_file(title) and not names_file(said)) else said


def _path(href: str) -> str:
    return href.partition("#")[0].partition("?")[0]


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=False) if "=" in query and len(query) <= MAX_ADDRESS else []


def _plain(value: str) -> str:
    """What a viewer is told: as it stands, still quoted, or in base64."""
    value = unquote(value)
    if "/" in value.strip("/") and "." in value:
        return value
    if _BASE64.fullmatch(value):
        try:
            told = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_" if "-" in value else None)
            return unquote(told.decode("utf-8"))
        except (binascii.Error, UnicodeDecodeError):
            return value
    return value
