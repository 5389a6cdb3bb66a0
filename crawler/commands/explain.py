"""`scrapy explain REPORT [--cell KEY]`: the evidence chain of a report or of one number.

REPORT is `publisher code:report year` (330681001:2023) or the address of a page or attachment.
0  printed      5  no such report, address or cell
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from crawler.command import NianbaoCommand, Refusal
from crawler.exits import Exit
from crawler.stores import open_catalogue, open_register

if TYPE_CHECKING:
    from archive.catalogue.chain import Chain
    from archive.register import Register

_CHECKS_SHOWN = ("fail", "warn", "not_evaluable")


class Command(NianbaoCommand):
    """Prints WARC file, offset, record, digest, place on the page, the text as printed, and the checks."""

    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - Scrapy's own attribute, never changed
    min_args = 1
    max_args = 1

    def syntax(self) -> str:
        return "PUBLISHER:YEAR|URL [--cell KEY]"

    def short_desc(self) -> str:
        return "说明一份报告或一个数字的来历 The evidence of a report or of one number"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--cell", help="数字的键 a number's key: applications.new_received.total")

    def work(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from archive.catalogue.chain import find_chain

        assert self.settings is not None
        register = open_register(self.settings)
        with open_catalogue(self.settings, must_exist=True) as catalogue:
            chain = find_chain(catalogue, args[0])
        if chain is None:
            raise Refusal(
                f"目录库中没有 not in the catalogue: {args[0]}；写法 written 330681001:2023 或网址 or a URL",
                Exit.NOT_FOUND,
            )
        lines = _report_lines(chain, register) if not opts.cell else _cell_lines(chain, opts.cell, args[0])
        sys.stdout.buffer.write(("\n".join(lines) + "\n").encode("utf-8", "replace"))
        sys.stdout.flush()
        return Exit.DONE


def _report_lines(chain: Chain, register: Register) -> Iterator[str]:
    from archive.audit.dating import CREDIBLE

    version, report = chain.version, chain.report
    code = (report or {}).get("publisher") or version["publisher"]
    body = register.by_code(code) if code else None
    yield f"标题 title: {version['title'] or '（无 none）'}"
    name = body.official_name if body else version["publisher_name"] or "（不明 unknown）"
    yield f"单位 publisher: {name} {code or ''}".rstrip()
    yield from _listed("归属依据 because", json.loads(version["publisher_reasons"]))
    yield f"报告年度 report year: {version['report_year']}  格式 format: {version['format_version']}"
    yield f"类型 kind: {version['kind']}  索引号 index number: {version['index_number'] or '—'}"
    yield f"网址 address: {chain.document['url']}"
    yield from _evidence_lines(chain)
    yield "日期 dates:"
    for claim in _unique(chain.claims, "kind", "source", "lo", "hi", "raw"):
        span = claim["lo"] if claim["lo"] == claim["hi"] else f"{claim['lo']}–{claim['hi']}"
        said = CREDIBLE.get(claim["source"], ("",))[0]
        source = f"{said} {claim['source']}".strip()
        yield f"  {claim['kind']} {span}  {source}  “{claim['raw']}”  {claim['locator']}".rstrip()
    read = sum(cell["state"] == "read" for cell in chain.cells)
    yield f"数字 numbers: {len(chain.cells)}，读出 read {read}"
    yield from _check_lines(chain.checks, only=_CHECKS_SHOWN)
    yield from _finding_lines(chain.findings)


def _cell_lines(chain: Chain, key: str, reference: str) -> Iterator[str]:
    cell = chain.cell(key)
    if cell is None:
        keys = [cell["key"] for cell in chain.cells]
        known = ", ".join(get_close_matches(key, keys, cutoff=0.4) or keys[:3]) or "—"
        raise Refusal(
            f"{reference} 没有这个数字 has no such number: {key}；例如 e.g. {known}", Exit.NOT_FOUND
        )
    yield f"{key} = {_number(cell['value'])}"
    yield f"所在 in: {_place_name(key)}"
    yield f"原文 as printed: “{cell['raw'] if cell['raw'] is not None else ''}”  {cell['label'] or ''}"
    yield f"状态 state: {cell['state']}  单位 unit: {cell['unit'] or '—'}"
    if cell["confidence"] is not None:
        sure = f"{cell['confidence']:.2f}"
        yield f"来源 source: 图像识别 OCR，把握 confidence {sure}；请对照原件 compare with the original"
    if cell["inferred"] is not None:
        yield f"推断值（未采用）inferred, not used: {_number(cell['inferred'])}"
    yield f"位置 place: {cell['locator']}"
    yield from _evidence_lines(chain)
    yield from _check_lines(chain.checks_of(key))
    yield from _finding_lines(chain.findings_of(key))


def _place_name(key: str) -> str:
    """Table, row and column as the forms call them; the key itself where they have no such cell."""
    from parser.places import place_name

    return place_name(key) or key


def _evidence_lines(chain: Chain) -> Iterator[str]:
    yield f"读取程序 extractor: {chain.version['extractor_version']}"
    yield f"采集记录 captures: {len(chain.captures)}"
    for capture in chain.captures:
        yield f"  {capture['date']}  {capture['file']} @ {capture['offset']}  {capture['record_id']}"
        yield f"    {capture['payload_digest']}"


def _check_lines(checks: Iterable[dict[str, Any]], only: tuple[str, ...] | None = None) -> Iterator[str]:
    rows = list(checks)
    passed = sum(check["result"] == "pass" for check in rows)
    yield f"勾稽关系 checks: {len(rows)}，相符 pass {passed}"
    for check in rows:
        if only is None or check["result"] in only:
            sides = f"{_number(check['lhs'])} / {_number(check['rhs'])}"
            yield f"  [{check['result']}] {check['id']}: {check['relation']}  ({sides})"


def _finding_lines(findings: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield f"提示 findings: {len(findings)}"
    for finding in findings:
        line = f"  [{finding['severity']}] {finding['code']} {finding['message']}  {finding['locator']}"
        yield line.rstrip()


def _number(value: float | None) -> str:
    if value is None:
        return "—"
    return str(int(value)) if float(value).is_integer() else str(value)


def _listed(head: str, items: Iterable[str]) -> Iterator[str]:
    for item in items:
        yield f"  {head}: {item}"


def _unique(rows: Iterable[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    return list({tuple(row[name] for name in names): row for row in rows}.values())
