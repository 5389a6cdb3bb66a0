"""The portal file that a look at a site's pages allows to write; what was not seen is marked to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.context import Role
from archive.register import Register
from archive.register.model import County
from archive.routes import is_route
from crawler.detect import TO_FILL
from crawler.detect_evidence import Verdict
from crawler.detect_site import Found, Site
from crawler.guard import GOV_CN, normal_host
from crawler.platforms.generic import Generic
from crawler.platforms.generic_families import HUB
from crawler.platforms.generic_words import ROUTES
from crawler.titles import read_title

YEARS_BACK = 7  # a route asks for so many report years where no list shows which there are


@dataclass
class Drafted:
    """A column of the draft."""

    found: Found
    url: str
    kind: str = "reports"
    keys: tuple[str, ...] = ()
    harvest: bool = False


def county_of(site: Site, register: Register) -> tuple[County, str] | None:
    """The county that the site names itself after, with the page that says so; None unless it is certain."""
    for title, page in site.titles:
        fits = {
            county.code: (max(len(name) for name in _names(county) if name in title), county)
            for county in register.counties.values()
            if any(name in title for name in _names(county))
        }
        longest = max((length for length, _ in fits.values()), default=0)
        best = [county for length, county in fits.values() if length == longest]
        if len(best) == 1:
            return best[0], page
    return None


def _names(county: County) -> set[str]:
    return {county.name, county.label, *(alias.name for alias in county.aliases)}


def drafted(site: Site, verdict: Verdict) -> list[Drafted]:
    """The columns, those of one yearly route put together."""
    made: dict[str, Drafted] = {}
    for found in site.columns.values():
        if not _may_be_asked(site, found.url):
            continue
        route = next(
            (r for r in ROUTES if r.platform == verdict.platform and r.pattern.match(found.url)), None
        )
        if route is None:
            made.setdefault(found.url, Drafted(found, found.url))
            continue
        parts = route.pattern.match(found.url)
        assert parts is not None
        key = parts["key"]
        if route.platform == "epoint":  # the organ stands inside the address: one list for each, none lost
            made.setdefault(found.url, Drafted(found, found.url))
            continue
        known = made.setdefault(parts["url"], Drafted(found, parts["url"]))
        known.kind, known.harvest = "route", route.harvest
        if key and not route.harvest:
            known.keys = tuple(dict.fromkeys((*known.keys, key)))
    return [column for column in made.values() if column.kind != "route" or column.harvest or column.keys]


def _may_be_asked(site: Site, url: str) -> bool:
    return urlsplit(url).scheme in {"http", "https"} and site.generic.is_ours(url)


def portal_text(
    site: Site,
    verdict: Verdict,
    county: tuple[County, str] | None,
    last_year: int,
    who: Sequence[str] = (),
) -> str | None:
    """The file; None where no column was seen. `who`: its lines of name and code where a list gives them."""
    columns = drafted(site, verdict)
    if verdict.platform == Generic.name:
        columns += [Drafted(hub, hub.url, kind=HUB) for hub in site.hubs.values() if hub.name]
    if not columns:
        return None
    return "\n".join(_lines(site, verdict, columns, who or _who(county), last_year)) + "\n"


def _who(county: tuple[County, str] | None) -> tuple[str, str]:
    if county is None:
        return f"name: {TO_FILL}县名", f'county_code: "000000"  # {TO_FILL}六位行政区划代码'
    return (
        f"name: {quoted(county[0].label)}  # 网站名称 the site's name: {county[1]}",
        f'county_code: "{county[0].code}"  # 登记册中的同名县 the register by that name',
    )


def _lines(
    site: Site,
    verdict: Verdict,
    columns: Sequence[Drafted],
    who: Sequence[str],
    last_year: int,
) -> Iterator[str]:
    yield (
        f"# 由 scrapy detect 写成，请核对 written by scrapy detect; {len(site.pages)} 页 pages seen; "
        "依据见各行 each line says where from"
    )
    yield f"id: {site.portal.id}"
    yield from who
    reasons = [one for one in verdict.evidence if one.platform == verdict.platform]
    because = (
        f"{reasons[0].reason}: {reasons[0].page}" if reasons else "未见已知平台的特征 no known mark seen"
    )
    yield f"platform: {verdict.platform}  # {verdict.confidence}，{because}"
    yield f"base_url: {site.base}"
    hosts = {normal_host(urlsplit(column.url).hostname or "") for column in columns} | {site.host}
    if outside := sorted(host for host in hosts if not host.endswith(GOV_CN)):
        yield f"allowed_hosts: [{', '.join(outside)}]  # 不在 .gov.cn 之下，请确认是该县的网站"
    if any(column.kind == "route" for column in columns):
        years = [year for row, _ in site.rows.values() if (year := read_title(row.title).year)]
        first = min([*years, last_year - YEARS_BACK])
        yield f"years: [{first}, {last_year}]  # 按年度路由逐年询问，请核对 each year is asked for"
    yield "columns:"
    for place, column in enumerate(columns):
        yield from _column(site, column, place)
    if site.drawn:
        page, documents = (
            next(iter(site.drawn)),
            any(role is Role.REPORT and not is_route(url) for url, role in site.drawn.items()),
        )
        reason = quoted(f"只由脚本绘制 drawn by scripts alone: {page}")
        yield f"browser: {{reason: {reason}{', documents: true' if documents else ''}}}"


def _column(site: Site, column: Drafted, place: int) -> Iterator[str]:
    seen = "已抓取 fetched" if column.found.url in site.pages else "未抓取 not fetched"
    yield f"  - id: nb{place + 1 if place else ''}  # 链接见于 linked from: {column.found.seen_on}；{seen}"
    yield f"    name: {quoted(column.found.name or '政府信息公开年报')}"
    yield f"    url: {quoted(column.url)}"
    if column.kind == HUB:
        yield "    options: {as: hub}  # 采集时再找其中的栏目 its columns are looked for in the crawl"
    elif column.kind != "reports":
        yield f"    kind: {column.kind}"
    if column.keys:
        yield f"    areas: [{', '.join(f'{{key: {quoted(key)}}}' for key in column.keys)}]"
    if column.harvest:
        yield "    harvest: true"


def quoted(text: str) -> str:
    """A YAML string in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
