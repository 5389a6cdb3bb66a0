"""Nikola as `nikola init` sets it up, in Chinese: theme bootblog4, its archive and its tags.

The home page shows ten posts whole, reports among them. The county's column is a page written by hand whose
list Nikola's own `post-list` makes. The departments' is a category inside another: plain rows, the day first,
links that the theme does not close (`…<a></li>`). The townships' is a tag whose pages show ten posts whole
and lead on by 以前的文章; they are numbered from the oldest on (`index-1.html` is the last). Posts are
reStructuredText with grid tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.portals.cms.grid import grid_table, width
from tests.portals.cms.stock import CmsSite, Shelf, is_heading, run
from tests.portals.gallery.base import DEP, GOV, Item
from tests.portals.tables import Para

MENU = (
    ("/", "首页"),
    ("/pages/zwgk/", "政务公开"),
    ("/archive.html", "文章归档"),
    ("/categories/", "标签和分类"),
)
# What an editor changes in the file that `nikola init` wrote; the rest is Nikola's.
CHANGES = """
BLOG_AUTHOR = "示例办公室"
BLOG_TITLE = "{name}"
SITE_URL = "http://{host}/"
BLOG_DESCRIPTION = "{name}门户网站（样例）"
DEFAULT_LANG = "zh_cn"
TRANSLATIONS = {{DEFAULT_LANG: ""}}
NAVIGATION_LINKS = {{DEFAULT_LANG: {menu}}}
NAVIGATION_ALT_LINKS = {{DEFAULT_LANG: ()}}
THEME_CONFIG = {{DEFAULT_LANG: THEME_CONFIG["en"]}}
CONTENT_FOOTER_FORMATS = {{DEFAULT_LANG: CONTENT_FOOTER_FORMATS["en"]}}
RSS_COPYRIGHT_FORMATS = CONTENT_FOOTER_FORMATS
FRONT_INDEX_HEADER = {{DEFAULT_LANG: ""}}
TIMEZONE = "Asia/Shanghai"
CATEGORY_ALLOW_HIERARCHIES = True
TAG_PAGES_ARE_INDEXES = True
COMMENT_SYSTEM = ""
"""
TOWNS = "乡镇年报"
HUB = """\
.. title: 政务公开
.. slug: zwgk
.. date: 2020-01-02 09:00:00 UTC+08:00

- `政府信息公开指南 </categories/cat_gong-kai-zhi-nan/>`__
- `县政府信息公开年报 </pages/nianbao/>`__
- `部门信息公开年报 </categories/cat_zheng-wu-gong-kai/bu-men/>`__
- `乡镇街道信息公开年报 </categories/xiang-zhen-nian-bao/>`__
- `法治政府建设 </categories/cat_fa-zhi-zheng-fu-jian-she/>`__
"""
LIST = """\
.. title: 政府信息公开年报
.. slug: nianbao
.. date: 2020-01-02 09:00:00 UTC+08:00

.. post-list::
   :categories: 县政府年报
"""


class NikolaSite(CmsSite):
    portal = "cms-nikola"
    host = "www.cms-nikola.test"
    county_code = "990922"
    maker = "nikola"

    def shelves(self) -> Sequence[Shelf]:
        stock = self.papers
        return (
            Shelf("要闻", tuple(self.news())),
            Shelf("通知公告", (*stock["notice"], *stock["explainer"], *stock["website_report"])),
            Shelf("公开指南", tuple(stock["guide"])),
            Shelf("县政府年报", tuple(stock[GOV])),
            Shelf("部门", tuple(stock[DEP]), above=("政务公开",)),
            Shelf(TOWNS, tuple(stock["towns"]), above=("政务公开",)),
            Shelf("法治政府建设", tuple(stock["rule_of_law_report"])),
        )

    def build(self, folder: Path) -> None:
        run(folder, "nikola", "init", "-q", ".")
        menu = repr(MENU)
        changes = CHANGES.format(name=f"{self.county}人民政府", host=self.host, menu=menu)
        settings = folder / "conf.py"
        settings.write_text(settings.read_text("utf-8") + changes, "utf-8")
        for name, text in (("zwgk", HUB), ("nianbao", LIST)):
            (folder / "pages" / f"{name}.rst").write_text(text, "utf-8")
        for shelf in self.shelves():
            for item in shelf.items:
                (folder / "posts" / f"{item.day}-{item.serial}.rst").write_text(
                    self._post(shelf, item), "utf-8"
                )
        run(folder, "nikola", "build", "-q")
        self.write_addresses(folder, self.paths_by_title(folder / "output"))

    def _post(self, shelf: Shelf, item: Item) -> str:
        head = {
            "title": item.title,
            "slug": f"{item.day}-{item.serial}",
            "date": f"{item.day} 09:00:00 UTC+08:00",
            "category": "/".join((*shelf.above, shelf.name)),
            "tags": shelf.name if shelf.name == TOWNS else "",
            "author": item.body.official_name,
            "type": "text",
        }
        parts = []
        for block in self.blocks(item):
            if not isinstance(block, Para):
                parts.append(grid_table(block))
            elif is_heading(block.text):
                parts.append(f"{block.text}\n{'=' * width(block.text)}")
            else:
                parts.append(block.text)
        return (
            "".join(f".. {key}: {value}\n" for key, value in head.items()) + "\n" + "\n\n".join(parts) + "\n"
        )
