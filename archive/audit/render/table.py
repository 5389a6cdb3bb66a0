"""Audit → text for a terminal: the counties in numbers, then what a person must look at, with the reasons."""

from __future__ import annotations

import io

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.audit.lists import years_text as years_range
from archive.audit.render.data import (
    count_colour,
    difference_counts,
    grouped,
    last_walk_text,
    seen_until_text,
    since_text,
    stray_lines,
    years_text,
)
from archive.audit.run import Audit, CountyAudit
from archive.audit.statuses import CountWord, status_table
from archive.audit.verdict import Verdict

_COLOURS = {"green": "green", "red": "bold red", "amber": "yellow", "grey": "bright_black", "blue": "blue"}
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
        f"  报告年度 report years {years_range(years)}" + since_text(audit),
        soft_wrap=True,
    )
    console.print(_summary(audit, narrow=console.width < _PLAIN_WIDTH))
    if console.width < _PLAIN_WIDTH:
        console.print(
            f"columns: county, {', '.join(count.en for count in status_table().counts)}", soft_wrap=True
        )
    for county in audit.counties:
        _details(console, county)
    for code in audit.unknown_counties:
        console.print(f"县区 {code} 采集过，但名录中没有 walked, but not in the register", soft_wrap=True)
    for name, year in audit.gone:
        console.print(f"{name} {year}年度：已不在核查范围 judged no more", soft_wrap=True)
    for fault in audit.journal_faults:
        console.print(Text(f"人工核定有误 a decision that cannot be used: {fault}"), soft_wrap=True)
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
    counts = status_table().counts
    for count in counts:
        total = sum(getattr(county.tally, count.name) for county in audit.counties)
        head = _folded(count.zh) if narrow else f"{count.zh}\n{count.en}"
        table.add_column(head, footer=str(total), justify="right", no_wrap=True)
    for county in audit.counties:
        table.add_row(county.county.label, *(_number(county, count) for count in counts))
    return table


def _folded(head: str) -> str:
    """A head of four signs on two lines: the table then fits 80 columns."""
    return head if len(head) < 4 else f"{head[:2]}\n{head[2:]}"


def _number(county: CountyAudit, count: CountWord) -> Text:
    """A terminal colours only what is wrong."""
    usual = count.colour if count.colour in {"red", "amber"} else ""
    colour = count_colour(county, count.name, usual)
    return Text(str(getattr(county.tally, count.name)), style=_COLOURS.get(colour, ""))


def _details(console: Console, county: CountyAudit) -> None:
    groups = grouped(county.verdicts, every=county.every)
    counts = difference_counts(county)
    if not groups and not county.strays and not counts:
        return
    console.print()
    console.print(Text(f"{county.county.label}  {last_walk_text(county)}", style="bold"))
    for verdicts in groups:
        _detail(console, verdicts)
    if county.strays:
        console.print("  名录之外或归属不明的报告 reports of bodies not in the register, or of nobody named:")
    for words, url in stray_lines(county.strays):
        console.print(Text(f"      {words}  {url}"), soft_wrap=True)
    if counts:
        console.print(f"  名录核对 the register beside other lists: {counts}", soft_wrap=True)


def _detail(console: Console, verdicts: list[Verdict]) -> None:
    verdict = verdicts[0]
    line = Text(f"  {verdict.publisher.official_name} {years_text(verdicts)}  ")
    line.append(verdict.words("zh"), style=_COLOURS[verdict.colour])
    line.append(f"  ({verdict.words('en')})", style="dim")
    console.print(line, soft_wrap=True)
    if verdict.change is not None:
        console.print(Text(f"      {verdict.change.words.zh}", style="bold"), soft_wrap=True)
    for reason in verdict.reasons:
        console.print(Text(f"      {reason.zh}"), soft_wrap=True)
    for decision in verdict.decisions:
        console.print(Text(f"      人工核定 a person decided: {decision.words()}"), soft_wrap=True)
    seen = [verdict.report.url] if verdict.report else dict.fromkeys(item.url for item in verdict.evidence)
    for url in seen:  # no status without a link: the report, else the columns that do not show it
        console.print(Text(f"      {url}", style="dim"), soft_wrap=True)
