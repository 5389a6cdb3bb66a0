"""The generic platform and detection on every sample portal: what is found with the families' files put away.

    python -m benchmarks.generic [PORTAL …] [--detect | --bare] [--keep FOLDER] [--lost]

Each portal is crawled in full by a portal file that says `platform: generic` and names nothing but the
home page; with --detect by the file that `scrapy detect --write` makes. The archive is rebuilt, and what
stands in the catalogue is held against what the portal publishes.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import yaml

from benchmarks.sample_portals import (
    STORY_FOLDER,
    Sample,
    arrivals,
    catalogued,
    run,
    samples,
    serving,
    settings_module,
)
from crawler.exits import Exit
from tests.portals.cms import play as cms
from tests.portals.gallery.base import TODAY

VERDICTS = (Exit.DONE, Exit.AUDIT_MISSING, Exit.AUDIT_LATE, Exit.AUDIT_MISSING_AND_LATE, Exit.AUDIT_UNKNOWN)


@dataclass
class Line:
    """What came of one portal."""

    portal: str
    family: str
    planted: int
    found: int = 0
    wrong: int = 0
    requests: int = 0
    named: str = ""
    lost: list[str] = field(default_factory=list)
    held: int | None = None  # of the planted ones, how many the audit calls held; None: no audit was made


def home_file(sample: Sample, folder: Path) -> Path:
    """The portal's file with its family put away and its columns unknown."""
    data = yaml.safe_load(sample.file.read_text("utf-8"))
    kept = {key: data[key] for key in ("id", "name", "county_code") if key in data}
    kept |= {"platform": "generic", "base_url": data["base_url"], "allowed_hosts": data["allowed_hosts"]}
    kept |= {"years": data["years"]} if "years" in data else {}
    kept |= {"columns": [{"id": "home", "name": "首页", "url": "/"}], "delay": data["delay"]}
    path = folder / sample.file.name
    path.write_text(yaml.safe_dump(kept, allow_unicode=True, sort_keys=False), "utf-8")
    return path


def measure(
    chosen: list[Sample],
    folder: Path,
    *,
    detect: bool,
    serve: Callable[[Path], AbstractContextManager[int]] = serving,
    settings: dict[str, str] | None = None,
) -> list[Line]:
    """Crawl the portals and compare; `serve` takes the file that logs what was asked for."""
    portals = folder / "portals"
    portals.mkdir(parents=True, exist_ok=True)
    named: dict[str, str] = {}
    log = folder / "arrivals.jsonl"
    with serve(log) as port:
        for sample in chosen:
            if detect:
                named[sample.portal] = detected(sample, folder, port, settings)
            else:
                home_file(sample, portals)
                named[sample.portal] = "generic"
        ended = run(folder, port, "crawl", "portal", "-a", "full=1", settings=settings)
        rebuilt = run(folder, port, "rebuild", settings=settings)
        held = audited(folder, port, settings) if detect else None
    for name, done in (("crawl", ended), ("rebuild", rebuilt)):
        (folder / f"{name}.log").write_text(done.out + done.err, "utf-8")
    asked = [arrival for arrival in arrivals(log) if arrival["path"] != "/robots.txt"]
    lines = [line_of(sample, named[sample.portal], folder, asked) for sample in chosen]
    for line, sample in zip(lines, chosen, strict=True):
        line.held = None if held is None else len(sample.reports & held)
    return lines


def audited(folder: Path, port: int, settings: dict[str, str] | None = None) -> set[tuple[str, int]]:
    """What the audit calls held, by the files as they are. Raises where they do not lint or judge."""
    checked = run(folder, port, "portals", "--check", settings=settings)
    if checked.code != 0:
        raise RuntimeError(f"what detect wrote does not lint: {checked.err}")
    day = ("--as-of", TODAY.isoformat(), "--years", f"2008-{TODAY.year - 1}")
    judged = run(folder, port, "audit", *day, "--format", "csv", settings=settings)
    if judged.code not in VERDICTS:
        raise RuntimeError(f"no audit ({judged.code}): {judged.err}")
    rows = csv.DictReader(io.StringIO(judged.out.lstrip("\ufeff")))
    return {(row["publisher_code"], int(row["report_year"])) for row in rows if row["presence"] == "held"}


def of_systems(
    folder: Path, chosen: Callable[[Iterable[Sample]], list[Sample]], *, detect: bool
) -> list[Line]:
    """The portals of content systems, built for the purpose; nothing where .venv-tools is absent."""
    if not cms.PYTHON.exists():
        sys.stderr.write("没有 .venv-tools，略过 cms-*；make test 会建立 no .venv-tools: cms-* left out\n")
        return []
    built = folder / "built"
    cms.build(built)
    serve = partial(cms.serving, built)
    settings = cms.settings(folder)
    return measure(chosen(cms.samples(built)), folder, detect=detect, serve=serve, settings=settings)


def detected(sample: Sample, folder: Path, port: int, settings: dict[str, str] | None = None) -> str:
    """What `scrapy detect --write` calls the portal's platform; "" where it wrote no file."""
    told = run(folder, port, "detect", f"http://{sample.host}/", "--write", settings=settings)
    (folder / f"detect-{sample.portal}.log").write_text(told.out + told.err, "utf-8")
    written = next((folder / "portals").glob(f"*{sample.host.split('.')[-2]}*.yml"), None)
    if written is None:
        return ""
    return str(yaml.safe_load(written.read_text("utf-8"))["platform"])


def line_of(sample: Sample, named: str, folder: Path, asked: list[dict[str, str]]) -> Line:
    """What the catalogue holds against what the portal publishes."""
    pairs, urls = catalogued(folder, sample)
    found = sample.reports & pairs
    stray = urls & sample.others if sample.addresses is None else urls - sample.addresses
    wrong = len(pairs - sample.reports) + len(stray)
    requests = sum(arrival["host"] in sample.hosts for arrival in asked)
    lost = [f"{code} {year}" for code, year in sorted(sample.reports - pairs)]
    return Line(sample.portal, sample.family, len(sample.reports), len(found), wrong, requests, named, lost)


def table(lines: list[Line]) -> str:
    """The lines as Markdown, with their sum."""
    rows = [
        "| portal | family | named | planted | found | wrong | requests |",
        "| --- | --- | --- | --: | --: | --: | --: |",
    ]
    rows += [
        f"| {x.portal} | {x.family} | {x.named} | {x.planted} | {x.found} | {x.wrong} | {x.requests} |"
        for x in lines
    ]
    if audits := [x for x in lines if x.held is not None]:
        held, of = sum(x.held or 0 for x in audits), sum(x.planted for x in audits)
        rows.append(
            f"\nby the files as detect wrote them: linted, crawled, rebuilt, audited; held {held} of {of}"
        )
        rows += [f"  {x.portal}: {x.held} of {x.planted}" for x in audits if x.held != x.planted]
    planted, found = sum(x.planted for x in lines), sum(x.found for x in lines)
    wrong = sum(x.wrong for x in lines)
    recall = 100 * found / planted if planted else 0.0
    precision = 100 * found / (found + wrong) if found else 0.0
    rows.append(f"\nfound {found} of {planted}: {recall:.1f} %, precision {precision:.1f} %")
    return "\n".join(rows)


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generic", description=__doc__)
    parser.add_argument("portals", nargs="*", help="all")
    parser.add_argument("--detect", action="store_true", help="by the files that detect writes")
    parser.add_argument("--keep", type=Path, help="leave everything in this folder")
    parser.add_argument("--lost", action="store_true", help="name what was not found")
    parser.add_argument("--bare", action="store_true", help="without the readers of known families")
    options = parser.parse_args(arguments)
    if options.bare:
        settings_module[0] = "benchmarks.bare_settings"

    def chosen(of: Iterable[Sample]) -> list[Sample]:
        return [sample for sample in of if not options.portals or sample.portal in options.portals]

    folder = options.keep or Path(tempfile.mkdtemp(prefix="generic"))
    try:
        lines = []
        for name, in_story in (("gallery", False), (STORY_FOLDER, True)):
            if group := [sample for sample in chosen(samples()) if sample.in_story is in_story]:
                lines += measure(group, folder / name, detect=options.detect)
        if not options.portals or any(portal.startswith("cms-") for portal in options.portals):
            lines += of_systems(folder / "cms", chosen, detect=options.detect)
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(table(lines) + "\n")
    if options.lost:
        sys.stdout.write(json.dumps({line.portal: line.lost for line in lines if line.lost}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
