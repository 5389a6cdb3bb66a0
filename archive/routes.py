"""Fragments that are routes: the part of an address by which a single-page application names its pages.

`#/detail/7` and `#!/detail/7` are pages of their own, which a script draws; any other fragment (`#top`) names
a place in its page and says nothing of what the page is.
"""

from __future__ import annotations

ROUTE_MARKS = ("/", "!/")


def is_route(url: str) -> bool:
    """Whether an address names a page that only a script can draw; a bare `#/` is the page itself."""
    return any(
        fragment.startswith(mark) and len(fragment) > len(mark)
        for fragment in (url.partition("#")[2],)
        for mark in ROUTE_MARKS
    )


def identity_of(url: str) -> str:
    """The address by which a page is known: without its fragment, unless that is a route."""
    return url if is_route(url) else url.partition("#")[0]
