"""Report pages of about 70 KB, made from the seeds: the same for the same number, always."""

from __future__ import annotations

import gzip
import random
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "tests" / "seeds"
HOSTS = 16
SMALLEST, LARGEST = 48_000, 93_000
GBK_SHARE = 0.15
_LINES = {"三、收到和处理政府信息公开申请情况": 40, "四、政府信息公开行政复议、行政诉讼情况": 6}


@cache
def _paragraphs() -> tuple[str, ...]:
    texts = [path.read_text("utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    return tuple(line.strip() for text in texts for line in text.splitlines() if len(line.strip()) > 12)


@cache
def _frame(host: int) -> tuple[str, str]:
    """Head and foot of a site: links and scripts, the same on all its pages."""
    dice = random.Random(f"frame {host}")
    links = [
        f'<li><a href="/col/col{dice.randrange(10**7)}/index.html" target="_blank" '
        f'title="{name}">{name}</a></li>'
        for name in (dice.choice(_paragraphs())[:10] for _ in range(90))
    ]
    scripts = [f'<script src="/images/{dice.randrange(10**9)}.js"></script>' for _ in range(20)]
    head = f"<html><head>{''.join(scripts)}</head><body><ul>{''.join(links)}</ul><div class='content'>\n"
    return head, f"</div><div class='foot'>{''.join(links[:40])}</div></body></html>\n"


def page(number: int) -> tuple[bytes, str]:
    """(body, charset) of page `number`."""
    dice = random.Random(number)
    head, foot = _frame(number % HOSTS)
    size = dice.randint(SMALLEST, LARGEST)
    charset = "gb18030" if dice.random() < GBK_SHARE else "utf-8"
    parts = [head, f"<h1>{2000 + number % 25}年政府信息公开工作年度报告（第{number}号）</h1>\n"]
    length = len(head.encode(charset)) + len(foot.encode(charset))
    while length < size:
        part = _table(dice) if dice.random() < 0.2 else _paragraph(dice)
        parts.append(part)
        length += len(part.encode(charset))
    return "".join([*parts, foot]).encode(charset), charset


def _paragraph(dice: random.Random) -> str:
    text = dice.choice(_paragraphs())
    style = "text-indent: 2em; line-height: 30pt; font-family: 仿宋_GB2312; font-size: 16pt"
    return f'<p style="{style}"><span style="font-size: 16pt">{dice.randrange(10**6)}{text}</span></p>\n'


def _table(dice: random.Random) -> str:
    rows = []
    for title, count in _LINES.items():
        rows.append(f'<tr><td colspan="9" style="border: 1px solid">{title}</td></tr>')
        for _ in range(count // 4):
            cells = "".join(
                f'<td style="border: 1px solid; width: {dice.randint(30, 90)}px"><p align="center">'
                f"{dice.randrange(400)}</p></td>"
                for _ in range(9)
            )
            rows.append(f"<tr>{cells}</tr>")
    return f'<table class="MsoNormalTable" cellspacing="0">{"".join(rows)}</table>\n'


def answer(number: int, *, zipped: bool) -> bytes:
    """Page `number` as it goes over the wire; zipped ones name no charset, as many portals do."""
    body, charset = page(number)
    fields = [
        "HTTP/1.1 200 OK",
        "Server: nginx",
        "Date: Tue, 03 Feb 2026 01:00:00 GMT",
        "Connection: keep-alive",
        f'ETag: "{number:x}-{len(body):x}"',
        "Last-Modified: Fri, 30 Jan 2026 02:00:00 GMT",
        "Accept-Ranges: bytes",
    ]
    if zipped:
        body = gzip.compress(body, 6, mtime=0)
        fields += ["Content-Type: text/html", "Content-Encoding: gzip"]
    else:
        fields.append(f"Content-Type: text/html; charset={charset}")
    return "\r\n".join([*fields, f"Content-Length: {len(body)}", "", ""]).encode() + body
