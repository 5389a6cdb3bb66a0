"""The scripts of a page: their texts, what their names stand for, and what they print into the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from crawler.platforms.generic_script import Call, Joined, Name, Script, joined

PRINTS = re.compile(r"document\.write(?:ln)?\s*\(")
SCRIPT = re.compile(r"<script\b(?P<tag>[^>]*)>(?P<text>.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
PLAIN_TYPE = re.compile(
    r"\btype\s*=\s*[\"']?(?!text/(?:java|ecma)script|application/javascript|module)\w", re.IGNORECASE
)

# Calls that hand on what they are given; calls that look up a parameter of the address or a field.
HANDS_ON = {"encodeURI", "encodeURIComponent", "escape", "String", "parseInt", "Number", "trim"}
LOOKS_UP = re.compile(r"query|param|request|getelementbyid|searchparams|^\$$|^jquery$", re.IGNORECASE)


def resolved(value: object, known: Callable[[str], object]) -> object:
    """The value with names replaced by what `known` tells of them; what it answers None to stays."""
    if isinstance(value, Name):
        given = known(value.path)
        return value if given is None else given
    if isinstance(value, Joined):
        return joined([resolved(part, known) for part in value.parts])
    if isinstance(value, Call):
        if len(value.arguments) == 1 and value.path.rpartition(".")[2] in HANDS_ON:
            return resolved(value.arguments[0], known)
        named = [part for part in value.arguments if isinstance(part, str) and part]
        given = known(named[0].lstrip("#.")) if len(named) == 1 and LOOKS_UP.search(value.path) else None
        return value if given is None else given
    return value


def scripts_of(text: str) -> Iterator[str]:
    """The texts of a page's own scripts; templates and data islands are none."""
    for found in SCRIPT.finditer(text):
        if found["text"].strip() and not PLAIN_TYPE.search(found["tag"]):
            yield found["text"]


def printed(text: str) -> str:
    """The page with what its scripts print in their place, as far as it can be told without running them."""
    if not PRINTS.search(text):
        return text
    known: dict[str, object] = {}

    def output(found: re.Match[str]) -> str:
        script = found["text"]
        if PLAIN_TYPE.search(found["tag"]):
            return found.group()
        known.update(
            {key: value for key, value in Script(script).assigned().items() if isinstance(value, str)}
        )
        if not PRINTS.search(script):
            return found.group()
        shown = [
            resolved(argument, known.get)
            for call in Script(script).calls()
            if call.path in {"document.write", "document.writeln"}
            for argument in call.arguments[:1]
        ]
        texts = [part for part in shown if isinstance(part, str)]
        return "".join(texts) if texts and len(texts) == len(shown) else found.group()

    return SCRIPT.sub(output, text)
