"""Bad pages, each in a reading process: what is told of it, within a time and a memory (docs/reading.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from extract.worker import Bounds, Worker
from tests.extract.worker_targets import Measured

TEXT = "示例镇认真落实条例要求。" * 20
HEAD = f"<html><body><h1>示例镇2024年政府信息公开工作年度报告</h1><div id=zoom><p>{TEXT}</p>"
SECONDS, MEMORY = 10, 500_000_000  # of the processor, and over what the process held before any of them
THREE, FOUR = "<p>三、收到和处理政府信息公开申请情况</p>", "<p>四、政府信息公开行政复议、行政诉讼情况</p>"
LINE = "本年度公开政府信息若干条。"

PAGES: dict[str, tuple[Callable[[], str], str]] = {
    "a page cut in the middle of a table": (lambda: HEAD + "<table><tr><td>公开<td>12<tr><td>废", "page_cut"),
    "an image where the table should be": (
        lambda: f"{HEAD}{THREE}<p><img src=W020250101.png></p>{FOUR}</div>",
        "table_image",
    ),
    "spans of a thousand million": (
        lambda: f"{HEAD}<table><tr><td colspan=1000000000>甲<td rowspan=1000000000>乙<tr><td>1</table></div>",
        "absurd_span",
    ),
    "entities that grow": (
        lambda: (
            '<!DOCTYPE x [<!ENTITY a0 "ha">'
            + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
            + f"]>{HEAD}<p>&a11;</p></div>"
        ),
        "broken_markup",
    ),
    "a million entities": (lambda: HEAD + "&#20844;&nbsp;" * 500_000 + "</div>", ""),
    "a million nested tags": (lambda: HEAD + "<div>" * 1_000_000, "broken_markup"),
    "50 MB of text": (lambda: HEAD + LINE * 1_300_000 + "</div></body></html>", "file_overfull"),
    "50 MB of paragraphs": (lambda: HEAD + f"<p>{LINE}</p>" * 1_100_000, "file_overfull"),
}  # fmt: skip


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker("tests.extract.worker_targets:measured", None, Bounds())
    made.ask(f"{HEAD}</div>".encode())  # what every page needs is loaded
    yield made
    made.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_bad_page_is_told_within_its_bounds(worker: Worker, name: str) -> None:
    make, code = PAGES[name]
    before = worker.ask(b"pid")
    told = worker.ask(make().encode())
    assert isinstance(told, Measured), told
    assert set(told.said.split()) == {"publisher_unknown", code} - {""}
    assert told.blocks
    assert told.seconds < SECONDS
    assert told.memory < MEMORY
    assert worker.ask(b"pid") == before  # the next document has the same process
