"""Pelican with the theme that it brings (notmyidea), as its own quickstart sets it up.

Every category is in the menu of every page. A category's first page shows its newest article whole, tables
and all, above the others' summaries; pages are turned by signs alone (⟨ ⟩). Days are in English words, with
the ISO day in a title only: `<abbr class="published" title="2025-…">`; the publisher is the article's author.
Articles are Markdown, their tables raw HTML in it. Addresses are Pelican's own: the title in pinyin.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.portals.cms.stock import CmsSite, Shelf, is_heading, run
from tests.portals.gallery.base import DEP, GOV, Item
from tests.portals.site import render

SETTINGS = """
AUTHOR = "示例办公室"
SITENAME = "{name}"
SITEURL = "http://{host}"
PATH = "content"
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh"
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
DEFAULT_PAGINATION = 5
"""


class PelicanSite(CmsSite):
    portal = "cms-pelican"
    host = "www.cms-pelican.test"
    county_code = "990921"
    maker = "pelican"

    def shelves(self) -> Sequence[Shelf]:
        stock = self.papers
        return (
            Shelf("要闻动态", tuple(self.news())),
            Shelf("通知公告", (*stock["notice"], *stock["explainer"])),
            Shelf("政府信息公开年报", tuple(stock[GOV])),
            Shelf("部门年度报告", tuple(stock[DEP])),
            Shelf("乡镇街道信息公开年报", tuple(stock["towns"])),
            Shelf("法治政府建设年度报告", tuple(stock["rule_of_law_report"])),
            Shelf("政府网站年度报表", tuple(stock["website_report"])),
            Shelf("政府信息公开指南", tuple(stock["guide"])),
        )

    def build(self, folder: Path) -> None:
        for place, shelf in enumerate(self.shelves()):
            for item in shelf.items:
                file = folder / "content" / f"shelf{place}" / f"{item.serial}.md"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(self._article(shelf, item), "utf-8")
        settings = SETTINGS.format(name=f"{self.county}人民政府", host=self.host)
        (folder / "pelicanconf.py").write_text(settings, "utf-8")
        run(folder, "pelican", "content", "-o", "output", "-s", "pelicanconf.py")
        self.write_addresses(folder, self.paths_by_title(folder / "output"))

    def _article(self, shelf: Shelf, item: Item) -> str:
        head = {
            "Title": item.title,
            "Date": f"{item.day} 09:00",
            "Category": shelf.name,
            "Author": item.body.official_name,
        }
        body = render(
            self.blocks(item),
            para=lambda text: f"## {text}\n" if is_heading(text) else f"{text}\n",
            cell=str,
            table="",
        )
        return "".join(f"{key}: {value}\n" for key, value in head.items()) + f"\n{body}\n"
