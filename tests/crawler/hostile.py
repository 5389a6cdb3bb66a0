"""Hosts that play every row of portals.md §8, for one crawl of all of them (tests/crawler/test_transport.py).

`hostile.test` answers each column in another bad way; hosts whose whole behaviour is to decline stand alone,
since a host that declines is left alone. Everything is served by one server on loopback, under any name.
"""

from __future__ import annotations

import re

from tests.crawler.crawling import list_page
from tests.crawler.odd_server import Answer, Behaviour

TITLE = "示例{}镇2024年政府信息公开工作年度报告"
REPORT = (
    f"<html><body><h1>{TITLE.format('甲')}</h1><p>{'根据条例，现公布本年度报告。' * 40}</p></body></html>"
)
DEAD = "<html><body><p>您访问的页面不存在</p></body></html>"
MENU = "".join(f'<a href="/m{n}/">栏目{n}</a>' for n in range(8))
PRIVATE = (
    "http://10.0.0.8/nb/", "http://127.0.0.1:{}/nb/", "http://127.1:{}/nb/", "http://2130706433:{}/nb/",
    "http://0x7f000001:{}/nb/", "http://[::1]:{}/nb/", "http://[::ffff:127.0.0.1]:{}/nb/", "http://localhost:{}/nb/",
)  # fmt: skip


def rows(column: str, count: int = 2, start: int = 0, tail: str = "") -> Answer:
    """A list of reports below the column."""
    links = [(f"/{column}/202501/t20250110_{n}.html", TITLE.format(n)) for n in range(start, start + count)]
    return Answer(body=list_page(*links, tail=tail))


def to(url: str) -> Answer:
    return Answer(302, headers=(("Location", url),))


def script(url: str) -> Answer:
    return Answer(body=f"<html><script>window.location.href='{url}';</script></html>")


def meta(url: str) -> Answer:
    return Answer(body=f'<html><head><meta http-equiv="refresh" content="0;url={url}"></head></html>')


def shells(column: str, path: str, before: int, number: int) -> Answer | None:
    """Pages that only send on: by meta, script, frame, a redirect to itself; and those that never end."""
    inner = f"/{column}/list/"
    return {
        "meta": meta(inner),
        "script": script(inner),
        "frame": Answer(body=f'<html><body><iframe src="{inner}" width="100%"></iframe></body></html>'),
        "framed": Answer(body=f'<html><body>{MENU}<div><iframe src="{inner}"></iframe></div></body></html>'),
        "cookie": to(f"/{column}/") if before == 0 else rows(column),
        "turning": to(f"/{column}/"),
        "scripts": script(f"/{column}/?n={number + 1}"),
        "metas": meta(f"/{column}/?n={number + 1}"),
    }.get(column)


def traps(column: str, path: str, before: int, number: int) -> Answer | None:
    """Dead pages that answer 200, moves, clones, pagers that never end."""
    answers = {
        "dead": Answer(body=DEAD),
        "nginx": Answer(body="<html><h1>Welcome to nginx!</h1></html>"),
        "home": to("/"),
        "moved": to("http://moved.test/nb/"),
        "clone": to("http://www.clone-mirror.com/nb/"),
        "calendar": rows(column, tail=f'<a href="?month={number + 1}">下一页</a>'),
        "session": rows(column, tail=f'<a href="/{column}/;jsessionid=A{before}">下一页</a>'),
        "endless": rows(column, 1, number, tail=f'<a href="?n={number + 1}">下一页</a>'),
    }
    return answers.get(column)


def lists(column: str, port: int) -> Answer | None:
    """Lists whose rows are the trouble."""
    path = f"/{column}/202501/t20250110_1.html"
    one = TITLE.format(1)
    links = {
        "malformed": [(f"http://hostile.testhttp//hostile.test{path}", one), ("http://[", one)],
        "twins": [(f"https://hostile.test{path}", one), (path, one)],
        "inward": [(url.format(port) + "202501/t20250110_1.html", one) for url in PRIVATE],
        "mirrors": [(f"http://www.clone-mirror.com{path}", one)],
    }
    return Answer(body=list_page(*links[column])) if column in links else None


def documents(column: str, path: str, port: int) -> Answer:
    """Report pages; those of some columns are shells, dead, or lead astray."""
    if column == "leads" and (found := re.search(r"_(\d)\.html", path)):
        return to(PRIVATE[int(found[1])].format(port))
    return {
        "shelled": script(f"/shelled/real/{path.rpartition('/')[2]}") if "/real/" not in path else None,
        "gone": Answer(body=DEAD),
        "homeward": to("/"),
    }.get(column) or Answer(body=REPORT)


class Hostile:
    """The behaviour of hostile.test and endless.test. `port` is the server's, once it is known."""

    port = 0

    def __call__(self, path: str, before: int) -> Answer:
        if path == "/robots.txt":
            return Answer(404, "no")
        column = path.split("/")[1]
        found = re.search(r"=(\d+)", path)
        number = int(found[1]) if found else 0
        if path == "/":
            return Answer(body=f"<html><body>{MENU}</body></html>")
        if re.search(r"/t\d+_\d+\.html", path):
            return documents(column, path, self.port)
        if path.endswith("/list/"):
            return rows(column)
        return (
            shells(column, path, before, number)
            or traps(column, path, before, number)
            or lists(column, self.port)
            or rows(column, len(PRIVATE) if column == "leads" else 2)
        )


DECLINING = {
    "p412": Answer(412, "no"),
    "p468": Answer(468, "no"),
    "p521": Answer(521, "<script>document.cookie='__jsl_clearance_s=1';location.reload()</script>"),
    "p202": Answer(202, "<html></html>"),
    "jsl": Answer(200, "<script>document.cookie='__jsl_clearance_s=1';location.href='/x/'</script>"),
    "ruishu": Answer(200, "<html><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></html>"),
    "wall": Answer(200, "<html><body>网站防火墙：您的请求被拦截</body></html>"),
}
ROBOTS = {
    "huge": (Answer(200, b"User-agent: *\nDisallow:\n" + b"#" * (5 << 20), "text/plain"), "unreachable"),
    "long": (Answer(200, b"User-agent: *\nDisallow: /nb/\n" + b"# x\n" * 150_000, "text/plain"), "blocked"),
    "turned": (to("/robots.txt?x"), "healthy"),
}


def declines(name: str) -> Behaviour:
    """robots.txt is absent, everything else declines."""
    return lambda path, _before: Answer(404, "no") if path == "/robots.txt" else DECLINING[name]


def with_robots(name: str) -> Behaviour:
    """An ordinary portal behind an odd robots.txt."""

    def behave(path: str, _before: int) -> Answer:
        if path.startswith("/robots.txt"):
            return ROBOTS[name][0]
        return rows("nb") if path == "/nb/" else Answer(body=REPORT)

    return behave
