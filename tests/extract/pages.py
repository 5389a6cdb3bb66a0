"""Pages for tests: a few words of markup around what a test is about."""

from __future__ import annotations

from functools import cache

import extract
from archive.register import Register, load_register
from parser.document import Document, Grid, Paragraph


@cache
def register() -> Register:
    return load_register()


def read_html(body: str, *, head: str = "", url: str | None = None, charset: str = "utf-8") -> Document:
    page = f'<!DOCTYPE html><html><head><meta charset="{charset}">{head}</head><body>{body}</body></html>'
    return extract.read(page.encode(charset), url=url, register=register())


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]
