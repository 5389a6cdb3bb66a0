"""`scrapy detect --register`: rows of the raw register become files, and what was really seen is told apart.

Each county is looked at as by `scrapy detect URL` (crawler.detect_site). What the list says stays unverified;
`checked`, with its evidence, is written only where the portal came, names itself after the county and showed
a column of reports. Files that exist are never changed, so a run can be cut off and made again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from archive.context import WalkResult
from archive.register import Register
from archive.register.changes import load_changes
from archive.register.drafts import county_file
from archive.register.portals import CountyPortal, clone_hosts, townships_of
from crawler.detect import NOT_FETCHED, detect
from crawler.detect_draft import portal_text, quoted
from crawler.detect_evidence import Verdict, weigh
from crawler.detect_site import Site, draft_id
from crawler.exits import Exit
from crawler.guard import GOV_CN, Guard, GuardRefused, normal_host
from crawler.lint import portal_faults
from crawler.platforms.generic import Generic
from crawler.platforms.generic_families import HUB
from crawler.portal import Portal, PortalError, load_portal

MAX_SITES = 100  # looked at in one run; the others are told and wait for the next
HEAD = "代码 code\t县区 county\t平台 platform\t把握 confidence\t栏目 columns\t文件或原因 file or why not"


@dataclass
class Line:
    """What came of one county. `exit_code` is set where a look did not end well."""

    row: CountyPortal
    platform: str = ""
    confidence: str = ""
    columns: int = 0
    told: str = ""
    exit_code: Exit | None = None

    def __str__(self) -> str:
        row = self.row
        cells = (row.code, row.name, self.platform, self.confidence, str(self.columns), self.told)
        return "\t".join(cell or "–" for cell in cells)


class RegisterRun:
    """The counties of one command. `day`: today in China; `write`: False shows the table alone."""

    def __init__(
        self, settings: BaseSettings, register: Register, known: Iterable[Portal], day: date, *, write: bool
    ) -> None:
        self._settings = settings
        self._register = register
        self._known = {portal.county_code: portal for portal in known}
        self._day = day
        self._write = write
        self._guard = Guard.from_settings(settings)
        self._portals = Path(settings.getlist("PORTAL_DIRS")[0])
        self._registers = Path(settings["DATA_DIR"]) / "register"
        self._names: Counter[str] = Counter()  # of all counties: some names are borne by several
        self.lines: dict[str, Line] = {}
        self.sites: list[Site] = []
        self.faults: list[str] = []
        self.notes: Counter[str] = Counter()  # why so many counties were not asked for anything
        self.failure: OSError | None = None  # a folder that cannot be written, raised after the run

    def plan(self, rows: Sequence[CountyPortal], all_names: Iterable[str]) -> None:
        """What can be settled without a request, and the sites to look at. `all_names`: of every county."""
        self._names = Counter(all_names)
        for row in rows:
            line = self.lines[row.code] = Line(row)
            if row.code in self._known:
                line.told = f"已有门户文件，未改动 left as it is: {self._known[row.code].id}.yml"
            elif (path := self._portals / f"{portal_id(row)}.yml").exists():
                line.told = f"已有此文件，未改动 left as it is: {path.name}"
            elif not row.portal_url:
                line.told, line.exit_code = "名录没有网址 no URL is known", Exit.NOT_FOUND
            elif _is_clone(row):
                line.told, line.exit_code = "在仿冒镜像名单上，不采集 listed as a clone", Exit.DECLINED
            else:
                self._look_or_draft(row, line)

    def _look_or_draft(self, row: CountyPortal, line: Line) -> None:
        try:
            self._guard.check_url(start_url(row))
        except GuardRefused as refused:
            if refused.code == "switched_off":
                line.told, line.exit_code = str(refused), Exit.DECLINED
            else:
                self.notes[str(refused)] += 1
                self._draft(row, line, NOT_FETCHED)
            return
        if len(self.sites) >= MAX_SITES:
            line.told = f"本次已满 {MAX_SITES} 个，请再运行一次 left for the next run"
            line.exit_code = Exit.INCOMPLETE
            return
        line.told, line.exit_code = "未看完 not looked at to the end", Exit.INCOMPLETE
        self.sites.append(Site(start_url(row), portal_id(row), row.code))

    def seen(self, site: Site) -> None:
        """A site was looked at to the end: its line, and its files at once."""
        line = self.lines[site.portal.county_code]
        line.exit_code = None
        if not site.pages:
            declined = WalkResult.DECLINED in site.results
            line.exit_code = Exit.DECLINED if declined else Exit.INCOMPLETE
            line.told = "；".join(dict.fromkeys(site.troubles.values())) or "没有页面 no page came"
            return
        verdict = weigh(site.evidence)
        line.platform, line.confidence = verdict.platform, verdict.confidence
        line.columns = len(site.columns)
        text = portal_text(site, verdict, None, self._day.year - 1, _who(line.row))
        if text is None:
            words = (
                f"{self._day} 已抓取 {len(site.pages)} 页，未见年报栏目 fetched, no column of reports seen"
            )
            self._draft(line.row, line, words, platform=verdict.platform)
            return
        evidence = list(self._evidence(site, verdict, line.row))
        self._keep(line, text + "\n".join(_provenance(line.row, self._day, evidence)) + "\n")
        if not evidence:
            line.told += "；网站未自称该县，未核实 the site does not name itself after the county: unverified"
        site.pages.clear()

    def _evidence(self, site: Site, verdict: Verdict, row: CountyPortal) -> Iterator[str]:
        """What was seen; nothing where the site does not name itself after this county and no other."""
        for title, page in site.titles:
            # 朝阳区 is in three cities: there the city, or where there is none the province, must stand too
            above = (row.prefecture or row.province)[:2]
            if row.name in title and (self._names[row.name] < 2 or above in title):
                yield f"网站名称 the site calls itself “{title.strip()[:60]}”: {page}"
                break
        else:
            return
        reasons = [one for one in verdict.evidence if one.platform == verdict.platform]
        if reasons:
            seen = f"{reasons[0].reason}: {reasons[0].page}"
            yield f"平台 platform {verdict.platform}（{verdict.confidence}）{seen}"
        for found in list(site.columns.values())[:3]:
            yield f"栏目 column “{found.name}” {found.url}，链接见于 linked from {found.seen_on}"

    def _draft(self, row: CountyPortal, line: Line, words: str, platform: str = "") -> None:
        """A file of what the list says, and no more."""
        url = start_url(row)
        guesses, _ = detect(url)
        if not platform:
            platform = guesses[0].platform.name if guesses else Generic.name
            line.platform, line.confidence = platform, "仅凭网址 by the address alone"
        because = (
            guesses[0].reason if guesses and guesses[0].platform.name == platform else "见首行 as told above"
        )
        self._keep(line, "\n".join(_unseen(row, platform, because, words)) + "\n")
        line.told += f"；未核实 unverified：{words}"

    def _keep(self, line: Line, text: str) -> None:
        """Write both files, where that was asked for and neither is there."""
        if not self._write:
            line.told = "未写，加 --write 写入 not written without --write"
            return
        path = self._portals / f"{portal_id(line.row)}.yml"
        try:
            _write_new(path, text)
            line.told = path.name
            if line.row.code not in self._register.counties:
                own = self._registers / f"{line.row.code}.yml"
                draft = county_file(line.row, townships_of(line.row.code), load_changes())
                line.told += f" + register/{own.name}" + (
                    "" if _write_new(own, draft) else "（已有 was there）"
                )
        except OSError as error:
            self.failure, line.told, line.exit_code = error, str(error), Exit.INPUT_UNREADABLE
            return
        try:
            self.faults += portal_faults(load_portal(path), self._settings)
        except PortalError as error:
            self.faults.append(str(error))

    def table(self) -> str:
        """A line a county, and the counts."""
        lines = list(self.lines.values())
        looked = sum(bool(line.confidence) for line in lines)
        foot = f"共 in all {len(lines)} 个县区，得出平台的 with a platform {looked}，" + "，".join(
            f"{code.name.lower()} {count}"
            for code, count in Counter(line.exit_code for line in lines if line.exit_code).items()
        )
        return "\n".join((HEAD, *map(str, lines), f"# {foot.rstrip('，')}")) + "\n"

    def exit_code(self) -> Exit:
        """10 where a look is to be made again, 11 where sites declined, 5 where no county has a URL."""
        codes = {line.exit_code for line in self.lines.values()}
        for code in (Exit.INPUT_UNREADABLE, Exit.INCOMPLETE, Exit.DECLINED):
            if code in codes:
                return code
        return Exit.NOT_FOUND if codes == {Exit.NOT_FOUND} else Exit.DONE


def portal_id(row: CountyPortal) -> str:
    """Counties of one city may share a host; the code keeps their files apart."""
    return f"{draft_id(normal_host(urlsplit(row.portal_url).hostname or ''))}-{row.code}"


def start_url(row: CountyPortal) -> str:
    """The disclosure section where it lies on the portal's own host, else the portal."""
    hosts = {normal_host(urlsplit(url).hostname or "") for url in (row.portal_url, row.section_url) if url}
    return row.section_url if row.section_url and len(hosts) == 1 else row.portal_url


def _is_clone(row: CountyPortal) -> bool:
    host = normal_host(urlsplit(row.portal_url).hostname or "")
    return any(host == clone or host.endswith(f".{clone}") for clone in clone_hosts())


def _who(row: CountyPortal) -> tuple[str, str]:
    listed = "名录所载 as the raw register has it"
    return f"name: {quoted(row.name)}  # {listed}", f'county_code: "{row.code}"  # {listed}'


def _provenance(row: CountyPortal, day: date | None, evidence: Sequence[str]) -> Iterator[str]:
    yield "provenance:"
    yield f"  source: {quoted(f'门户名录 raw register of portals: {row.source}')}"
    if evidence:
        yield f"  checked: {day}  # 由程序抓取并认出，未经人工 fetched and recognised by the program"
        yield "  evidence:"
        yield from (f"    - {quoted(words)}" for words in evidence)


def _unseen(row: CountyPortal, platform: str, because: str, words: str) -> Iterator[str]:
    url = start_url(row)
    parts = urlsplit(url)
    host = normal_host(parts.hostname or "")
    yield f"# 由 scrapy detect --register 写成，未核实 unverified; {words}"
    yield f"id: {portal_id(row)}"
    yield from _who(row)
    yield f"platform: {platform}  # {because}"
    yield f"base_url: {parts.scheme}://{parts.netloc}/"
    if not host.endswith(GOV_CN):
        yield f"allowed_hosts: [{host}]  # 不在 .gov.cn 之下，请确认是该县的网站"
    yield "columns:"
    yield "  - id: nb  # 名录所载页面，未必是年报栏目 as listed, perhaps no column of reports"
    yield '    name: "政府信息公开"'
    yield f"    url: {quoted(url)}"
    if platform == Generic.name:
        yield f"    options: {{as: {HUB}}}  # 采集时再找其中的栏目 its columns are looked for in the crawl"
    else:
        yield "    kind: catalogue"
    yield from _provenance(row, None, ())


def _write_new(path: Path, text: str) -> bool:
    """Write a file that is not there, whole or not at all. False where it is."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
    return True
