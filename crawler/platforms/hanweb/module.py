"""The xxgk module: lists as fragments of `search.jsp`, index search, organ tree (portals.md §4.1 b)."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml.html import HtmlElement

from archive.context import Role
from crawler.platforms.base import (
    LayoutUnknownError,
    ListPage,
    Organ,
    OrganPage,
    PageRequest,
    next_link,
    says_empty,
    stated,
)
from crawler.platforms.hanweb.store import unescaped
from crawler.platforms.links import absolute, with_query
from crawler.platforms.page import Page
from crawler.platforms.rows import Row, parse_html, text_of
from crawler.platforms.words import WORDS
from crawler.titles import printed_day

SEARCH_NAMES = r"(?:search|search_custom|subjectinfo)\.jsp"
SEARCH = re.compile(rf"/module/xxgk/{SEARCH_NAMES}", re.IGNORECASE)
CALL = re.compile(rf"[\"'](?P<url>[^\"'\s<>]*/module/xxgk/{SEARCH_NAMES}[^\"'\s<>]*)[\"']", re.IGNORECASE)
TREE = re.compile(r"[\"'](?P<url>[^\"'\s<>]*/module/xxgk/\w*tree\w*\.jsp[^\"'\s<>]*)[\"']", re.IGNORECASE)
FIELDS = (  # what a search form sends, in its order; each may stand in the page's script instead
    ("infotypeId", ""),
    ("jdid", "1"),
    ("divid", "div1"),
    ("area", ""),
    ("vc_title", ""),
    ("vc_number", ""),
    ("vc_filenumber", ""),
    ("vc_all", ""),
    ("texttype", "0"),
    ("fbtime", "-1"),
    ("sortfield", "compaltedate:0"),
    ("currpage", "1"),
)
TOLD = re.compile(
    r"(?<![\w.])[\"']?(?P<key>infotypeId|jdid|divid|area|vc_xxgkarea)[\"']?\s*[:=]\s*[\"']?(?P<value>[^\"',;&}\s<>)]+)",
    re.ASCII,
)
AREA = re.compile(r"(?:[?&;]|\b)(?:vc_xxgk)?area=(?P<key>[^&\"'\s<>\\)]+)", re.IGNORECASE)
NODE = re.compile(r"\.add\s*\(\s*(?P<args>(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^()'\"])*)\)", re.DOTALL)
TEXT = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
CLICK = re.compile(r"\b\w*(?:click|xxgk|area|org|dept)\w*\s*\(\s*[\"'](?P<key>[^\"']+)[\"']", re.IGNORECASE)
INFOTYPE = re.compile(r"^[A-Z]\d{3}(?:-?[A-Z]\d{3})*$|^(?:L\d{5})+$")  # a node of the catalogue, not an organ


def search_fields(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every field of the search form, with these given."""
    fields = [(key, given.get(key, value)) for key, value in FIELDS]
    return fields + [(key, value) for key, value in given.items() if key not in dict(FIELDS)]


def list_request(page: Page, request: PageRequest, options: Mapping[str, str]) -> PageRequest | None:
    """The fragment that a column page loads its list from; None for a page that loads none."""
    found = CALL.search(page.text)
    tree = TREE.search(page.text)
    asked = dict(parse_qsl(urlsplit(page.url).query))
    if found is None and "vc_xxgkarea" not in asked:
        return None
    # What the call itself says goes before the tree's address and the script's variables; the column's own
    # address and the portal file go before all.
    given = {pair["key"]: pair["value"] for pair in TOLD.finditer(page.text)}
    for url in (tree["url"] if tree else "", found["url"] if found else ""):
        said = parse_qsl(urlsplit(entities.unescape(url)).query)
        given |= {key: value for key, value in said if value and key in dict(FIELDS)}
    given = {key: value for key, value in given.items() if key in dict(FIELDS)}
    for ours, theirs in (("area", "vc_xxgkarea"), ("infotypeId", "number"), ("jdid", "jdid")):
        if asked.get(theirs):
            given[ours] = asked[theirs]
    given |= {key: value for key, value in options.items() if key in dict(FIELDS)}
    address = entities.unescape(found["url"]).partition("?")[0] if found else "/module/xxgk/search.jsp"
    url = absolute(page.url, address)
    if url is None or not (given.get("area") or given.get("infotypeId")):
        return None
    given["currpage"] = "1"
    fields = search_fields(given)
    headers = (("Referer", page.url),)
    posted = PageRequest(
        url,
        number=request.number,
        method="POST",
        form=tuple(fields),
        headers=headers,
        publisher=request.publisher,
        carry={"kind": "module"},
    )
    got = replace(posted, url=with_query(url, fields), method="GET", form=())
    first, second = (posted, got) if options.get("method", "").lower() == "post" else (got, posted)
    # "again": the first way was asked for without this page, and did not answer.
    return second if request.carry.get("again") else replace(first, fallback=second)


def read_fragment(page: Page, request: PageRequest, rows: Sequence[Row], tree: HtmlElement) -> ListPage:
    """A fragment of table rows; 共N页 tells the pages. 浙江 2020: data in the link's attributes."""
    found = [_attributed(row, tree, page.url) for row in rows]
    empty = says_empty(tree)
    if not found and not empty and request.role is not Role.LOOKUP:
        raise LayoutUnknownError(
            f"列表片段没有行，也没有说为空 a fragment without rows or word of it: {text_of(tree)[:60]}"
        )
    pages = stated(WORDS.stated_pages, tree)
    following = None
    if request.number < (pages or 0) or (pages is None and found and next_link(tree, page.url)):
        following = _page(request, request.number + 1, pages)
    return ListPage(tuple(found), following, stated(WORDS.stated_total, tree), pages, empty)


def read_organs(page: Page) -> OrganPage:
    """The organs of a tree or of a page that lists them: nodes and links that carry an `area`."""
    organs: dict[str, str] = {}
    for key, name in (*_nodes(page), *_linked(page)):
        if key and (name or key not in organs):
            organs.setdefault(key, name)
            organs[key] = organs[key] or name
    trees = [absolute(page.url, entities.unescape(found["url"])) for found in TREE.finditer(page.text)]
    lists = tuple(PageRequest(url) for url in dict.fromkeys(trees) if url is not None and url != page.url)
    if not organs and not lists:
        raise LayoutUnknownError(f"机构树里没有机构 no organ in the tree: {page.url}")
    return OrganPage(tuple(Organ(key, name) for key, name in organs.items()), lists)


def _page(request: PageRequest, number: int, pages: int | None) -> PageRequest:
    carry = {**request.carry, "pages": str(pages or "")}
    if request.form:
        form = tuple((key, str(number) if key == "currpage" else value) for key, value in request.form)
        return replace(request, form=form, number=number, fallback=None, carry=carry)
    url = with_query(request.url, [("currpage", str(number))])
    return replace(request, url=url, number=number, fallback=None, carry=carry)


def _attributed(row: Row, tree: HtmlElement, base: str) -> Row:
    """The row as the attributes `mc` (title) and `rq` (date) of its link tell it."""
    for anchor in tree.xpath("//a[@mc]"):
        if absolute(base, anchor.get("href")) == row.url:
            day = anchor.get("rq") or ""
            return replace(
                row, title=" ".join(anchor.get("mc").split()) or row.title, date=printed_day(day) or row.date
            )
    return row


def _nodes(page: Page) -> Iterator[tuple[str, str]]:
    """(key, name) of the dTree nodes. In a tree for one organ the nodes are its catalogue, no organs."""
    whole = not dict(parse_qsl(urlsplit(page.url).query)).get("area")
    for node in NODE.finditer(page.text):
        texts = [unescaped(one or two) for one, two in TEXT.findall(node["args"])]
        name = next((plain for text in texts if (plain := _name(text))), "")
        for text in texts:
            if key := _key(text, whole=whole):
                yield key, name
                break


def _linked(page: Page) -> Iterator[tuple[str, str]]:
    """(key, name) of links, options and clickable texts."""
    tree = parse_html(page.text)
    whole = not dict(parse_qsl(urlsplit(page.url).query)).get("area")
    for element in tree.iter("a", "li", "option", "span", "td"):
        texts = [element.get(name) or "" for name in ("href", "onclick", "value", "data-url")]
        key = next((key for text in texts if (key := _key(text, whole=whole))), None)
        if key:
            yield key, _name(element.get("title") or "") or _name(text_of(element))


def _key(text: str, *, whole: bool) -> str | None:
    if found := AREA.search(text):
        return unquote(found["key"])
    if whole and (found := CLICK.search(text)) and not INFOTYPE.match(found["key"]):
        return found["key"]
    return None


def _name(text: str) -> str:
    """A name, not an address or a call: with the tags of the node left out."""
    plain = re.sub(r"<[^>]*>|\(\d+\)$", "", text).strip()
    return " ".join(plain.split()) if re.search(r"[\u4e00-\u9fff]", plain) and "(" not in plain[:40] else ""
