"""Audit → text for a terminal: the counties in numbers, then what a person must look at, with the reasons."""

from __future__ import annotations

import io

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.audit.render.data import (
    count_colour,
    grouped,
    last_walk_text,
    seen_until_text,
    stray_lines,
    years_text,
)
from archive.audit.run import Audit, CountyAudit
from archive.audit.verdict import Verdict

_COLOURS = {"green": "green", "red": "bold red", "amber": "yellow", "grey": "bright_black", "blue": "blue"}
_HEADS = (
    ("应公开", "expected", "expected"),
    ("按期", "on time", "on_time"),
    ("逾期", "late", "late"),
    ("晚于惯例", "by practice", "late_by_practice"),
    ("未检索到", "missing", "missing"),
    ("存疑", "doubtful", "doubtful"),
    ("未能核查", "not crawled", "not_crawled"),
    ("未到期", "not due", "not_yet_due"),
    ("已收报告", "held", "held"),
    ("核对问题", "findings", "findings"),
)
_PLAIN_WIDTH = 126  # where the output is no terminal: every head on one line


def audit_table(audit: Audit, *, width: int | None = None, colour: bool = False) -> str:
    """The whole audit as text. `colour` adds terminal colours; the words say the same without them."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=width or _PLAIN_WIDTH,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
    )
    years = audit.scope.years
    console.print(
        f"政府信息公开工作年度报告核查  截至 as of {audit.scope.as_of}\n"
        f"采集截至 seen until {seen_until_text(audit)}"
        f"  报告年度 report years {years[0]}–{years[-1]}",
        soft_wrap=True,
    )
    console.print(_summary(audit, narrow=console.width < _PLAIN_WIDTH))
    if console.width < _PLAIN_WIDTH:
        console.print(f"columns: county, {', '.join(english for _, english, _ in _HEADS)}", soft_wrap=True)
    for county in audit.counties:
        _details(console, county)
    for code in audit.unknown_counties:
        console.print(f"县区 {code} 采集过，但名录中没有 walked, but not in the register", soft_wrap=True)
    console.print(
        "“逾期”仅指条例规定了期限的单位；“未能核查”不是单位的原因。"
        " 'Late' is said only where the statute sets the date.",
        soft_wrap=True,
    )
    return out.getvalue()


def _summary(audit: Audit, *, narrow: bool) -> Table:
    padding = (0, 0, 0, 1) if narrow else (0, 1)
    table = Table(box=box.SIMPLE_HEAD, show_footer=len(audit.counties) > 1, pad_edge=False, padding=padding)
    first, last = ("县区", "合计") if narrow else ("县区\ncounty", "合计 total")
    table.add_column(first, footer=last, no_wrap=True)
    for chinese, english, name in _HEADS:
        total = sum(getattr(county.tally, name) for county in audit.counties)
        head = _folded(chinese) if narrow else f"{chinese}\n{english}"
        table.add_column(head, footer=str(total), justify="right", no_wrap=True)
    for county in audit.counties:
        table.add_row(county.county.label, *(_number(county, name) for _, _, name in _HEADS))
    return table


def _folded(head: str) -> str:
    """A head of four signs on two lines: the table then fits 80 columns."""
    return head if len(head) < 4 else f"{head[:2]}\n{head[2:]}"


def _number(county: CountyAudit, name: str) -> Text:
    usual = {"late": "red", "missing": "red", "late_by_practice": "amber", "doubtful": "amber"}.get(name, "")
    return Text(str(getattr(county.tally, name)), style=_COLOURS.get(count_colour(county, name, usual), ""))


def _details(console: Console, county: CountyAudit) -> None:
    groups = grouped(county.verdicts)
    if not groups and not county.strays:
        return
    console.print()
    console.print(Text(f"{county.county.label}  {last_walk_text(county)}", style="bold"))
    for verdicts in groups:
        _detail(console, verdicts)
    if county.strays:
        console.print("  名录之外或归属不明的报告 reports of bodies not in the register, or of nobody named:")
    for words, url in stray_lines(county.strays):
        console.print(Text(f"      {words}  {url}"), soft_wrap=True)


def _detail(console: Console, verdicts: list[Verdict]) -> None:
    verdict = verdicts[0]
    line = Text(f"  {verdict.publisher.official_name} {years_text(verdicts)}  ")
    line.append(verdict.words("zh"), style=_COLOURS[verdict.colour])
    line.append(f"  ({verdict.words('en')})", style="dim")
    console.print(line, soft_wrap=True)
    for reason in verdict.reasons:
        console.print(Text(f"      {reason.zh}"), soft_wrap=True)
    seen = [verdict.report.url] if verdict.report else dict.fromkeys(item.url for item in verdict.evidence)
    for url in seen:  # no status without a link: the report, else the columns that do not show it
        console.print(Text(f"      {url}", style="dim"), soft_wrap=True)
