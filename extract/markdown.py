"""Plain text that came through a converter to Markdown → the words alone, line for line.

Some text extractors mark headings with `#`, bold lines with `**` and links as `[words](address)`; one prints
the title, the address and the day in lines of its own before the text.
"""

from __future__ import annotations

import re

_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
# a line that is bold as a whole, as a heading is; stars inside a sentence may be the writer's own
_BOLD = re.compile(r"^([ \t]*)(\*\*|__)(?=\S)([^\n*_]{1,300})(?<=\S)\2[ \t]*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]\n]{0,200}\]\([^()\s]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{0,200})\]\([^()\s]{1,2000}(?: \"[^\"\n]{0,200}\")?\)")
_PROXY_HEAD = re.compile(r"\ATitle: ([^\n]*)\n(?=(?:[^\n]*\n){0,2}URL Source: )")
_PROXY_LINE = re.compile(r"^(?:URL Source: .*|Markdown Content:)[ \t]*$", re.MULTILINE)
HEAD = 2_000  # characters within which a converter's own lines stand


def without_markdown(text: str) -> str:
    """The text without the marks; the number of its lines stays the same."""
    if "URL Source: " in text[:HEAD]:
        head = _PROXY_LINE.sub("", _PROXY_HEAD.sub(r"\1\n", text[:HEAD]))
        text = head + text[HEAD:]
    if "](" in text:
        text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    if "**" in text or "__" in text:
        text = _BOLD.sub(r"\1\3", text)
    return _HEADING.sub(r"\1", text)
