"""Lists that a page's scripts print: `document.writeln("<a href=…")` (武汉, 湖南; portals.md §4.2).

Nothing is run. The argument of each call is read as strings put together with `+`; a name stands for the
string last given to it, else for nothing. Both branches of a condition are printed: what is no row is not
taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from crawler.platforms.rows import parse_html

SCRIPT = re.compile(r"<script\b[^>]*>(?P<body>.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
STRING = r"'(?:[^'\\\r\n]|\\.)*'|\"(?:[^\"\\\r\n]|\\.)*\"|`(?:[^`\\]|\\.)*`"
STEP = re.compile(
    rf"(?P<call>\bdocument\s*\.\s*write(?:ln)?\s*\()"
    rf"|(?P<name>[A-Za-z_$][\w$]*)\s*=\s*(?P<value>{STRING})\s*(?=[;,\r\n}}]|$)",
    re.DOTALL,
)
PART = re.compile(
    rf"\s*(?:(?P<string>{STRING})|(?P<name>[A-Za-z_$][\w$.\[\]]*)|(?P<number>\d+)|(?P<mark>[+,();]))",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\(?:u(?P<u>[0-9a-fA-F]{4})|x(?P<x>[0-9a-fA-F]{2})|(?P<c>.))", re.DOTALL)
PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": "", "v": ""}


def printed_tree(tree: HtmlElement) -> HtmlElement | None:
    """The page with each script replaced by what it prints; None where no script prints a link."""
    if not any("document" in (script.text or "") for script in tree.iter("script")):
        return None
    text = etree.tostring(tree, encoding="unicode", method="html")
    names: dict[str, str] = {}
    printed = SCRIPT.sub(lambda script: _printed(script["body"], names), text)
    return parse_html(printed) if "<a" in printed and printed != text else None


def unescaped(string: str) -> str:
    """What a string of a script means, without its quotes."""

    def plain(found: re.Match[str]) -> str:
        code = found["u"] or found["x"]
        return chr(int(code, 16)) if code else PLAIN.get(found["c"], found["c"])

    return ESCAPE.sub(plain, string)


def _printed(body: str, names: dict[str, str]) -> str:
    """What one script prints; the strings that it names are kept for later ones."""
    parts: list[str] = []
    for step in STEP.finditer(body):
        if step["call"]:
            parts += _argument(body, step.end(), names)
            parts.append("\n")
        else:
            names[step["name"]] = unescaped(step["value"][1:-1])
    return "".join(parts)


def _argument(body: str, start: int, names: dict[str, str]) -> Iterator[str]:
    depth = 1
    while depth and (part := PART.match(body, start)):
        start = part.end()
        if part["string"]:
            yield unescaped(part["string"][1:-1])
        elif part["name"]:
            yield names.get(part["name"], "")
        elif part["number"]:
            yield part["number"]
        elif part["mark"] == ";":
            return
        else:
            depth += {"(": 1, ")": -1}.get(part["mark"], 0)
