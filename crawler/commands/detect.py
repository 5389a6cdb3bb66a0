"""`scrapy detect URL [--write]`: names a site's platform, finds its report columns, writes its portal file.

`scrapy detect --register --counties 3606*,330681 [--write]` does so for counties of the raw register.

At most five pages of a site are fetched, as politely as in a crawl, and archived; without CONTACT, or for a
host that is not on the allow-list, the address alone is judged (docs/detect.md).

0  a platform and a column were found (the file is on stdout, or written); every county has its file
2  not a URL, no such county    3  archive not writable    4  the file exists already, or cannot be written
5  no platform of ours by the address alone; no column found; no county has a URL
10, 11  a site did not answer, or declined
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import UsageError

from crawler.command import NianbaoCommand, Refusal
from crawler.exits import Exit
from crawler.guard import Guard, GuardRefused

if TYPE_CHECKING:
    from crawler.detect_evidence import Verdict
    from crawler.detect_site import Site


class Command(NianbaoCommand):
    """Fetches few pages where that is allowed; else says that it fetched none."""

    max_args = 1

    def syntax(self) -> str:
        return "URL [--write] | --register --counties CODE*,CODE [--raw FILE] [--write]"

    def short_desc(self) -> str:
        return "判断平台、找出年报栏目、写门户文件 Name a site's platform and write its portal file"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--write", action="store_true", help="写入门户文件夹 write the file into the portal folder"
        )
        parser.add_argument(
            "--register", action="store_true", help="逐县看门户名录 look at counties of the raw register"
        )
        parser.add_argument(
            "--browser",
            action="store_true",
            help="脚本绘制的页面用浏览器再看 open what scripts draw in a browser (make setup-browser)",
        )
        parser.add_argument("--counties", default="", help="县区代码，可用 * codes or patterns: 3606*,330681")
        parser.add_argument("--raw", type=Path, help="另一份同格式的名录 another list of portals.csv's form")

    def work(self, args: list[str], opts: argparse.Namespace) -> Exit:
        assert self.settings is not None
        if opts.register or opts.counties or opts.raw:
            return self._by_register(args, opts)
        if not args:
            raise UsageError(f"用法 usage: scrapy detect {self.syntax()}")
        url = args[0]
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UsageError(
                f"不是网址 not a URL: {url}；如 for example http://www.example.gov.cn/col/col1/index.html"
            )
        try:
            Guard.from_settings(self.settings).check_url(url)
        except GuardRefused as refused:
            sys.stderr.write(f"{refused}\n")
            return by_address(url)
        return self._by_pages(url, write=opts.write, browser=opts.browser)

    def _by_pages(self, url: str, *, write: bool, browser: bool) -> Exit:
        from crawler.detect_draft import county_of, portal_text
        from crawler.detect_evidence import weigh
        from crawler.detect_site import SiteSpider
        from crawler.process import run_spider
        from crawler.recording import clock_from
        from crawler.stores import local_archive, open_register

        assert self.settings is not None
        local_archive(self.settings)
        register = open_register(self.settings)
        if browser:
            self._have_browser()
        crawler, code = run_spider(self.settings, SiteSpider, {"url": url, "browser": browser})
        spider = crawler.spider
        assert isinstance(spider, SiteSpider)
        site, verdict = spider.site, weigh(spider.site.evidence)
        tell(site, verdict)
        if code is not Exit.DONE:
            return code
        if not site.pages:
            return Exit.INCOMPLETE
        last_year = clock_from(self.settings).now().year - 1
        text = portal_text(site, verdict, county_of(site, register), last_year)
        if text is None:
            sys.stderr.write("没有见到年报栏目，请给出栏目网址 no column seen: give the URL of the column\n")
            return Exit.NOT_FOUND
        if write:
            self._write(text, site.portal.id)
        else:
            sys.stdout.write(text)
        return Exit.DONE

    def _have_browser(self) -> None:
        """Requests may be shown in the browser. Raises Refusal where it is not installed."""
        from importlib.util import find_spec

        from crawler.departures import BROWSER_HANDLER

        assert self.settings is not None
        if find_spec("scrapy_playwright") is None:
            raise Refusal("需要浏览器组件 needs the browser extra: make setup-browser", Exit.USAGE)
        handlers = self.settings.getdict("DOWNLOAD_HANDLERS")
        shown = {"http": BROWSER_HANDLER, "https": BROWSER_HANDLER}
        self.settings.set("DOWNLOAD_HANDLERS", {**handlers, **shown}, priority="cmdline")

    def _by_register(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from archive.register import RegisterError
        from archive.register.portals import PORTALS, load_portal_register
        from crawler.departures import load_groups
        from crawler.detect_register import RegisterRun
        from crawler.detect_site import SiteSpider
        from crawler.load import CHINA
        from crawler.portal import PortalError, load_portals
        from crawler.process import run_spider
        from crawler.recording import clock_from
        from crawler.stores import local_archive, open_register

        assert self.settings is not None
        if args or not opts.register or not opts.counties:
            raise UsageError("用法 usage: scrapy detect --register --counties 3606*,330681 [--write]")
        try:
            raw = load_portal_register(opts.raw or PORTALS)
            rows = raw.select(opts.counties)
        except RegisterError as error:
            raise Refusal(
                str(error), Exit.INPUT_UNREADABLE if "--raw" in str(error) else Exit.USAGE
            ) from None
        try:
            known = load_portals(self.settings.getlist("PORTAL_DIRS")).values()
        except PortalError as error:
            raise Refusal(str(error), Exit.INPUT_UNREADABLE) from None
        day = clock_from(self.settings).now().astimezone(CHINA).date()
        run = RegisterRun(self.settings, open_register(self.settings), known, day, write=opts.write)
        run.plan(rows, (row.name for row in raw.counties.values()))
        code = Exit.DONE
        if run.sites:
            local_archive(self.settings)
            groups = load_groups([site.portal for site in run.sites])
            self.settings.set("LOAD_GROUPS", groups, priority="cmdline")
            _, code = run_spider(self.settings, SiteSpider, {"sites": run.sites, "done": run.seen})
        sys.stderr.writelines(f"{fault}\n" for fault in run.faults)
        sys.stderr.writelines(
            f"{count} 个县区未抓取 not fetched: {why}\n" for why, count in run.notes.items()
        )
        sys.stdout.write(run.table())
        if run.failure is not None:
            raise run.failure
        return code if code not in {Exit.DONE, Exit.INCOMPLETE} else run.exit_code()

    def _write(self, text: str, name: str) -> None:
        from crawler.lint import portal_faults
        from crawler.portal import PortalError, load_portal

        assert self.settings is not None
        path = Path(self.settings.getlist("PORTAL_DIRS")[0]) / f"{name}.yml"
        if path.exists():
            raise Refusal(
                f"{path}: 已有此文件，未改动 exists and was left alone; 不带 --write 可看草稿",
                Exit.INPUT_UNREADABLE,
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path}\n")
        try:
            faults = list(portal_faults(load_portal(path), self.settings))
        except PortalError as error:
            faults = [str(error)]
        sys.stderr.writelines(f"{fault}\n" for fault in faults)


def by_address(url: str) -> Exit:
    """Nothing may be fetched: what the shape of the address says."""
    from crawler.detect import NOT_FETCHED, detect, draft
    from crawler.platforms.generic import Generic

    guesses, without_class = detect(url)
    sys.stderr.write(f"{NOT_FETCHED}\n")
    for family in without_class:
        sys.stderr.write(f"像 looks like: {family.title}，尚无平台类 no platform class yet\n")
    if not guesses or guesses[0].platform is Generic:
        sys.stderr.write(
            "认不出平台，请给一个栏目或文章的网址 unknown shape: give the URL of a column or article\n"
        )
        return Exit.NOT_FOUND
    for place, guess in enumerate(guesses):
        word = "平台 platform" if place == 0 else "也可能是 or"
        sys.stderr.write(f"{word}: {guess.platform.name}（{guess.platform.title}）：{guess.reason}\n")
    sys.stdout.write(draft(url, guesses))
    return Exit.DONE


def tell(site: Site, verdict: Verdict) -> None:
    """What was seen, each line with its page."""
    from crawler.platforms import PLATFORMS

    lines = [f"已抓取 fetched: {page.url}" for page in site.pages.values()]
    lines += [f"未取到 not fetched: {url}：{words}" for url, words in site.troubles.items()]
    lines.append(
        f"平台 platform: {verdict.platform}（{PLATFORMS[verdict.platform].title}）{verdict.confidence}"
    )
    named = [one for one in verdict.evidence if one.platform == verdict.platform] or list(verdict.evidence)
    seen: set[tuple[str, str]] = set()
    for one in sorted(named, key=lambda one: -one.weight):
        if (one.platform, one.reason) not in seen:
            seen.add((one.platform, one.reason))
            word = "依据 because" if one.platform == verdict.platform else "仅见 only seen"
            lines.append(f"{word} {one.platform}: {one.reason} ×{one.count}: {one.page}")
    for found in site.columns.values():
        fetched = "" if found.url in site.pages else "；栏目页未抓取 the column itself was not fetched"
        lines.append(f"栏目 column: {found.name} {found.url}；链接见于 linked from {found.seen_on}{fetched}")
    lines += [
        f"可能还有 maybe more: {hub.name} {hub.url}；链接见于 linked from {hub.seen_on}；未抓取 not fetched"
        for hub in site.hubs.values()
        if hub.url not in site.pages
    ]
    opened = "" if site.drawn else "；可加 --browser 用浏览器再看 add --browser to open it in a browser"
    lines += [f"只由脚本绘制 drawn by scripts alone: {url}{opened}" for url in site.scripted]
    lines += [
        f"接口 endpoint: {url}；其答复含 its answer holds 「{title}」；优先用接口 better than a browser"
        for url, title in site.endpoints()
    ]
    for row, page in list(site.rows.values())[:3]:
        lines.append(f"年报 report: {row.title} {row.url}；见于 listed on {page}")
    sys.stderr.writelines(f"{line}\n" for line in lines)
