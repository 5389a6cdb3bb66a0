"""What each platform brings home from its sample portals, at what cost: `python -m benchmarks.platforms`.

Each portal of the gallery is crawled in full by its own portal file, the archive is rebuilt, and the next day
a routine crawl finds everything unchanged. Needed are the requests for lists, reports and attachments;
robots.txt is left out. tests/test_gallery.py demands the same of each portal.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.portals.gallery_play import SITES, Played, play


def line(portal: str, played: Played) -> tuple[list[str], tuple[int, int, int, int, int]]:
    """A row of the table, and its numbers: planted, found, wrong, asked, needed."""
    site = SITES[portal]()
    truth = site.truth
    held = played.rows(
        "select publisher, report_year from report where publisher like :c", c=f"{site.county_code}%"
    )
    read = played.rows(
        "select d.url from version v join document d on d.document = v.document"
        " where v.kind = 'report' and d.portal = :p",
        p=portal,
    )
    planted = set(truth.reports.values())
    found, wrong = planted & set(held), set(held) - planted
    wrong_pages = {url for (url,) in read} & truth.others
    asked = len(played.asked(site, played.full_log))
    needed = truth.lists + len(truth.reports) + len(truth.attachments)
    routine = len(played.asked(site, played.routine_log))
    numbers = (len(planted), len(found), len(wrong) + len(wrong_pages), asked, needed)
    shown = [portal, site.family, *map(str, numbers[:4]), f"{asked / needed:.2f}", str(routine)]
    return shown, numbers


def main() -> int:
    """The command. Ends 1 if a report was lost, something else was taken for one, or it cost too much."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.platforms", description=__doc__)
    parser.add_argument("portals", nargs="*", help="all")
    chosen = sorted(parser.parse_args().portals or SITES)
    with tempfile.TemporaryDirectory() as folder:
        played = play(chosen, Path(folder))
        lines = [line(portal, played) for portal in chosen]
    heads = ("portal", "platform", "planted", "found", "wrong", "requests", "× needed", "routine requests")
    rows = [heads, ["---", "---", *["---:"] * 6], *(shown for shown, _ in lines)]
    planted, found, wrong, asked, needed = (
        sum(column) for column in zip(*(n for _, n in lines), strict=True)
    )
    rows.append(["**all**", "", *map(str, (planted, found, wrong, asked)), f"{asked / needed:.2f}", ""])
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    sys.stdout.write(f"## Platforms\n\n`python -m benchmarks.platforms`\n\n{table}\n")
    return 0 if found == planted and not wrong and asked <= 1.5 * needed else 1


if __name__ == "__main__":
    sys.exit(main())
