"""What a content system is filled with: shelves of reports and of other papers, the same for every system.

The bodies, the reports and their numbers are the gallery's. Where a page gets its address only the system
knows: after a build, `addresses.json` in the site's folder says it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import ClassVar

from tests.portals.gallery.base import DEP, GOV, Body, GallerySite, Item
from tests.portals.labels import HEADINGS
from tests.portals.site import Reply, Request

ROOT = Path(__file__).resolve().parents[3]
ADDRESSES = "addresses.json"
TITLE = re.compile(r"<title>\s*(.*?)\s*</title>", re.DOTALL)
HEADS = frozenset(heading for _, heading in HEADINGS)
NEWS = (
    "示例河综合整治工程通过验收",
    "全县春季植树活动在示例林场举行",
    "示例一镇举办农技培训班",
    "县图书馆延长开放时间",
    "示例大桥恢复通车",
    "示例二乡茶叶开采",
    "全县中小学校安全检查完成",
    "示例街道社区运动会闭幕",
)


@dataclass(frozen=True)
class Shelf:
    """A column of the portal with what stands in it. `above`: the names of the columns that hold it."""

    name: str
    items: tuple[Item, ...]
    above: tuple[str, ...] = ()


class CmsSite(GallerySite):
    """One portal. A subclass arranges the shelves and builds the site with its system."""

    family = "generic"
    name = "示例县（样例）"
    maker: ClassVar[str]  # the command of the system, in .venv-tools

    @abstractmethod
    def shelves(self) -> Sequence[Shelf]:
        """The columns, in the order in which an editor made them."""

    @abstractmethod
    def build(self, folder: Path) -> None:
        """Make the site in an empty folder. Runs in .venv-tools, where the system is."""

    # --- the stock ---------------------------------------------------------------------------------------

    def planted(self) -> Sequence[Item]:
        return [item for shelf in self.shelves() for item in shelf.items]

    def path_of(self, item: Item) -> str:
        return f"/{item.serial}"  # the system gives the true one

    @property
    def lists(self) -> int:
        return len(self.shelves())

    def reply(self, request: Request, host: str) -> Reply:
        raise LookupError("the content system answers")

    @cached_property
    def papers(self) -> dict[str, list[Item]]:
        """Reports by their publisher's kind, and what is none by its kind; newest first."""
        found: dict[str, list[Item]] = {}
        for item in self.newest_first([*self.reports(), *self.others()]):
            kind = {GOV: GOV, DEP: DEP}.get(item.body.kind, "towns") if item.is_report else item.kind
            found.setdefault(kind, []).append(item)
        return found

    def reports_of(self, body: Body) -> list[Item]:
        return [item for item in self.newest_first(self.reports()) if item.body == body]

    def news(self) -> list[Item]:
        """What the home page is full of."""
        government = self.bodies[0]
        return [
            Item(
                f"{title}（样例）",
                date(2026, 4, 18) - timedelta(days=9 * place),
                70_001 + place,
                government,
                kind="news",
                lines=(f"{title}。样例记者报道。", "这是一条样例新闻，用来占据首页。"),
            )
            for place, title in enumerate(NEWS)
        ]

    # --- what the system made of it ----------------------------------------------------------------------

    def addresses(self, folder: Path) -> frozenset[str]:
        """The addresses at which reports stand, pages and files, once the site is built in the folder."""
        paths = json.loads((folder / ADDRESSES).read_text("utf-8"))
        return frozenset(
            self.url(path) for item in self.items if item.is_report for path in paths[str(item.serial)]
        )

    def write_addresses(self, folder: Path, paths: Mapping[int, Sequence[str]]) -> None:
        """`paths` by the items' serials: a page, and its file where it has one."""
        lost = [item.title for item in self.items if item.serial not in paths]
        if lost:
            raise LookupError(f"{self.portal}: the system made no page of {lost}")
        (folder / ADDRESSES).write_text(json.dumps(paths), "utf-8")

    def paths_by_title(self, output: Path) -> dict[int, list[str]]:
        """Where a generator of files put the items, by the titles of its pages, which differ."""
        serials = {item.title: item.serial for item in self.items}
        found: dict[int, list[str]] = {}
        for page in sorted(output.rglob("*.html")):
            title = TITLE.search(page.read_text("utf-8"))
            names = unescape(title[1]).replace(" | ", " - ").split(" - ") if title else []
            for name in {name.strip() for name in names} & serials.keys():
                path = f"/{page.relative_to(output)}".removesuffix("index.html")
                found.setdefault(serials[name], []).append(path)
        return found


def run(folder: Path, program: str, *arguments: str) -> None:
    """A system's own command, from the environment that this runs in."""
    command = [str(Path(sys.executable).parent / program), *arguments]
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{program} ended with {done.returncode}: {done.stdout}{done.stderr}")


def is_heading(text: str) -> bool:
    """Whether a paragraph is one of the report's headings, which a system marks as such."""
    return text in HEADS
