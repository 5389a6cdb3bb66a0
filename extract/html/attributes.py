"""Labels in attributes: `<li title="索引号">014…</li>`, `<td data-label="索引号">014…</td>`.

Tables for narrow screens and some templates name a value in an attribute alone. One that only repeats
what its element prints, and labels that come again and again (the rows of a list), tell nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lxml.etree import _Element as Element

from extract.data_tables import Label
from extract.html.tree import Page
from extract.metadata_labels import MAX_LABEL, MAX_VALUE, clean, is_placeholder, named
from extract.metadata_lines import begins_with_label
from parser.document import Block, Grid, MetaValue

NAMES = ("title", "data-label", "data-title", "data-th", "aria-label")
_NAMES = frozenset(NAMES)
Named = tuple[Element, str, Label]  # the element, the attribute, what it says
_NO_VALUE = frozenset({"a", "img", "input", "button", "select", "textarea", "iframe", "html", "body", "link"})


def attribute_values(page: Page, printed: Sequence[MetaValue]) -> list[MetaValue]:
    """The values whose labels stand in attributes, without those that are `printed` with their label."""
    known = {(value.field, value.value) for value in printed}
    values: list[MetaValue] = []
    for element, name, label in _of_document(_labelled(page)):
        text = clean(page.text_of(element).replace("\n", " "))
        repeated = named(text) is not None or begins_with_label(text)
        if label.field is None or len(text) > MAX_VALUE or repeated:
            continue
        value = None if is_placeholder(label.field, text) else text
        if (label.field, value) not in known:
            place = f"{page.locator(element)} @{name}"
            values.append(MetaValue(label.field, value, text, "metadata_row", place))
    return values


def _of_document(found: Sequence[Named]) -> list[Named]:
    """Those of groups that differ from all others: groups with the same labels are the rows of a list."""
    groups: list[dict[str, Named]] = []
    for one in found:
        if not groups or one[2].text in groups[-1]:
            groups.append({})
        groups[-1][one[2].text] = one
    alike = Counter(frozenset(group) for group in groups)
    single = [group for group in groups if alike[frozenset(group)] == 1]
    return [one for group in single if any(n[2].strong for n in group.values()) for one in group.values()]


def is_value(block: Block, values: Sequence[MetaValue]) -> bool:
    """Whether a block is nothing but such values, and so no part of the document's text."""
    places = {value.locator.partition(" @")[0] for value in values}
    if isinstance(block, Grid):
        return bool(places) and all(cell.locator in places for cell in block.cells if cell.text.strip())
    return block.locator in places


def _labelled(page: Page) -> list[Named]:
    told: list[Named] = []
    for element, names in page.bearing:
        if _NAMES.isdisjoint(names) or element.tag in _NO_VALUE or element in page.skipped:
            continue
        for name in NAMES:
            text = element.get(name) or ""
            label = named(text) if 0 < len(text) <= MAX_LABEL else None
            if label is not None:
                told.append((element, name, label))
                break
    return told
