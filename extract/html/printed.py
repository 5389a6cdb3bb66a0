"""Words that a short script prints where it stands: `var no='示政〔2025〕1号';document.write(no)`.

See portals.md §4.2, 湖南. Only a script that does nothing else is read: what a condition or a function
would print is not known.
"""

from __future__ import annotations

import re

MAX_SCRIPT = 600
_PRINTS = re.compile(
    r"""\s*(?:<!--\s*)?
    (?:var\s+(?P<name>[\w$]+)\s*=\s*(?P<told>"[^"\\]*"|'[^'\\]*')\s*;?\s*)?
    document\.write(?:ln)?\(\s*(?:(?P<literal>"[^"\\]*"|'[^'\\]*')|(?P<used>[\w$]+))\s*\)\s*;?
    \s*(?://\s*)?(?:-->)?\s*""",
    re.VERBOSE,
)
_TAGS = re.compile(r"<[^<>]*>")


def printed_words(script: str | None) -> str:
    """What the script prints, markup left out; empty where that cannot be told from its text."""
    if not script or len(script) > MAX_SCRIPT or "document.write" not in script:
        return ""
    match = _PRINTS.fullmatch(script)
    if match is None or (match["used"] or match["name"]) != match["name"]:
        return ""
    literal = match["literal"] or match["told"] or ""
    return _TAGS.sub("", literal[1:-1]).strip()
