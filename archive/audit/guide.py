"""What each status means to who must answer for it (data/guide.yml), and the tables of docs/audit.md.

python -m archive.audit.guide docs/audit.md     writes the tables between the marks
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from archive.audit.statuses import Content, NotCrawled, Presence, Timeliness, status_table, word

BEGIN, END = "<!-- statuses -->\n", "<!-- /statuses -->\n"
Status = Presence | Timeliness | Content | NotCrawled
Pair = tuple[str, str]  # Chinese, English


class Explanation(BaseModel):
    """One status. `then`: what it may become, and when. `unit`: what is asked of the body."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    means: Pair
    proves: Pair
    todo: Pair
    then: Pair
    unit: str


class Guide(BaseModel):
    """The whole table; every status has exactly one row."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    presence: tuple[Explanation, ...]
    timeliness: tuple[Explanation, ...]
    content: tuple[Explanation, ...]
    not_crawled: tuple[Explanation, ...]


_AXES: tuple[tuple[type[Presence | Timeliness | Content | NotCrawled], str, Pair], ...] = (
    (Presence, "presence", ("有没有", "Is there a report?")),
    (Timeliness, "timeliness", ("按不按时", "When was it published?")),
    (Content, "content", ("对不对", "Is it what it should be?")),
    (NotCrawled, "not_crawled", ("未能核查的原因", "Why it was not checked")),
)


def explained(status: Status) -> Explanation:
    """The row of a status."""
    return _rows()[type(status), status.value]


@cache
def _rows() -> dict[tuple[type[StrEnum], str], Explanation]:
    """Raises ValueError where a status has no row or a row names none."""
    path = Path(__file__).parent / "data" / "guide.yml"
    guide = Guide.model_validate(yaml.safe_load(path.read_text("utf-8")))
    found: dict[tuple[type[StrEnum], str], Explanation] = {}
    for kind, name, _ in _AXES:
        rows: tuple[Explanation, ...] = getattr(guide, name)
        if sorted(row.code for row in rows) != sorted(status.value for status in kind):
            raise ValueError(f"guide.yml: {name}: {[row.code for row in rows]}")
        found |= {(kind, row.code): row for row in rows}
    return found


def guide_markdown() -> str:
    """The tables of all statuses, axis by axis, and of the decisions that a person may write."""
    parts = [_table(f"{zh} {en}", list(kind)) for kind, _, (zh, en) in _AXES]
    rows = "".join(f"| `{row.code}` | {row.zh} | {row.en} |\n" for row in status_table().decisions)
    parts.append(
        f"### 人工核定 Decisions of people\n\n| code | 中文 | English |\n| --- | --- | --- |\n{rows}"
    )
    return "\n".join(parts)


_HEADS = (
    "状态 status",
    "颜色 colour",
    "含义 means",
    "凭什么 what proves it",
    "怎么办 what to do",
    "会怎样变 what it may become",
)


def _table(heading: str, statuses: Iterable[Status]) -> str:
    lines = [f"### {heading}\n", f"| {' | '.join(_HEADS)} |", "| --- " * len(_HEADS) + "|"]
    for status in statuses:
        said, row = word(status), explained(status)
        name = f"{_blank(said.zh)}<br>{_blank(said.en)}<br>`{said.code}`"
        colour = said.colour + (f" / {said.colour_other}" if said.colour_other else "")
        told = (row.means, row.proves, row.todo, row.then)
        cells = (name, colour, *("<br>".join(pair) for pair in told))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _blank(text: str) -> str:
    """The words with the due day left open."""
    return text.format(due="某月某日", outer="某月某日", due_en="a day", outer_en="a day", note="依据")


def with_tables(document: str) -> str:
    """The document with the tables between its marks. Raises ValueError where a mark is missing."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"没有标记 no marks {BEGIN.strip()} … {END.strip()}")
    return f"{before}{BEGIN}\n{guide_markdown()}\n{END}{after}"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(with_tables(page.read_text("utf-8")), encoding="utf-8")
