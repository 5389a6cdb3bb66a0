"""Audit → one self-contained HTML page: no script, no font, no image, nothing fetched.

Colour never stands alone: every coloured place carries its word (practice.md §5).
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from archive.audit.evidence import Evidence
from archive.audit.lists import told_together
from archive.audit.reasons import Words
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
from archive.audit.render.style import STYLE
from archive.audit.run import Audit, CountyAudit
from archive.audit.statuses import Content, CountWord, Presence, shown, status_table, word
from archive.audit.verdict import Verdict
from archive.audit.workdays import day_in_china
from archive.clock import SHANGHAI


def audit_html(audit: Audit) -> str:
    """The page as text."""
    title = f"年报核查 截至{audit.scope.as_of}"
    parts = [
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>",
        _head(audit),
        _summary(audit),
        *(_county(county) for county in audit.counties),
        _foot(audit),
        "</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _head(audit: Audit) -> str:
    years = audit.scope.years
    return (
        "<header>\n<h1>政府信息公开工作年度报告核查</h1>\n"
        f"<p>截至 <b>{audit.scope.as_of}</b>（as of） · 采集截至 <b>{escape(seen_until_text(audit))}</b>"
        f"（seen until） · 报告年度 <b>{years[0]}–{years[-1]}</b>{since_text(audit)}</p>\n</header>"
    )


def _summary(audit: Audit) -> str:
    heads = "".join(_count_head(count.zh, count.en) for count in status_table().counts)
    rows = "\n".join(_summary_row(county) for county in audit.counties)
    return (
        '<section>\n<div class="wide"><table class="sums">\n'
        f"<thead><tr>{_count_head('县区', 'county')}{heads}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody>\n</table></div>\n</section>"
    )


def _count_head(chinese: str, english: str) -> str:
    return f'<th scope="col">{chinese}<br><span class="en" lang="en">{english}</span></th>'


def _count_cell(county: CountyAudit, count: CountWord) -> str:
    colour = count_colour(county, count.name, count.colour)
    return f'<td class="{colour}">{getattr(county.tally, count.name)}</td>'


def _summary_row(county: CountyAudit) -> str:
    cells = "".join(_count_cell(county, count) for count in status_table().counts)
    link = f'<a href="#c{county.county.code}">{escape(county.county.label)}</a>'
    return f'<tr><th scope="row">{link}</th>{cells}</tr>'


def _county(county: CountyAudit) -> str:
    groups = grouped(county.verdicts, every=county.every)
    count = sum(map(len, groups))
    details = (
        "\n".join(_detail(verdicts) for verdicts in groups)
        or "<p>没有需要处理的事项。 Nothing to look at.</p>"
    )
    return (
        f'<section id="c{county.county.code}">\n<h2>{escape(county.county.label)}</h2>\n'
        f'<p class="en">{escape(last_walk_text(county))}</p>\n{_matrix(county)}\n'
        f"<h3>需要看的 To look at（{count}）</h3>\n{details}\n"
        f"{_strays(county)}{_differences(county)}</section>"
    )


def _strays(county: CountyAudit) -> str:
    lines = stray_lines(county.strays)
    rows = "".join(f"<li>{escape(words)}<br>{_linked(url)}</li>" for words, url in lines)
    head = "<h3>名录之外或归属不明的报告 Reports of bodies not in the register, or of nobody named</h3>"
    return f"{head}\n<ul>{rows}</ul>\n" if rows else ""


def _differences(county: CountyAudit) -> str:
    """Folded: it is about the register, not about the bodies."""
    rows = "".join(
        f'<li>{escape(told.zh)}<br><span class="en" lang="en">{escape(told.en)}</span>'
        f"{f'<br>{_linked(told.url)}' if told.url else ''}</li>"
        for told in told_together(county.differences)
    )
    head = f"名录核对 The register beside other lists：{escape(difference_counts(county))}"
    return f"<details><summary>{head}</summary><ul>{rows}</ul></details>\n" if rows else ""


def _matrix(county: CountyAudit) -> str:
    """Publishers × years; a publisher with nothing expected in any year is left out."""
    years = sorted({verdict.report_year for verdict in county.verdicts})
    by_body: dict[str, dict[int, Verdict]] = {}
    for verdict in county.verdicts:
        by_body.setdefault(verdict.publisher.code, {})[verdict.report_year] = verdict
    rows = [
        _matrix_row([found[year] for year in years])
        for found in by_body.values()
        if any(verdict.presence is not Presence.NOT_EXPECTED or verdict.report for verdict in found.values())
    ]
    heads = "".join(f'<th scope="col">{year}</th>' for year in years)
    return (
        '<div class="wide"><table class="matrix">\n'
        f"<thead><tr>{_count_head('单位', 'body')}{heads}</tr></thead>\n<tbody>\n"
        + "\n".join(rows)
        + "\n</tbody>\n</table></div>"
    )


def _matrix_row(verdicts: list[Verdict]) -> str:
    name = escape(verdicts[0].publisher.official_name)
    return f'<tr><th scope="row">{name}</th>{"".join(_cell(verdict) for verdict in verdicts)}</tr>'


def _cell(verdict: Verdict) -> str:
    if verdict.presence is Presence.NOT_EXPECTED and verdict.report is None:
        return '<td class="none">—</td>'
    if verdict.green and not verdict.decisions and verdict.change is None:
        text = word(verdict.lead).zh
    else:
        text = f'<a href="#{_anchor(verdict)}">{escape(_short(verdict))}</a>'
    return f'<td class="{verdict.colour}">{text}</td>'


def _short(verdict: Verdict) -> str:
    """The leading status, without what stands in brackets: that is told below."""
    return verdict.say(verdict.lead).partition("（")[0]


def _anchor(verdict: Verdict) -> str:
    return f"v{verdict.publisher.code}-{verdict.report_year}"


def _detail(verdicts: list[Verdict]) -> str:
    verdict = verdicts[0]
    others = "".join(f'<a id="{_anchor(other)}"></a>' for other in verdicts[1:])
    reasons = "".join(
        f'<li>{escape(reason.zh)}<br><span class="en" lang="en">{escape(reason.en)}</span></li>'
        for reason in verdict.reasons
    )
    told = "".join(
        f'<p class="status">{escape(words.zh)} <span class="en" lang="en">{escape(words.en)}</span></p>\n'
        for words in _beside(verdict)
    )
    return (
        f'<article id="{_anchor(verdict)}" class="{verdict.colour}">\n'
        f"<h4>{escape(verdict.publisher.official_name)} · {years_text(verdicts)}</h4>{others}\n"
        f'<p class="status">{escape(verdict.words("zh"))} '
        f'<span class="en" lang="en">{escape(verdict.words("en"))}</span></p>\n'
        f"{told}{_facts(verdict)}<ul>{reasons}</ul>\n{_evidence(verdict.evidence)}</article>"
    )


def _beside(verdict: Verdict) -> Iterable[Words]:
    """What stands beside the machine's words: what it was before, what people decided."""
    if verdict.change is not None:
        yield verdict.change.words
    for decision in verdict.decisions:
        yield Words(f"人工核定 {decision.words('zh')}", f"A person decided: {decision.words('en')}")


def _facts(verdict: Verdict) -> str:
    facts: list[tuple[str, str]] = []
    if verdict.deadline is not None:
        facts.append(("期限", f"{verdict.deadline.due}，{verdict.deadline.article}"))
        if verdict.deadline.provisional:
            facts.append(("日历", "节假日安排未公布，工作日按星期推定"))
    report = verdict.report
    if report is not None:
        facts.append(("标题", report.title or "（无标题）"))
        facts.append(("网址", report.url))
        facts.append(("首次采集", f"{day_in_china(report.first_seen)}"))
        if report.index_number:
            facts.append(("索引号", report.index_number))
        if report.n_findings:
            facts.append(("核对问题", f"{report.n_findings}"))
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{_linked(value)}</dd>" for name, value in facts)
    return f"<dl>{rows}</dl>\n" if rows else ""


def _linked(value: str) -> str:
    if value.startswith(("http://", "https://")):
        return f'<a href="{escape(value)}" rel="noreferrer">{escape(value)}</a>'
    return escape(value)


def _evidence(items: Iterable[Evidence]) -> str:
    rows = "".join(
        f"<li>{escape(shown(item.shows).both)} · {item.moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        f" · {_linked(item.url)} <code>{escape(item.record_id)}</code></li>"
        for item in items
    )
    return f"<details><summary>证据 evidence</summary><ul>{rows}</ul></details>\n" if rows else ""


def _foot(audit: Audit) -> str:
    samples = any(county.county.sample for county in audit.counties)
    note = (
        "<p>这是样例数据，不涉及真实单位的公开情况。 Sample data: no real body is judged.</p>"
        if samples
        else ""
    )
    if audit.unknown_counties:
        codes = "、".join(audit.unknown_counties)
        note += f"<p>采集过、但名录中没有的县区 walked, but not in the register: {escape(codes)}</p>"
    note += "".join(
        f"<p>{escape(name)} {year}年度：已不在核查范围 judged no more</p>" for name, year in audit.gone
    )
    note += "".join(
        f"<p>人工核定有误 a decision that cannot be used: {escape(fault)}</p>"
        for fault in audit.journal_faults
    )
    missing, replaced = word(Presence.MISSING).zh, word(Content.REPLACED).zh
    return (
        f"<footer>{note}<p>“逾期”仅指条例规定了期限的单位。“{missing}”指到期后两次走完全部相关栏目均未见到，"
        f"不等于没有编制。“未能核查”不是单位的原因。“{replaced}”只说明采集到的内容不同。"
        "如已公开而本页未见，请告知网址。</p>\n"
        '<p class="en" lang="en">“Late” is said only where the statute sets the date. “Missing” means that'
        " no home of the report showed it in two complete walks after the due day, not that none was written."
        " “Not crawled” is not the body's doing. If a report is online and not shown here, please tell its"
        " address.</p></footer>"
    )
