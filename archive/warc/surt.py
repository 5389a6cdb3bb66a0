"""The sort key of a URL in a CDXJ index, as replay tools build it: host reversed, query sorted, lower."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes, urlsplit

_WWW = re.compile(r"^www\d*\.")
_PLAIN_URL = re.compile(
    r"https?://(?:www\d*\.)?+([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*)(/[A-Za-z0-9._~/-]*)"
)
_PORTS = {"http": 80, "https": 443}
_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~%"


def url_key(url: str) -> str:
    """`http://www.Example.gov.cn:80/A?b=2&a=1` → `cn,gov,example)/a?a=1&b=2`; an unreadable URL stays."""
    plain = _PLAIN_URL.fullmatch(url)
    if plain is not None:  # most pages: nothing to escape, sort or split
        return f"{','.join(reversed(plain[1].split('.')))}){plain[2].lower().rstrip('/') or '/'}"
    return full_url_key(url)


def full_url_key(url: str) -> str:
    """The same for any URL."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return quote(url, safe=_SAFE)
    host = _WWW.sub("", (parts.hostname or "").rstrip("."))
    if not host:
        return quote(url, safe=_SAFE)
    reverse = host if _is_ipv4(host) or ":" in host else ",".join(reversed(host.split(".")))
    if port is not None and port != _PORTS.get(parts.scheme):
        reverse += f":{port}"
    path = _plain(parts.path).rstrip("/") or "/"
    query = "&".join(sorted(_plain(parts.query).split("&"))) if parts.query else ""
    return f"{reverse}){path}" + (f"?{query}" if query else "")


def _plain(text: str) -> str:
    """Escapes undone and made again in one way, so that `%e5` and `%E5` meet; ASCII letters lower."""
    return quote(unquote_to_bytes(text), safe=_SAFE.replace("%", "")).lower()


def _is_ipv4(host: str) -> bool:
    return re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}", host) is not None
