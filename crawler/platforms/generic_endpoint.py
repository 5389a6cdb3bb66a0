"""One list endpoint: put together from what a script writes, asked for page by page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from crawler.platforms.generic_fields import FIELDS, means, plain
from crawler.platforms.generic_known import ALL_MARKS, END, MARKS, OFFSET, PAGE, SIZE, START, Known
from crawler.platforms.generic_printed import resolved
from crawler.platforms.generic_script import Call, Joined
from crawler.platforms.links import absolute

PAIR = re.compile(r"[?&][\w.\[\]\-]+=")
STATIC = re.compile(r"(?i)\.(?:js|css|png|jpe?g|gif|ico|svg|docx?|pdf|xlsx?|zip|rar|mp4|swf|woff2?)(?:\?|$)")
PAGE_FILE = re.compile(r"(?i)\.s?html?$")
STRANGE = re.compile(r"[\s<>{}\"'\\]")
LONGEST, MOST = 1000, 500  # characters of an address; rows that one page may have
HELD = "PAGEHERE"  # stands for the mark while an address is made absolute
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is asked for, with marks where the page's number goes. `first`: that number as it is shown."""

    url: str
    method: str = "GET"
    form: tuple[tuple[str, str], ...] = ()
    json: str = ""
    size: int = SIZE
    first: int | None = None
    reason: str = ""

    @property
    def pages(self) -> bool:
        """Whether it can be asked for a further page."""
        whole = self.url + self.json + "".join(value for _, value in self.form)
        return any(mark in whole for mark in (PAGE, START, OFFSET))

    def numbered(self, number: int) -> Endpoint:
        """The endpoint with the numbers of a page put in; `number` is the server's own, from 0 or 1."""
        start = max(0, number - 1) * self.size + 1
        given = ((PAGE, number), (START, start), (END, start + self.size - 1), (OFFSET, start - 1))

        def fill(text: str) -> str:
            for mark, value in given:
                text = text.replace(quote(mark), str(value)).replace(mark, str(value))
            return text

        form = tuple((name, fill(value)) for name, value in self.form)
        return replace(self, url=fill(self.url), form=form, json=fill(self.json))

    def dumped(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def loaded(text: str) -> Endpoint:
        given = json.loads(text)
        return Endpoint(**{**given, "form": tuple((name, value) for name, value in given["form"])})


@dataclass(frozen=True, slots=True)
class Manner:
    """How a script asks: its method, a JSON body or a form, how many rows at once; where it was seen."""

    reason: str
    method: str = "GET"
    as_json: bool = False
    size: int | None = None


def made(
    address: object, params: Mapping[str, object], base: str, known: Known, manner: Manner
) -> Endpoint | None:
    """An endpoint out of an address and parameters as a script writes them; None for what is none."""
    text = _address(resolved(address, known))
    if text is None or not _may_be_endpoint(text):
        return None
    path, _, query = text.partition("?")
    path = path or urlsplit(base).path
    shown: list[int] = []
    pairs = [(name, _marked(name, value, shown)) for name, value in parse_qsl(query, keep_blank_values=True)]
    given = {name: member_of(name, value, known, shown) for name, value in params.items()}
    size = _size([*pairs, *given.items()], manner.size)
    form: tuple[tuple[str, str], ...] = ()
    body = ""
    if manner.method == "POST" and manner.as_json:
        body = _numbers(json.dumps(given, ensure_ascii=False))
    elif manner.method == "POST":
        form = tuple((name, _spelled(value)) for name, value in given.items())
    else:
        pairs += [(name, _spelled(value)) for name, value in given.items()]
    if PAGE_FILE.search(path) and not any(value in (PAGE, START, OFFSET) for _, value in pairs):
        return None  # a page, no endpoint
    url = absolute(base, path.replace(PAGE, HELD))
    if url is None or not (pairs or form or body or PAGE in path):
        return None
    url = urlunsplit(urlsplit(url.replace(HELD, PAGE))._replace(query=query_of(pairs)))
    first = shown[0] if shown else known.first
    return Endpoint(url, manner.method, form, body, size, first, manner.reason)


def _may_be_endpoint(text: str) -> bool:
    """Whether a text has the shape of an address that may hold a list: no file, no counter, no sentence."""
    path = text.partition("?")[0]
    if len(text) > LONGEST or STRANGE.search(text) or STATIC.search(path) or FIELDS.not_a_list.search(path):
        return False
    if not path:
        return PAIR.search(text) is not None
    return len(path) > 2 and (path[0] in "/." or path.startswith("http") or PAIR.search(text) is not None)


def _size(pairs: Sequence[tuple[str, object]], given: int | None) -> int:
    """How many rows a page has, by the parameter that says so."""
    sizes = (str(value) for name, value in pairs if means(name) == "size")
    told = next((int(value) for value in sizes if value.isdigit() and 0 < int(value) <= MOST), None)
    return told or given or SIZE


def _numbers(text: str) -> str:
    """JSON whose marks stand as numbers."""
    return re.sub(rf"\"([{ALL_MARKS}])\"", r"\1", text)


def query_of(pairs: Sequence[tuple[str, str]]) -> str:
    """A query with the marks as they are."""
    text = urlencode(pairs, safe="/:")
    for mark in ALL_MARKS:
        text = text.replace(quote(mark), mark)
    return text


def _address(value: object) -> str | None:
    """An address as text: parts that are not known are left out of the query, never out of the path."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Joined):
        return None
    text = ""
    for part in value.parts:
        if isinstance(part, str):
            text += part
        elif "?" not in text:
            return None
    return text


def _marked(name: str, value: str, shown: list[int]) -> str:
    """The value of a parameter; a mark where its name says a page's number and its value is one or none."""
    kind = means(name)
    if kind not in MARKS or (value and not NUMBER.fullmatch(value) and value not in ALL_MARKS):
        return value
    if kind == "page" and NUMBER.fullmatch(value):
        shown.append(int(value))
    if kind == "start" and not plain(name).endswith("record"):
        return OFFSET  # counts from 0
    return MARKS[kind]


def member_of(name: str, value: object, known: Known, shown: list[int]) -> object:
    """A parameter of an object: a text, a number, or JSON of an object inside."""
    if isinstance(value, Call) and value.path.endswith("stringify") and value.arguments:
        inner = value.arguments[0]
        value = inner if isinstance(inner, dict) else value
        if isinstance(value, dict):
            filled = json.dumps(
                {k: member_of(k, v, known, shown) for k, v in value.items()}, ensure_ascii=False
            )
            return _numbers(filled)
    if isinstance(value, dict):
        return {key: member_of(key, inner, known, shown) for key, inner in value.items()}
    value = resolved(value, known)
    if isinstance(value, bool) or value is None:
        value = {True: "true", False: "false", None: ""}[value]
    text = value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""
    marked = _marked(name, text, shown)
    if not marked and means(name) == "size":
        return SIZE
    return value if isinstance(value, int) and marked == text else marked


def _spelled(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
