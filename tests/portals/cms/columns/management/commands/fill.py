"""`manage.py fill`: makes the tables and the pages, and says where each stands."""

from __future__ import annotations

from html import escape
from pathlib import Path

from columns.models import ArticlePage, ColumnPage, SectionPage
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import BaseCommand, call_command
from home.models import HomePage
from wagtail.documents.models import Document
from wagtail.models import Collection, Locale, Page, Site

from tests.portals.cms.stock import is_heading
from tests.portals.cms.wagtail_site import SECTIONS, WagtailSite
from tests.portals.gallery.base import Item
from tests.portals.tables import Block, Para, Table, placed


class Command(BaseCommand):
    def handle(self, *args, **options) -> None:
        call_command("migrate", run_syncdb=True, verbosity=0)
        site = WagtailSite()
        Locale.objects.create(language_code="zh-hans")
        Collection.add_root(name="Root")
        root = Page.add_root(title="Root", slug="root")
        home = root.add_child(instance=HomePage(title=f"{site.county}人民政府", slug="home"))
        Site.objects.create(hostname=site.host, root_page=home, is_default_site=True, site_name=home.title)
        above: dict[tuple[str, ...], Page] = {(): home}
        paths: dict[int, list[str]] = {}
        for name in SECTIONS:
            above[(name,)] = home.add_child(instance=SectionPage(title=name, show_in_menus=True))
        for shelf in site.shelves():
            for depth in range(1, len(shelf.above) + 1):
                names = shelf.above[:depth]
                if names not in above:
                    above[names] = above[names[:-1]].add_child(instance=SectionPage(title=names[-1]))
            column = ColumnPage(title=shelf.name, show_in_menus=not shelf.above)
            parent = above[shelf.above].add_child(instance=column)
            for item in shelf.items:
                paths[item.serial] = self.article(site, parent, item)
        site.write_addresses(Path(settings.BASE_DIR), paths)

    def article(self, site: WagtailSite, parent: Page, item: Item) -> list[str]:
        """Makes an article; its addresses."""
        body = [stream(block) for block in site.blocks(item)]
        files = []
        if item.attachment:
            file = ContentFile(site.file(item).body, name=item.attachment)
            document = Document.objects.create(title=item.title, file=file)
            body.append({"type": "document", "value": document.pk})
            files.append(document.url)
        page = ArticlePage(title=item.title, date=item.day, author=item.body.official_name, body=body)
        parent.add_child(instance=page)
        return [page.url, *files]


def stream(block: Block) -> dict:
    """A block of a stream, as the editor saves it."""
    if isinstance(block, Para):
        tag = "h2" if is_heading(block.text) else "p"
        return {"type": "text", "value": f"<{tag}>{escape(block.text)}</{tag}>"}
    return {"type": "table", "value": table_value(block)}


def table_value(table: Table) -> dict:
    """A table as Wagtail's editor saves it: a full grid, cells that cover others, those covered."""
    cells = placed(table)
    wide = max(left + drawn.colspan for (_, left), drawn in cells.items())
    data = [[""] * wide for _ in table.rows]
    merged, hidden = [], []
    for (top, left), drawn in cells.items():
        data[top][left] = drawn.text
        if drawn.rowspan > 1 or drawn.colspan > 1:
            merged.append({"row": top, "col": left, "rowspan": drawn.rowspan, "colspan": drawn.colspan})
        covered = ((top + y, left + x) for y in range(drawn.rowspan) for x in range(drawn.colspan))
        hidden += [
            {"row": row, "col": col, "hidden": True} for row, col in covered if (row, col) != (top, left)
        ]
    return {
        "data": data,
        "cell": hidden,
        "mergeCells": merged,
        "first_row_is_table_header": False,
        "first_col_is_header": False,
        "table_header_choice": "neither",
    }
