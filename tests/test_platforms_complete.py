"""Every platform is whole: a sample portal, pages by layout generation, documentation, signs that work."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from crawler.detect import detect, families
from crawler.platforms import PLATFORMS
from tests.portals.gallery import gallery

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "tests" / "pages"
DOCS = ROOT / "docs" / "platforms"
HEADINGS = ("如何识别", "栏目", "翻页", "索引号", "年度路由", "怪癖")

each = pytest.mark.parametrize("name", sorted(PLATFORMS))
SITES = {kind.portal: kind for kind in gallery()}


@cache
def samples() -> dict[str, str]:
    """Portal id → platform, of the story's portals and of the gallery's."""
    folders = (ROOT / "tests" / "portals", ROOT / "tests" / "portals" / "gallery")
    files = (path for folder in folders for path in sorted(folder.glob("*.yml")))
    return {data["id"]: data["platform"] for data in (yaml.safe_load(f.read_text("utf-8")) for f in files)}


@cache
def pages() -> list[dict]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(PAGES.glob("*/meta.json"))]


@each
def test_it_owns_a_sample_portal(name: str) -> None:
    assert name in samples().values()


def test_no_county_of_the_gallery_is_another_portals() -> None:
    codes = [kind.county_code for kind in SITES.values()]
    assert len(codes) == len(set(codes))


@each
def test_it_owns_a_page_whose_provenance_names_it(name: str) -> None:
    """As a word: a page of TRS is no page of a platform whose name holds those letters."""
    named = re.compile(rf"(?<![a-z]){name}(?![a-z])", re.IGNORECASE)
    assert any(named.search(page["provenance"]) for page in pages())


@pytest.mark.parametrize("portal", sorted(SITES))
def test_each_layout_generation_of_the_gallery_has_a_page(portal: str) -> None:
    """Missing? `python -m tests.pages.draw PORTAL`, then run tests/pages and review what was read."""
    held = [page for page in pages() if page.get("gallery") == portal]
    assert held, f"python -m tests.pages.draw {portal}"
    site = SITES[portal]()
    for page in held:
        assert page["url"] in site.truth.reports, "a report that the portal publishes"
        assert SITES[portal].family == samples()[portal]


@each
def test_it_has_a_page_of_documentation_in_both_languages(name: str) -> None:
    text = (DOCS / f"{name}.md").read_text("utf-8")
    assert text.startswith(f"# `{name}`")
    found = re.findall(r"^## (\S+) [A-Z]", text, re.MULTILINE)
    assert tuple(found) == HEADINGS
    for section in re.split(r"^## .*$", text, flags=re.MULTILINE)[1:]:
        assert re.search(r"[\u4e00-\u9fff]{2}", section), section
        assert re.search(r"[A-Za-z]{4}", section), section
    for portal, platform in samples().items():
        assert (f"`{portal}`" in text) == (platform == name), portal
    cited = re.findall(r"portals\.md (§[\d.]+)", PLATFORMS[name].__doc__ or "")
    assert cited, "the docstring cites its paragraph"
    assert cited[0].rstrip(".") in text


def test_no_page_of_documentation_is_of_no_platform() -> None:
    assert {path.stem for path in DOCS.glob("*.md")} == set(PLATFORMS)


@each
def test_its_docstring_tells_how_to_recognise_it(name: str) -> None:
    text = PLATFORMS[name].__doc__ or ""
    assert "Recognise" in text
    assert PLATFORMS[name].signs


@pytest.mark.parametrize("portal", sorted(SITES))
def test_its_signs_name_the_gallerys_portals(portal: str) -> None:
    site = SITES[portal]()
    named = {guess.platform.name for url in site.truth.reports for guess in detect(url)[0]}
    assert site.family in named


def test_a_family_with_a_class_is_not_listed_as_one_without() -> None:
    assert not {family.name for family in families()} & set(PLATFORMS)
