"""Wagtail: the project that `wagtail start` makes, an application of pages as its tutorial has them.

Sections and columns are pages of a tree; addresses are the titles themselves, in Chinese, percent-encoded
(`/部门信息公开/…/年度报告/2024年…/`). Lists are headings with a day below (`2025年1月20日`), turned by
Django's own example of a pager (`?page=2`, next). Tables come from Wagtail's TableBlock, two reports are
documents (`/documents/1/…`). A department's report does not name it in its title: that it stands in the
department's column is all that a list shows.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.portals.cms.stock import CmsSite, Shelf, run
from tests.portals.gallery.base import GOV, TOWN, Body

HERE = Path(__file__).resolve().parent
APP = "columns"
SECTIONS = ("政务公开", "部门信息公开", "乡镇街道")
# What an editor adds to the settings that `wagtail start` wrote. Migrations would take longest of all.
SETTINGS = """
from .base import *

SECRET_KEY = "sample"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS += ["wagtail.contrib.table_block", "columns"]
LANGUAGE_CODE = "zh-hans"
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
WAGTAILSEARCH_BACKENDS["default"]["AUTO_UPDATE"] = False


class Unmigrated(dict):
    def __contains__(self, app):
        return True

    def __getitem__(self, app):
        return None


MIGRATION_MODULES = Unmigrated()
"""
SETTINGS_MODULE = "county.settings.portal"


class WagtailSite(CmsSite):
    portal = "cms-wagtail"
    host = "www.cms-wagtail.test"
    county_code = "990923"
    maker = "wagtail"

    def shelves(self) -> Sequence[Shelf]:
        stock = self.papers
        _, department, *towns = self.bodies
        return (
            Shelf("新闻中心", tuple(self.news())),
            Shelf("政府信息公开指南", tuple(stock["guide"]), above=("政务公开",)),
            Shelf(
                "政府信息公开年报", (*stock[GOV], *stock["notice"], *stock["explainer"]), above=("政务公开",)
            ),
            Shelf("法治政府建设年度报告", tuple(stock["rule_of_law_report"]), above=("政务公开",)),
            Shelf("网站工作年度报表", tuple(stock["website_report"]), above=("政务公开",)),
            self._own("年度报告", department, "部门信息公开"),
            *(self._own("信息公开年报", town, "乡镇街道") for town in towns),
        )

    def _own(self, name: str, body: Body, section: str) -> Shelf:
        """A body's column. A township's report of 2022 is a file beside a page that says nothing."""
        items = [
            replace(item, title=f"{item.year}年政府信息公开工作年度报告") for item in self.reports_of(body)
        ]
        if body.kind == TOWN:
            items = [replace(i, attachment="report.docx") if i.year == 2022 else i for i in items]
        return Shelf(name, tuple(items), above=(section, body.short))

    def build(self, folder: Path) -> None:
        run(folder, "wagtail", "start", "county", ".")
        shutil.copytree(HERE / APP, folder / APP, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "county" / "settings" / "portal.py").write_text(SETTINGS, "utf-8")
        shutil.copy(HERE / APP / "templates" / APP / "home_page.html", folder / "home" / "templates" / "home")
        run(folder, "python", "manage.py", "fill", "--settings", SETTINGS_MODULE)
