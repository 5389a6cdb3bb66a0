"""The files that the season is played with: register, the office's own list, portal files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook

from tests.line.season.script import County, Season
from tests.portals.bodies import COUNTIES

PORTAL_FILES = Path(__file__).resolve().parents[2] / "portals"


def county_label(county: County) -> str:
    """The heading in tables."""
    return COUNTIES[county.portal][1]


def county_code(county: County) -> str:
    """Six digits."""
    return COUNTIES[county.portal][0]


def register_file(script: Season) -> dict[str, Any]:
    """The season's bodies as a register file; the unit that only the office's list names is left out."""
    counties = [
        {"code": county_code(c), "display_name": county_label(c), "sample": True, "expects": "listed"}
        for c in script.counties
    ]
    publishers = []
    for county in script.counties:
        for story in county.stories:
            if story.basis == "user_list":
                continue
            entry: dict[str, Any] = {
                "code": story.code,
                "county_code": county_code(county),
                "official_name": story.name,
                "kind": story.kind,
                "expected_basis": story.basis,
                "valid_from": story.valid[0],
                "valid_until": story.valid[1],
            }
            if story.formerly:
                entry["aliases"] = [{"name": story.formerly, "reason": "改名前的名称", "valid_until": 2024}]
            if story.covered_by:
                entry["covered"] = [{"by": story.covered_by, "reason": "合并公开", "valid_from": 2025}]
            publishers.append({key: value for key, value in entry.items() if value is not None})
    return {
        "format": 1,
        "provenance": "invented for the season",
        "verified": True,
        "counties": counties,
        "publishers": publishers,
    }


def write_office_list(county: County, path: Path) -> None:
    """The list as the office keeps it: every unit but one that the register has and it has not."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "单位名称"])
    listed = [s for s in county.stories if s.trap != "office_list_differs" or s.basis == "user_list"]
    for number, story in enumerate(listed, 1):
        sheet.append([number, story.name])
    book.save(path)


def write_portal_files(script: Season, day: date, folder: Path) -> None:
    """The sample portals' own files, with the columns that are known by then."""
    for county in script.counties:
        file = yaml.safe_load((PORTAL_FILES / f"{county.portal}.yml").read_text("utf-8"))
        file["columns"] = []
        for column in county.columns:
            if column.known_from > day:
                continue
            entry = {"id": column.id, "name": column.name, "url": column.path, "kind": "reports"}
            if column.covers:
                entry["publishers"] = [s.code for s in county.stories if s.kind in column.covers]
            file["columns"].append(entry)
        text = yaml.safe_dump(file, allow_unicode=True, sort_keys=False)
        (folder / f"{county.portal}.yml").write_text(text, encoding="utf-8")
