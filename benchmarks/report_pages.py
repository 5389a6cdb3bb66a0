"""Report pages of every platform family, as large as real ones: the same for the same number, always.

The pages are those of the sample portals: the gallery's, each portal several times as another county (other
names, other numbers), and the story's. They are drawn sparingly (9 KB); here they are dressed as such pages
look in the wild: text pasted from Word or an editor, with a style on every cell, a frame of links and scripts
around it, and as much running text as a real report has. Of the real report in the shared folder 72 KB are
1,500 tags and 280 cells.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from extract.data_tables import bodies
from tests.portals.gallery import gallery
from tests.portals.gallery.base import TODAY, GallerySite
from tests.portals.planted import Report
from tests.portals.site import Reply, Request
from tests.portals.sites import SITES

SEEDS = Path(__file__).parent.parent / "tests" / "seeds"
SMALLEST, LARGEST = 40_000, 80_000  # bytes of markup as UTF-8, before the site's own
LINKS, SCRIPTS = 110, 20
MOST_PARAGRAPHS = 20
PAGES_OF_AN_EDITION = 340
GLOSSED = "002_"  # a seed whose words stand in two scripts
_CELL = re.compile(r"<td\b([^>]*)>((?:(?!</?(?:td|table)\b).)*)</td>", re.DOTALL | re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_OPENING = re.compile(r"<p[^>]*>(?:<[^>]+>)*一、总体情况.*?</p>", re.DOTALL)
_NAMED = re.compile(r"\b(class|id)\s*=\s*([\"'])([^\"']*)\2", re.IGNORECASE)
_BODY = re.compile(r"<body[^>]*>", re.IGNORECASE)
_WORD_CELL = "border: solid windowtext 1pt; padding: 0cm 5.4pt"
_WORD_TEXT = "font-size: 12pt; font-family: 仿宋"
_EDITOR_TEXT = "text-indent: 2em; line-height: 30pt; margin: 0px; font-family: 仿宋; font-size: 16pt"


@dataclass(frozen=True)
class Made:
    """A page as served: an address, an answer, and what its list says of it."""

    url: str
    portal: str
    title: str
    content_type: str
    body: bytes
    charset: str


def pages(wanted: int, *, named: bool = True) -> list[Made]:
    """So many pages, the families mixed. Not `named`: without the names that tell a body's container."""
    drawn = [page for number in range(_editions(wanted)) for page in _edition(number)]
    random.Random(1).shuffle(drawn)
    return [_dressed(page, number, named=named) for number, page in enumerate(drawn[:wanted])]


def sites(wanted: int) -> list[GallerySite]:
    """The gallery's portals of as many editions as `pages` needs: for the register."""
    found: list[GallerySite] = []
    for number in range(_editions(wanted)):
        found += _portals(number)
    return found


def _editions(wanted: int) -> int:
    return 1 + wanted // PAGES_OF_AN_EDITION


def _portals(edition: int) -> list[GallerySite]:
    """Each portal of the gallery as another county: only its code differs, from which all numbers follow."""
    kinds = gallery_kinds()
    return [
        type(
            kind.__name__, (kind,), {"county_code": f"99{(edition * len(kinds) + place) * 7 % 9000 + 1000}"}
        )()
        for place, kind in enumerate(kinds)
    ]


def gallery_kinds() -> list[type[GallerySite]]:
    return [kind for kind in gallery() if kind.__module__.startswith("tests.")]


def _edition(number: int) -> Iterator[Made]:
    for site in _portals(number):
        for item in site.items:
            if item.year is not None and not item.attachment:
                reply = _asked(site, item.path)
                if reply.status == 200 and len(reply.body) > 4_000:
                    yield _made(reply, f"http://{site.host}/{number}{item.path}", site.portal, item.title)
    for kind in SITES if number == 0 else ():
        story = kind(TODAY)
        for entry in story.entries:
            if isinstance(entry, Report):
                reply = story.reply(Request(*_split(entry.path)))
                if reply.status == 200 and len(reply.body) > 4_000:
                    yield _made(reply, f"http://{story.host}{entry.path}", story.portal, entry.title)


def _asked(site: GallerySite, path: str) -> Reply:
    return site.reply(Request(*_split(path)), site.host)


def _split(path: str) -> tuple[str, dict[str, str], str]:
    parts = urlsplit(path)
    query = dict(part.partition("=")[::2] for part in parts.query.split("&") if part)
    return parts.path, query, parts.query


def _made(reply: Reply, url: str, portal: str, title: str) -> Made:
    charset = (
        "gb18030"
        if re.search(rb"charset=[\"']?gb", reply.body[:2000] + reply.content_type.encode(), re.IGNORECASE)
        else "utf-8"
    )
    return Made(url, portal, title, reply.content_type, reply.body, charset)


def _dressed(page: Made, number: int, *, named: bool) -> Made:
    dice = random.Random(number)
    text = page.body.decode(page.charset)
    if not named:
        text = unnamed(text)
    if "<td" not in text:  # an answer in JSON, its markup escaped
        return Made(page.url, page.portal, page.title, page.content_type, page.body, page.charset)
    style = dice.choice((_word_cell, _editor_cell, _plain_cell))
    widths = [dice.randint(30, 90) for _ in range(16)]
    cells = count()
    text = _CELL.sub(lambda match: style(match, widths[next(cells) % 16]), text)
    text = _PARAGRAPH.sub(rf'<p style="{_EDITOR_TEXT}"><span style="{_WORD_TEXT}">\1</span></p>', text)
    text = _framed(text, page.portal)
    size = dice.randint(SMALLEST, LARGEST)
    return Made(
        page.url,
        page.portal,
        page.title,
        page.content_type,
        _filled(text, size, dice).encode(page.charset, "xmlcharrefreplace"),
        page.charset,
    )


def _word_cell(match: re.Match[str], width: int) -> str:
    """As Word pastes it: a paragraph and a span in each cell, each with its style."""
    style = f"width: {width}.55pt; {_WORD_CELL}"
    paragraph = f'<p class="MsoNormal" align="center" style="text-align: center">{_span(_inner(match))}</p>'
    return f'<td{match[1]} width="{width}" style="{style}">{paragraph}</td>'


def _editor_cell(match: re.Match[str], width: int) -> str:
    """As an editor of the web writes it."""
    text = f'<p style="text-align: center; text-indent: 0; margin: 0px">{_span(_inner(match))}</p>'
    return f'<td{match[1]} style="border: 1px solid #000; width: {width}px">{text}</td>'


def _plain_cell(match: re.Match[str], width: int) -> str:
    """As a table of HTML 4."""
    attributes = f'width="{width}" height="30" align="center" valign="middle" bgcolor="#ffffff"'
    return f'<td{match[1]} {attributes}><font face="宋体" size="3">{match[2]}</font></td>'


def _inner(match: re.Match[str]) -> str:
    inner = match[2].strip()
    return inner.removeprefix("<p>").removesuffix("</p>") if inner.count("<p") == 1 else inner


def _span(text: str) -> str:
    return f'<span style="{_WORD_TEXT}">{text}</span>' if "<p" not in text else text


@cache
def _sentences() -> tuple[str, ...]:
    """Running text of the seeds that names no number: beside other tables it contradicts nothing."""
    plain = [path for path in sorted(SEEDS.glob("*.txt")) if not path.name.startswith(GLOSSED)]
    lines = (line.strip() for path in plain for line in path.read_text("utf-8").splitlines())
    return tuple(line for line in lines if len(line) > 60 and "|" not in line and not re.search(r"\d", line))


@cache
def _frame(portal: str) -> tuple[str, str]:
    """Head and foot of a site: links and scripts, the same on all its pages."""
    dice = random.Random(f"frame {portal}")
    names = [sentence[start : start + 6] for sentence in _sentences() for start in (0, 8, 16)]
    links = [
        f'<li><a href="/col/col{dice.randrange(10**7)}/index.html" target="_blank">{dice.choice(names)}'
        "</a></li>"
        for _ in range(LINKS)
    ]
    scripts = "".join(f'<script src="/images/{dice.randrange(10**9)}.js"></script>' for _ in range(SCRIPTS))
    head = f'{scripts}<div class="nav"><ul>{"".join(links[:70])}</ul></div>'
    return head, f'<div class="friends"><ul>{"".join(links[70:])}</ul></div>'


def _framed(text: str, portal: str) -> str:
    head, foot = _frame(portal)
    text = _BODY.sub(lambda match: match[0] + head, text, count=1)
    at = text.lower().rfind("</body>")
    return text[:at] + foot + text[at:] if at >= 0 else text + foot


def _filled(text: str, size: int, dice: random.Random) -> str:
    """With running text in section 一 up to a size, twenty paragraphs at most."""
    opening = _OPENING.search(text)
    if opening is None:
        return text
    told: list[str] = []
    length = len(text.encode())
    while length < size and len(told) < MOST_PARAGRAPHS:
        told.append(
            f'<p style="{_EDITOR_TEXT}"><span style="{_WORD_TEXT}">{dice.choice(_sentences())}</span></p>'
        )
        length += len(told[-1].encode())
    return text[: opening.end()] + "\n".join(told) + text[opening.end() :]


@cache
def _known() -> frozenset[str]:
    rows = (*bodies().strong, *bodies().weak)
    return frozenset(name.lower() for row in rows for name in (row.class_, row.id) if name)


def unnamed(text: str) -> str:
    """Without the names of bodies.yml, so that a reader must find the body by what it says."""
    text = re.sub(r"<meta[^>]*name=[\"']Content(?:Start|End)[\"'][^>]*>", "", text, flags=re.IGNORECASE)

    def renamed(match: re.Match[str]) -> str:
        words = [f"u{len(word)}" if word.lower() in _known() else word for word in match[3].split()]
        return f"{match[1]}={match[2]}{' '.join(words)}{match[2]}"

    return _NAMED.sub(renamed, text)
