"""Checks portal files against each other, the platforms, the register and the house's limits; offline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from archive.register.portals import clone_hosts
from crawler.departures import lacks_browser, too_hasty
from crawler.detect import TO_FILL
from crawler.guard import Guard, GuardRefused, normal_host
from crawler.platforms import PLATFORMS
from crawler.platforms.base import Platform
from crawler.portal import Column, ColumnKind, Portal, PortalError, load_portal, nearest, portal_files
from crawler.provenance import is_unverified, note_unverified
from crawler.switched_off import SwitchedOff, SwitchListError


def portal_faults(portal: Portal, settings: BaseSettings) -> Iterator[str]:
    """What is wrong with one portal that its file alone cannot tell; each a line for people."""
    if portal.platform not in PLATFORMS:
        near = nearest(portal.platform, PLATFORMS)
        yield f"{portal.id}: 没有平台 no such platform: {portal.platform}{near}"
        return
    if portal.name.startswith(TO_FILL):
        yield f"{portal.id}: 请填写县名和 county_code fill in the draft's name and county_code"
    platform = PLATFORMS[portal.platform]
    for column in portal.columns:
        if column.kind is ColumnKind.ROUTE and platform.route is None:
            yield f"{portal.id}.{column.id}: 平台 {platform.name} 没有年报专用路径 has no annual-report route"
        if column.harvest and platform.organ_requests is Platform.organ_requests:
            yield f"{portal.id}.{column.id}: 平台 {platform.name} 没有已知的机构树 no known organ tree"
    yield from _clones(portal)
    yield from too_hasty(portal, settings)
    yield from lacks_browser(portal)
    guard = Guard(contact="lint", exempt=settings.getlist("GUARD_EXEMPT_HOSTS"), allowed=portal.allowed_hosts)
    for url in (portal.base_url, *(portal.absolute(column.url) for column in portal.columns)):
        try:
            guard.check_url(url)
        except GuardRefused as refused:
            yield f"{portal.id}: {refused}"


def _clones(portal: Portal) -> Iterator[str]:
    """Hosts that copy government pages, however they came into the file (portals.md §8.6)."""
    known = clone_hosts()
    for host in sorted(portal.hosts):
        if any(host == clone or host.endswith(f".{clone}") for clone in known):
            yield f"{portal.id}: {host} 在仿冒镜像名单上（未核实），不采集 listed as a clone (unverified)"


def lint(
    folders: Sequence[str], settings: BaseSettings, is_publisher: Callable[[str], bool]
) -> tuple[dict[str, Portal], list[str]]:
    """Every portal that can be read, and every fault found. `is_publisher` knows the register's codes."""
    portals: dict[str, Portal] = {}
    faults: list[str] = []
    try:
        paths = list(portal_files(folders))
    except PortalError as error:
        return {}, [str(error)]
    try:
        SwitchedOff.of(settings)
    except SwitchListError as error:
        faults.append(str(error))
    for path in paths:
        portal = _read(path, faults)
        if portal is None:
            continue
        faults += portal_faults(portal, settings)
        faults += _unknown_publishers(portal, is_publisher)
        faults += _shared(portal, portals)
        portals[portal.id] = portal
    return portals, faults


def _read(path: Path, faults: list[str]) -> Portal | None:
    try:
        return load_portal(path)
    except PortalError as error:
        faults.append(str(error))
        return None


def _unknown_publishers(portal: Portal, is_publisher: Callable[[str], bool]) -> Iterator[str]:
    for column in portal.columns:
        named = [*column.publishers, *(area.publisher for area in column.areas if area.publisher)]
        for code in named:
            if not is_publisher(code):
                yield f"{portal.id}.{column.id}: 名录里没有 not in the register: {code}"


def _shared(portal: Portal, others: Mapping[str, Portal]) -> Iterator[str]:
    """Two files for one county or one column would walk it twice. Counties may share their city's host."""
    for other in others.values():
        if other.id == portal.id:
            yield f"{portal.id}: portal id 重复 this id is used twice"
        if other.county_code == portal.county_code:
            yield f"{portal.id}: county_code {portal.county_code} 与 {other.id} 相同 the same county"
        theirs = {_address(other, column) for column in other.columns}
        for column in portal.columns:
            if _address(portal, column) in theirs:
                yield f"{portal.id}.{column.id}: 栏目与 {other.id} 相同 the same column as in {other.id}"


def _address(portal: Portal, column: Column) -> tuple[str, ...]:
    """A column as it is walked: its address without the scheme, and what tells two columns there apart."""
    parts = urlsplit(portal.absolute(column.url))
    port = "" if parts.port in {None, 80, 443} else str(parts.port)
    told = (f"{key}={value}" for key, value in sorted(column.options.items()))
    place = (normal_host(parts.hostname or ""), port, parts.path.rstrip("/"), parts.query)
    return (*place, *told, *sorted(area.key for area in column.areas))


def notes(portals: Iterable[Portal]) -> Iterator[str]:
    """What is no fault but should be known: hosts that counties share, files that nobody has verified."""
    by_host: dict[str, list[str]] = {}
    for portal in portals:
        for host in sorted(portal.hosts):
            by_host.setdefault(host, []).append(portal.id)
        if is_unverified(portal):
            yield note_unverified(portal)
    for host, ids in by_host.items():
        if len(ids) > 1:
            yield f"{host}: 多县共用，逐个请求 shared, asked one request at a time: {', '.join(ids)}"
