"""Addresses as pages write them, made into addresses that can be asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from archive.routes import identity_of, is_route

PLACEHOLDER = re.compile(r"\{\{|[$#]\{|<%|%7B%7B", re.IGNORECASE)  # of a template that a script fills in
GLUED = re.compile(
    r"^https?://[^/?#]*?(?P<url>https?):?//", re.IGNORECASE
)  # http://AhttP//A/… (portals.md §8.1)
SESSION = re.compile(
    r";jsessionid=[^/?#;]*|(?<=[?&])(?:jsessionid|phpsessid|aspsessionid\w*)=[^&#]*&?", re.IGNORECASE
)
SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")


def absolute(base: str, href: str | None) -> str | None:
    """The address behind an href, encoded as it will be asked for; None if it is none.

    Without its fragment, unless that is the route of a single-page application (`#/detail/7`).
    White space and backslashes are mended as browsers do, a host written twice is read once, and the session
    of a visitor is left out: with it each visit would bring new addresses. `javascript:` and malformed hosts
    are none.
    """
    href = re.sub(r"[\t\r\n]", "", href or "").strip()
    if not href or (href.startswith("#") and not is_route(href)) or PLACEHOLDER.search(href):
        return None
    if SCHEME.match(href) and not href.lower().startswith(("http:", "https:")):
        return None
    try:
        url = plain(identity_of(urljoin(base, href.replace("\\", "/"))))
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
            return None
        return str(safe_url_string(url))
    except ValueError:
        return None


def plain(url: str) -> str:
    """The address without what a broken template or a visitor's session put into it."""
    if glued := GLUED.match(url):
        url = f"{glued['url']}://{url[glued.end() :]}"
    return SESSION.sub("", url).rstrip("?&") if SESSION.search(url) else url


def with_query(url: str, changes: Iterable[tuple[str, str]]) -> str:
    """The URL with these query parameters set, wherever they stand in it; others kept in place."""
    parts = urlsplit(url)
    wanted = dict(changes)
    pairs = [(key, wanted.get(key, value)) for key, value in parse_qsl(parts.query, keep_blank_values=True)]
    added = [pair for pair in wanted.items() if pair[0] not in dict(pairs)]
    return urlunsplit(parts._replace(query=urlencode([*pairs, *added])))


def same_site(base: str, url: str) -> str:
    """The URL with the scheme and port of `base` where both name one host: http, https and www:80 are twins.

    A portal is asked as its file says, since on some only http works (portals.md §4.4).
    """
    ours, parts = urlsplit(base), urlsplit(url)
    if parts.hostname != ours.hostname or parts.port not in (None, 80, 443, ours.port):
        return url
    return urlunsplit(parts._replace(scheme=ours.scheme, netloc=ours.netloc))


def without_query(url: str, names: Iterable[str]) -> str:
    """The URL without these query parameters."""
    parts = urlsplit(url)
    drop = set(names)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if not drop & {key for key, _ in pairs}:
        return url
    return urlunsplit(parts._replace(query=urlencode([pair for pair in pairs if pair[0] not in drop])))


def folder(url: str) -> str:
    """The URL up to its last slash."""
    return urljoin(url, ".")
