"""Hosts that play every row of portals.md §8, for one crawl of all of them (tests/crawler/test_transport.py).

Each row of `hostile_rows.ROWS` is a host, `<name>.test`, whose one column is `/<name>/`. They are served on
loopback under any name: by one server in the clear, by one over TLS, and by one that knows old TLS alone.
"""

from __future__ import annotations

import gzip
import re
from functools import partial

from tests.crawler.crawling import list_page
from tests.crawler.hostile_rows import ROWS
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


def shells(column: str, before: int, number: int) -> Answer | None:
    """Pages that only send on: by meta, script, frame, a redirect to itself; and those that never end."""
    inner, onward = f"/{column}/list/", f"/{column}/?n={number + 1}"
    return {
        "meta": meta(inner),
        "script": script(inner),
        "frame": Answer(body=f'<html><body><iframe src="{inner}" width="100%"></iframe></body></html>'),
        "framed": Answer(body=f'<html><body>{MENU}<div><iframe src="{inner}"></iframe></div></body></html>'),
        "framing": Answer(body=f'<html><body><iframe src="{onward}"></iframe></body></html>'),
        "cookie": to(f"/{column}/") if before == 0 else rows(column),
        "turning": to(f"/{column}/"),
        "scripts": script(onward),
        "metas": meta(onward),
    }.get(column)


def traps(column: str, path: str, before: int, number: int) -> Answer | None:
    """Dead pages that answer 200, moves, clones, pagers that never end."""
    answers = {
        "dead": Answer(body=DEAD),
        "nginx": Answer(body="<html><h1>Welcome to nginx!</h1></html>"),
        "upkeep": Answer(body="<html><title>系统维护中</title><body>网站维护中，请稍后访问</body></html>"),
        "catchall": Answer(
            body="<html><body><div id='app'></div><script src='/app.js'></script></body></html>"
        ),
        "home": to("/"),
        "moved": to("http://moved-on.test/nb/"),
        "movedin": to("http://several.test/several/"),
        "clone": to("http://www.clone-mirror.com/nb/"),
        "turnsin": to("http://inside.test/nb/"),
        "calendar": rows(column, tail=f'<a href="?month={number + 1}">下一页</a>'),
        "session": rows(column, tail=f'<a href="/{column}/;jsessionid=A{before}">下一页</a>'),
        "pathed": rows(column, tail=f'<a href="/{column}/s{number + 1}=x/">下一页</a>'),
        "endless": rows(column, 1, number, tail=f'<a href="?n={number + 1}">下一页</a>'),
        "silent": Answer(wait=60),
        "drips": Answer(body=list_page(), drip=0.5),
        "bomb": Answer(body=BOMB, headers=(("Content-Encoding", "gzip"),)),
        "cut": Answer(body=list_page(), cut=True),
    }
    return answers.get(column)


def lists(column: str, port: int) -> Answer | None:
    """Lists whose rows are the trouble, and those that lie on several hosts."""
    path, own = f"/{column}/202501/t20250110_1.html", f"{column}.test"
    one, two = TITLE.format(1), TITLE.format(2)
    links = {
        "malformed": [(f"http://{own}http//{own}{path}", one), ("http://[", two), ("javascript:;", two)],
        "twins": [(f"https://{own}{path}", one), (path, one)],
        "inward": [(url.format(port) + "202501/t20250110_1.html", one) for url in PRIVATE],
        "mirrors": [(f"http://www.clone-mirror.com{path}", one)],
        "several": [
            ("http://xxgk.several.test/several/202501/t20250110_1.html", one),
            ("//zwgk.several-city.test/several/202501/t20250110_2.html", two),
        ],
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


DECLINING = {
    "p412": Answer(412, "no"),
    "p468": Answer(468, "no"),
    "p521": Answer(521, "<script>document.cookie='__jsl_clearance_s=1';location.reload()</script>"),
    "p202": Answer(202, "<html></html>"),
    "p403": Answer(403, "no"),
    "jsl": Answer(200, "<script>document.cookie='__jsl_clearance_s=1';location.href='/x/'</script>"),
    "ruishu": Answer(200, "<html><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></html>"),
    "wall": Answer(200, "<html><body>网站防火墙：您的请求被拦截</body></html>"),
}
SOFT_404 = "<!DOCTYPE html><html><body>User-agent: *<br>Disallow: / 页面不存在</body></html>"
ROBOTS = {
    "htmlbots": Answer(200, SOFT_404),
    "huge": Answer(200, b"User-agent: *\nDisallow:\n" + b"#" * (5 << 20), "text/plain"),
    "long": Answer(200, b"User-agent: *\nDisallow: /\n" + b"# x\n" * 150_000, "text/plain"),
    "turned": to("/robots.txt?x"),
    "challenged": DECLINING["p521"],
}
BOMB = gzip.compress(bytes(70 << 20), 9)  # 70 kB that become more than DOWNLOAD_MAXSIZE


class Hostile:
    """The behaviour of every row. `port` is the server's, once it is known."""

    port = 0

    def hosts(self) -> dict[str, Behaviour]:
        """Every row by its host, with the further hosts that its portal has."""
        own = {f"{name}.test": partial(self.answer, name) for name in ROWS}
        return own | {host: partial(self.answer, name) for name, row in ROWS.items() for host in row.hosts}

    def over_tls(self) -> dict[str, Behaviour]:
        """The same as they answer over TLS."""
        return {host: partial(self.answer_over_tls, host.partition(".")[0]) for host in self.hosts()}

    def answer_over_tls(self, name: str, path: str, before: int) -> Answer:
        if name == "downward" and path != "/robots.txt":
            return to(f"http://downward.test{path}")
        return Answer(404, "no") if path == "/robots.txt" else self._portal(name, path, before)

    def answer(self, name: str, path: str, before: int) -> Answer:
        """What a host says in the clear."""
        if path.startswith("/robots.txt"):
            return ROBOTS.get(name, Answer(404, "no"))
        if name == "upward":
            return to(f"https://upward.test{path}")
        if name == "later" and path != "/later/":
            return DECLINING["p412"]
        return DECLINING.get(name) or self._portal(name, path, before)

    def _portal(self, name: str, path: str, before: int) -> Answer:
        found = re.search(r"[?&s/](?:n|month|s)?(\d+)=|=(\d+)", path)
        number = int(found[1] or found[2]) if found else 0
        if path == "/":
            return Answer(body=f"<html><body>{MENU}</body></html>")
        if re.search(r"/t\d+_\d+\.html", path):
            return documents(name, path, self.port)
        if path.endswith("/list/"):
            return rows(name)
        return (
            shells(name, before, number)
            or traps(name, path, before, number)
            or lists(name, self.port)
            or rows(name, len(PRIVATE) if name == "leads" else 2)
        )
