"""A report in plain Chinese for a terminal: `scrapy report --format text-zh`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from parser.document import Document, Finding, Severity
from parser.report import AnnualReport, ApplicationsRow, Check, CheckResult, NumberCell, Tables

_SEVERITY = {Severity.FAIL: "错误", Severity.WARN: "注意", Severity.INFO: "提示"}
_FORMAT = {"pre2019": "2019年前格式", "v2019": "2019年格式", "v2021": "2021年格式"}
_KIND = {"report": "年度报告", "candidate": "仅标题像年度报告", "not_a_report": "不是年度报告"}
MAX_LABEL = 44
OCR_MARK = "°"  # behind a number that was recognised from an image


def text_summary(document: Document, report: AnnualReport) -> str:
    """Heading, sections, the three tables and whatever a person should look at."""
    parts = [_head(document, report), _sections(report), _tables(report.tables), _statistics(report)]
    parts += [_checks(report.checks), _findings(list(dict.fromkeys([*document.findings, *report.findings])))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(document: Document, report: AnnualReport) -> str:
    publisher = report.publisher
    rows = (
        ("标题", report.title or document.title or "（未见标题）"),
        ("类型", _KIND[report.kind.value]),
        ("单位", (publisher and publisher.name) or "（未识别）"),
        ("报告年度", str(report.report_year or "（未识别）")),
        ("格式", _FORMAT[report.format_version.value] if report.format_version else "（未识别）"),
        ("索引号", report.index_number or "（无）"),
        ("公开日期", report.publish_date.isoformat() if report.publish_date else "（未见）"),
        ("落款", f"{report.signed_by or '（无）'} {report.signed_date or ''}".strip()),
    )
    return "\n".join(f"{_padded(name + '：', 12)}{value}" for name, value in rows)


def _sections(report: AnnualReport) -> str:
    if not report.sections:
        return ""
    rows = [f"  {section.heading}（{section.n_chars_compact} 字）" for section in report.sections]
    return "\n".join(["各部分", *rows])


def _tables(tables: Tables) -> str:
    parts: list[str] = []
    if tables.proactive_disclosure is not None:
        rows = [
            (row.label, ["，".join(f"{cell.label or key} {_value(cell)}" for key, cell in row.cells.items())])
            for row in tables.proactive_disclosure
        ]
        parts.append(_table("表二 主动公开政府信息情况", rows))
    if tables.applications is not None:
        heads = ["自然人", "企业", "科研", "公益", "法律", "其他", "总计"]
        lines = [("", heads), *_application_lines(tables.applications)]
        parts.append(_table("表三 收到和处理政府信息公开申请情况", lines))
    if tables.review_litigation is not None:
        rows = [(cell.label or key, [_value(cell)]) for key, cell in tables.review_litigation.items()]
        parts.append(_table("表四 行政复议、行政诉讼情况", rows))
    return "\n\n".join(parts)


def _application_lines(rows: Sequence[ApplicationsRow]) -> Iterator[tuple[str, Sequence[str]]]:
    """The rows, before the first of each group its heading."""
    before: tuple[str | None, str | None] = (None, None)
    for row in rows:
        now = (row.group, row.subgroup)
        headings = [(depth, name) for depth, name in enumerate(now) if name and name != before[depth]]
        before = now
        for depth, name in headings:
            if name != row.label:
                yield "  " * depth + name, ()
        depth = sum(bool(name) and name != row.label for name in now)
        yield "  " * depth + row.label, [_value(cell) for cell in row.cells.values()]


def _statistics(report: AnnualReport) -> str:
    """The table of the form before 2019, with the unit of each number."""
    if report.statistics is None:
        return ""
    rows = [(row.label, [f"{_value(row.cell)} {row.cell.unit or ''}".rstrip()]) for row in report.statistics]
    return _table("政府信息公开情况统计表", rows)


def _table(title: str, rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    lines = [title]
    for label, values in rows:
        numbers = "".join(_padded(value, 9) for value in values)
        lines.append(f"  {_padded(_clipped(label), MAX_LABEL)}{numbers}".rstrip())
    return "\n".join(lines)


def _value(cell: NumberCell) -> str:
    if cell.value is not None:
        return str(cell.value) + ("" if cell.confidence is None else OCR_MARK)
    return {"blank": "空", "absent": "缺", "unreadable": "？"}.get(cell.state.value, "—")


def _checks(checks: Sequence[Check]) -> str:
    """Counts and ids; what is wrong is told in words among the findings."""
    if not checks:
        return ""
    words = {CheckResult.FAIL: "不成立", CheckResult.WARN: "存疑", CheckResult.NOT_EVALUABLE: "无法核对"}
    passed = sum(check.result is CheckResult.PASS for check in checks)
    lines = [f"勾稽关系：{len(checks)} 项，成立 {passed} 项"]
    for result, word in words.items():
        ids = [check.id for check in checks if check.result is result]
        if ids:
            lines.append(f"  {word} {len(ids)} 项：{'、'.join(ids)}")
    return "\n".join(lines)


def _findings(findings: Sequence[Finding]) -> str:
    if not findings:
        return "未发现问题"
    order = {Severity.FAIL: 0, Severity.WARN: 1, Severity.INFO: 2}
    ranked = sorted(findings, key=lambda finding: order[finding.severity])
    lines = [
        f"  [{_SEVERITY[f.severity]}] {f.message}" + (f"（{f.locator}）" if f.locator else "") for f in ranked
    ]
    return "\n".join([f"发现 {len(findings)} 项", *lines])


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * max(1, width - _width(text))


def _clipped(text: str) -> str:
    while _width(text) > MAX_LABEL - 2:
        text = text[:-2] + "…"
    return text
