"""What the real web does to a crawl, row by row (portals.md §8): one host a row, and what each may cost.

A row is one host, `<name>.test`, that behaves badly in one way (`hostile.py` plays it). `docs/transport.md`
tells the same rows to users; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass

HEALTHY, INCOMPLETE, CHANGED = "healthy", "incomplete", "layout_changed"
DECLINED, UNREACHABLE, BLOCKED = "declined", "unreachable", "blocked"


@dataclass(frozen=True)
class Row:
    """`group` is the row's line in docs/transport.md; `requests` and `seconds` are what the host may cost,
    robots.txt included; `reports` how many report pages must be held.
    """

    group: str
    result: str
    words: str = ""  # in the walk's reason
    requests: int = 5
    seconds: float = 20.0
    reports: int = 0
    tls: str | None = None
    hosts: tuple[str, ...] = ()  # further hosts that the portal file names


ROWS = {
    # redirect shells
    "meta": Row("shells", HEALTHY, reports=2),
    "script": Row("shells", HEALTHY, reports=2),
    "cookie": Row("shells", HEALTHY, reports=2),
    "shelled": Row("shells", HEALTHY, reports=2, requests=6),
    "turning": Row("shells", INCOMPLETE, "redirect", requests=7),
    "scripts": Row("shells", INCOMPLETE, "shells lead on", requests=7),
    "metas": Row("shells", INCOMPLETE, "redirect", requests=7),
    # iframe shells
    "frame": Row("frames", HEALTHY, reports=2),
    "framed": Row("frames", HEALTHY, reports=2),
    "framing": Row("frames", INCOMPLETE, "shells lead on", requests=7),
    # pages that are errors and answer 200
    "dead": Row("dead", CHANGED, "不存在", requests=2),
    "nginx": Row("dead", CHANGED, "nginx", requests=2),
    "upkeep": Row("dead", CHANGED, "维护中", requests=2),
    "catchall": Row("dead", CHANGED, "读不出", requests=2),
    "home": Row("dead", CHANGED, "home page", requests=3),
    "gone": Row("dead", INCOMPLETE, "dead page", requests=4),
    "homeward": Row("dead", INCOMPLETE, "home page", requests=6),
    # sites that decline
    "p412": Row("declines", DECLINED, "412", requests=2),
    "p468": Row("declines", DECLINED, "468", requests=2),
    "p521": Row("declines", DECLINED, "521", requests=2),
    "p202": Row("declines", DECLINED, "202", requests=2),
    "p403": Row("declines", DECLINED, "403", requests=2),
    "jsl": Row("declines", DECLINED, "加速乐", requests=2),
    "ruishu": Row("declines", DECLINED, "瑞数", requests=2),
    "wall": Row("declines", DECLINED, "防火墙", requests=2),
    "later": Row("declines", DECLINED, "412", requests=4),
    # http and https
    "upward": Row("schemes", HEALTHY, reports=2, requests=8, tls="unverified"),
    "downward": Row("schemes", HEALTHY, reports=2, requests=8, tls="unverified"),
    "twins": Row("schemes", HEALTHY, reports=1, requests=3),
    # TLS
    "oldtls": Row("tls", HEALTHY, reports=2, tls="legacy"),
    "oldstrict": Row("tls", UNREACHABLE, requests=0),
    "badname": Row("tls", UNREACHABLE, requests=0),
    # hosts
    "several": Row(
        "hosts", HEALTHY, reports=2, requests=8, hosts=("xxgk.several.test", "zwgk.several-city.test")
    ),
    "moved": Row("hosts", INCOMPLETE, "moved-on.test", requests=2),
    "movedin": Row("hosts", CHANGED, "moved to a host", requests=2),
    "clone": Row("hosts", INCOMPLETE, "www.clone-mirror.com", requests=2),
    "mirrors": Row("hosts", INCOMPLETE, "www.clone-mirror.com", requests=2),
    # private addresses
    "inward": Row("inside", INCOMPLETE, "IP", requests=2),
    "leads": Row("inside", INCOMPLETE, "IP", requests=10),
    "inside": Row("inside", INCOMPLETE, "private address", requests=0),
    "turnsin": Row("inside", INCOMPLETE, "private address", requests=2, hosts=("inside.test",)),
    # traps
    "calendar": Row("traps", INCOMPLETE, "came twice", requests=11, reports=2),
    "session": Row("traps", HEALTHY, reports=2),
    "pathed": Row("traps", INCOMPLETE, "open one another", requests=18, reports=2),
    "endless": Row("traps", INCOMPLETE, "上限", requests=60, seconds=60),
    # malformed addresses
    "malformed": Row("malformed", HEALTHY, reports=1, requests=3),
    # robots.txt
    "htmlbots": Row("robots", HEALTHY, reports=2, requests=4),
    "huge": Row("robots", UNREACHABLE, requests=1),
    "long": Row("robots", BLOCKED, requests=1),
    "turned": Row("robots", HEALTHY, reports=2, requests=10),
    "challenged": Row("robots", DECLINED, requests=1),
    # answers that never end
    "silent": Row("slow", UNREACHABLE, requests=4, seconds=45),
    "drips": Row("slow", UNREACHABLE, requests=4, seconds=45),
    "bomb": Row("slow", INCOMPLETE, "DOWNLOAD_MAXSIZE", requests=2),
    "cut": Row("slow", UNREACHABLE, requests=4),
}
