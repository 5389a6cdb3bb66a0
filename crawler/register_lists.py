"""What a portal lists and the register lacks, as a register file: found by a crawl, so unverified.

DATA_DIR/register/<county>-listed.yml; what stood in it stays. A person corrects it in a file of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from archive.audit.lists import Difference
from archive.audit.organs import OrganList
from archive.clock import SHANGHAI
from archive.register import County
from archive.register.matching import normalise
from archive.register.userlist import kind_by_name


def source_line(listed: OrganList) -> str:
    """Where and when a list was read, in full or not, and by which record it can be seen."""
    read = f"{listed.read.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    whole = "读全 whole" if listed.complete else "未读全 not to its end"
    return f"门户机构名录 the portal's list {listed.url} {read} {whole} {listed.record_id}"


def listed_file(
    county: County, told: Iterable[Difference], lists: Sequence[OrganList], former: Iterable[str]
) -> str | None:
    """The bodies that a portal lists and the register does not have; None where there are none.

    `former`: names that the file had. An entry that is no body by its name is left out: `scrapy register
    compare` prints it.
    """
    names = {normalise(one.name) for one in told if one.code == "listed_not_registered"}
    if not names:
        return None
    entries = [_entry(county, name) for name in sorted(names.union(former))]
    content = {
        "format": 1,
        "provenance": "；".join(map(source_line, lists)),
        "verified": False,
        "publishers": entries,
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def listed_path(county: County, folder: Path) -> Path:
    """Where that file lies."""
    return folder / f"{county.code}-listed.yml"


def _entry(county: County, name: str) -> dict[str, str]:
    kind = kind_by_name(name, county.name)
    assert kind is not None  # else it were told as unclear
    digest = hashlib.sha256(f"{county.code}/{name}".encode()).hexdigest()[:8].upper()
    return {
        "code": f"{county.code}-P{digest}",
        "county_code": county.code,
        "official_name": name,
        "kind": kind.value,
        "expected_basis": "official_list",
    }
