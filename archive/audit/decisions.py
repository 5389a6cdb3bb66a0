"""What people decided: `verdicts/<county>.jsonl` in the data folder, append-only, replayed by every audit.

One JSON object a line; the last line of a publisher and year is in force, the earlier ones stay readable:

    {"publisher": "330681001", "year": 2025, "decision": "published_elsewhere", "reason": "见局官网",
     "who": "政务公开科", "date": "2026-02-10", "evidence": ["https://…"], "reply": "已于1月28日公开"}

A decision stands beside the machine's verdict and never replaces it (practice.md §1.8). A line that cannot be
used is told with its file and number; the lines around it count all the same.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from archive.audit.statuses import StatusWord, status_table
from archive.register import Register

Key = tuple[str, int]


class Decision(BaseModel):
    """A line of the journal. `decision` is a code of statuses.yml, decisions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    publisher: str = Field(min_length=1)
    year: int = Field(ge=2008, le=2100)
    decision: str
    reason: str = Field(min_length=2)
    who: str = Field(min_length=1)
    date: dt.date
    evidence: tuple[str, ...] = ()
    reply: str | None = None  # what the body itself answered

    @field_validator("decision")
    @classmethod
    def _known(cls, code: str) -> str:
        if code not in _words():
            raise ValueError(f"没有这种核定 no such decision: {code}; 可用 known: {', '.join(_words())}")
        return code

    @property
    def word(self) -> StatusWord:
        """How the decision is said."""
        return _words()[self.decision]

    def words(self, language: str = "zh") -> str:
        """One line: what was decided, why, by whom and when."""
        if language == "zh":
            reply = f"；单位答复：{self.reply}" if self.reply else ""
            return f"{self.word.zh}：{self.reason}（{self.who}，{self.date}）{reply}"
        reply = f"; the body answered: {self.reply}" if self.reply else ""
        return f"{self.word.en}: {self.reason} ({self.who}, {self.date}){reply}"


@dataclass(frozen=True)
class Journal:
    """Every line that can be used, by publisher and year in the order of writing; and what is wrong."""

    decisions: Mapping[Key, tuple[Decision, ...]] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    def of(self, publisher: str, year: int) -> tuple[Decision, ...]:
        """The decisions on one report year of a body; the last is in force."""
        return self.decisions.get((publisher, year), ())


def read_journal(folder: Path, register: Register, until: dt.date | None = None) -> Journal:
    """The journal in `folder`, empty where it is absent. Decisions dated after `until` are left out.

    Raises OSError for a file that is there and cannot be read.
    """
    found: dict[Key, list[Decision]] = defaultdict(list)
    faults: list[str] = []
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else ():
        for number, line in _lines(path):
            outcome = _read_line(line, path.stem, register)
            if isinstance(outcome, str):
                faults.append(f"verdicts/{path.name} 第{number}行 line {number}: {outcome}")
            elif until is None or outcome.date <= until:
                found[outcome.publisher, outcome.year].append(outcome)
    return Journal({key: tuple(rows) for key, rows in found.items()}, tuple(faults))


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        if line.strip():
            yield number, line


def _read_line(line: bytes, county: str, register: Register) -> Decision | str:
    """The decision, or what is wrong with the line."""
    try:
        decision = Decision.model_validate(json.loads(line))
    except UnicodeDecodeError:
        return "不是 UTF-8 not UTF-8"
    except json.JSONDecodeError as error:
        return f"不是 JSON（可能没有写完） not JSON, perhaps cut off: {error.msg}"
    except ValidationError as error:
        return _plain(error)
    publisher = register.by_code(decision.publisher)
    if publisher is None:
        return f"名录中没有这个单位 no such body in the register: {decision.publisher}"
    if publisher.county_code != county:
        return f"单位不属于该县区文件 the body belongs into {publisher.county_code}.jsonl: {publisher.code}"
    return decision


def _plain(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return f"缺少 missing: {where}"
    if first["type"] == "extra_forbidden":
        return f"不认识的键 unknown key: {where}"
    words = " ".join(first["msg"].removeprefix("Value error, ").split())
    return f"{where or '(整行 the line)'}: {words}"


@cache
def _words() -> dict[str, StatusWord]:
    return {row.code: row for row in status_table().decisions}
