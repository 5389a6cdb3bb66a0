"""List endpoints that a page itself shows: in its scripts, attributes, forms, or in its site's script files.

Nothing here knows a family, and nothing is guessed: an address is asked for only where the page or a script
of its own names it, with the parameters that stand there. What a script would put in is taken from what the
page tells (variables, meta tags, hidden fields, its own address). Which parameter is the page is told by its
name (data/fields.yml).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from lxml.html import HtmlElement

from crawler.platforms.generic_endpoint import Endpoint, Manner, made, member_of, query_of
from crawler.platforms.generic_fields import FIELDS, means, plain
from crawler.platforms.generic_known import OFFSET, PAGE, START, Known
from crawler.platforms.generic_printed import scripts_of
from crawler.platforms.generic_script import Call, Joined, Name, Script, joined
from crawler.platforms.links import absolute

MAX_TRIALS = 5  # endpoints that one page may have asked
MAX_SCRIPTS = 4  # script files that are read for one page
LISTS = re.compile(r"(?i)list|search|query|page|column|channel|catalog|cat|info|article|news|gk|nb|node|data")
ISLAND_LINK = re.compile(r"(?:href|url)\s*=\s*[\"'](?P<url>[^\"']+\?[^\"']*)[\"']", re.IGNORECASE)
CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


def shown_in_page(tree: HtmlElement, text: str, base: str, known: Known) -> list[Endpoint]:
    """The endpoints of a page's own scripts, attributes, forms and islands, the likeliest first."""
    found = [*_in_islands(text, base)]
    for script in scripts_of(text):
        found += shown_in_script(script, base, known)
    found += [*_in_attributes(tree, base, known), *_in_forms(tree, base)]
    return ranked(found)


def shown_in_script(text: str, base: str, known: Known) -> list[Endpoint]:
    """The endpoints that a script names."""
    read = Script(text)
    calls = (call for call in read.calls() if FIELDS.asks.search(call.path))
    found = [_called(call, base, known) for call in calls]
    found += [_of_object(given, base, known, "脚本对象 an object of a script") for given in _nested(read)]
    for value in read.concatenations():
        asked = made(value, {}, base, known, Manner("脚本中的地址 an address in a script"))
        if asked is not None and asked.pages:
            found.append(asked)
    return ranked([endpoint for endpoint in found if endpoint is not None])


def with_paging(found: Sequence[Endpoint], text: str) -> list[Endpoint]:
    """Endpoints that know no page, with the parameter by which a script turns pages."""
    shown: list[int] = []
    for name, value in Script(text).assigned(members=True).items():
        pair = member_of(name, value, Known({}), shown)
        if isinstance(pair, str) and any(mark in pair for mark in (PAGE, START, OFFSET)):
            return [_and(endpoint, name, pair) for endpoint in found if not endpoint.pages]
    return []


def _and(endpoint: Endpoint, name: str, value: str) -> Endpoint:
    """The endpoint with one parameter more."""
    if endpoint.method == "POST":
        return replace(endpoint, form=(*endpoint.form, (name, value)))
    parts = urlsplit(endpoint.url)
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), (name, value)]
    return replace(endpoint, url=urlunsplit(parts._replace(query=query_of(pairs))))


def ranked(found: Sequence[Endpoint]) -> list[Endpoint]:
    """Each once, those that page and name a list first."""
    best: dict[tuple[str, str, str, str], Endpoint] = {}
    for endpoint in found:
        one = endpoint.numbered(1)
        best.setdefault((one.method, one.url, str(one.form), one.json), endpoint)

    def weight(endpoint: Endpoint) -> int:
        told = endpoint.url + endpoint.json + str(endpoint.form)
        return 4 * endpoint.pages + min(3, len(LISTS.findall(told))) + bool(endpoint.form or endpoint.json)

    return sorted(best.values(), key=weight, reverse=True)


def _nested(read: Script) -> Iterator[dict[str, object]]:
    pending: list[object] = list(read.objects())
    for call in read.calls():
        pending += [part for part in call.arguments if isinstance(part, dict)]
    while pending:
        found = pending.pop()
        if isinstance(found, dict):
            yield found
            pending += [value for value in found.values() if isinstance(value, dict | list)]
        elif isinstance(found, list):
            pending += [value for value in found if isinstance(value, dict | list)]


def _called(call: Call, base: str, known: Known) -> Endpoint | None:
    """`$.post(url, data)`, `load(url, data)`, `open("GET", url)`, `ajax(url, {…})`."""
    how = call.path.rpartition(".")[2].lower()
    arguments = list(call.arguments)
    if how == "open" and arguments and arguments[0] in ("GET", "POST", "get", "post"):
        how = str(arguments.pop(0)).lower()
    if not arguments or isinstance(arguments[0], dict):
        return None  # read as an object
    data = arguments[1] if len(arguments) > 1 else None
    options = data if isinstance(data, dict) and _pick(data, FIELDS.asked.method) is not None else None
    if options is not None:
        return _of_object({"url": arguments[0], **options}, base, known, f"脚本请求 {call.path}()")
    method = "POST" if how == "post" or (how == "load" and isinstance(data, dict)) else "GET"
    given = data if isinstance(data, dict) else {}
    return made(arguments[0], given, base, known, Manner(f"脚本请求 {call.path}()", method))


def _pick(given: Mapping[str, object], names: Sequence[str]) -> object | None:
    found = {plain(key): value for key, value in given.items()}
    return next((found[name] for name in names if name in found), None)


def _of_object(given: Mapping[str, object], base: str, known: Known, reason: str) -> Endpoint | None:
    """`{url: …, data: {…}, type: "post"}` in its many spellings."""
    url = _pick(given, FIELDS.asked.url)
    if url is None:
        return None
    data = _pick(given, FIELDS.asked.data)
    method = _pick(given, FIELDS.asked.method)
    kind = _pick(given, FIELDS.asked.kind)
    is_post = isinstance(method, str) and method.lower() == "post"
    size = next(
        (v for k, v in given.items() if means(k) == "size" and isinstance(v, int) and 0 < v <= 500), None
    )
    as_json = isinstance(kind, str) and "json" in kind.lower()
    if isinstance(data, Call) and data.path.endswith("stringify") and data.arguments:
        data, as_json = data.arguments[0], True
    if isinstance(data, Name):
        data = known(data.path)
    params = data if isinstance(data, dict) else {}
    address = joined([url, "?", data]) if isinstance(data, str | Joined) and data else url
    manner = Manner(reason, "POST" if is_post else "GET", as_json and is_post, size)
    return made(address, params, base, known, manner)


def _in_attributes(tree: HtmlElement, base: str, known: Known) -> Iterator[Endpoint]:
    """Elements that hold an address and the parameters to ask it with."""
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in {
            "a",
            "img",
            "script",
            "iframe",
            "frame",
            "link",
            "form",
        }:
            continue
        given = {plain(str(key).removeprefix("data-")): value for key, value in element.attrib.items()}
        url = next((given[name] for name in FIELDS.asked.url if name in given), None)
        if not url or not re.match(r"^(?:https?:)?/", url):
            continue
        data = _pick(given, FIELDS.asked.data)
        params = Script(data).value() if isinstance(data, str) and data.strip().startswith("{") else {}
        given_params = params if isinstance(params, dict) else {}
        asked = made(url, given_params, base, known, Manner("元素属性 an element's attribute"))
        if asked is not None and (asked.pages or params):
            yield asked


def _in_forms(tree: HtmlElement, base: str) -> Iterator[Endpoint]:
    """Forms that a pager sends: one of their fields is the page's number."""
    for form in tree.iter("form"):
        fields = [
            (f.get("name") or "", f.get("value") or "", f.get("type") or "") for f in form.iter("input")
        ]
        if not any(means(name) == "page" for name, _, kind in fields if kind in {"hidden", "text", ""}):
            continue
        url = absolute(base, form.get("action") or base)
        if url is None or any(kind == "password" for _, _, kind in fields):
            continue
        pairs = [
            (n, PAGE if means(n) == "page" else v)
            for n, v, k in fields
            if n and k not in {"submit", "button"}
        ]
        if (form.get("method") or "get").lower() == "post":
            yield Endpoint(url, "POST", tuple(pairs), reason="翻页表单 a pager's form")
        else:
            asked = urlunsplit(urlsplit(url)._replace(query=query_of(pairs)))
            yield Endpoint(asked, reason="翻页表单 a pager's form")


def _in_islands(text: str, base: str) -> Iterator[Endpoint]:
    """Links to a further page that stand inside a page's data."""
    for piece in CDATA.findall(text):
        for found in ISLAND_LINK.finditer(unescape(piece)):
            manner = Manner("数据岛中的下一组 a further group in an island")
            asked = made(found["url"], {}, base, Known({}), manner)
            if asked is not None and asked.pages:
                yield asked


def script_files(tree: HtmlElement, base: str) -> list[str]:
    """The addresses of a page's script files that may be its own, in order; libraries are left out."""
    found: list[str] = []
    for element in tree.iter("script"):
        url = absolute(base, element.get("src"))
        if (
            url
            and not FIELDS.library.search(url)
            and url not in found
            and not FIELDS.not_a_list.search(urlsplit(url).path)
        ):
            found.append(url)
    return found
