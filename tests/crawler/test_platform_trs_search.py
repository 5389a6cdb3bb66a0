"""The index search of a TRS portal, asked for real: form page, POST, document (portals.md §7)."""

from __future__ import annotations

import json
from pathlib import Path

from tests.crawler.crawling import scrapy
from tests.portals.gallery.trs_data import TrsData
from tests.portals.gallery_play import gallery_server, register_file


def test_a_number_is_found_through_the_form(tmp_path: Path) -> None:
    site = TrsData()
    wanted = next(item for item in site.items if item.index_number and item.year == 2023)
    register, log = register_file([site], tmp_path), tmp_path / "log.jsonl"
    with gallery_server(log) as port:
        settings = (
            f"SAMPLE_PORT={port}",
            "CLOCK_START=2026-04-20T09:00:00+08:00",
            f"REGISTER_FILES={register}",
        )
        command = ("lookup", str(wanted.index_number), "-p", site.portal)
        ran = scrapy(
            tmp_path, *command, settings=settings, module="tests.portals.gallery.settings", timeout=120
        )
    assert ran.code == 0, ran.err
    assert site.url(wanted.path) in ran.out
    arrived = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    asked = [(one["method"], one["path"]) for one in arrived if one["path"] != "/robots.txt"]
    assert asked == [
        ("GET", "/zwgk_6255/xxgknb_6257/"),
        ("POST", "/govsearch/simp_gov_list.jsp"),
        ("GET", wanted.path),
    ]
