"""Every finding that extract makes is in its tables, so that the handbook can list them."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOM = Path(__file__).parent.parent.parent / "extract"


def test_codes_are_tabled() -> None:
    tables = [
        yaml.safe_load(path.read_text("utf-8"))["findings"] for path in (ROOM / "data").glob("findings*.yml")
    ]
    tabled = {code for table in tables for code in table}
    made = {
        code
        for path in ROOM.rglob("*.py")
        if "rebuild" not in path.name
        for code in re.findall(r'(?:Finding|\.tell)\(\s*"([a-z_]+)"', path.read_text("utf-8"))
    }
    assert made
    assert made <= tabled
    mine = yaml.safe_load((ROOM / "data" / "findings.yml").read_text("utf-8"))["findings"]
    assert set(mine) <= made
