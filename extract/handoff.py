"""The hand-off (design.md §3.3): every Document to every configured parser, at least once, acknowledged.

The built-in parser reads every document in the rebuild. Others are entry points of `nianbao.parsers` and the
targets of the setting HANDOFF. A document is due once for each content that an extractor read of it (a
version of the catalogue), in the order of first capture, which is an order per publisher too. One that fails
is tried again before the next; after `tries` it is parked with its error and the rest goes on.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

import extract
from archive.catalogue import Catalogue, schema
from archive.clock import Clock
from archive.register import Register
from archive.suppress import is_suppressed
from archive.warc.capture import Pointer
from archive.warc.errors import ArchiveError
from archive.warc.reader import ArchiveReader
from extract.errors import Unreadable
from extract.export import document_json
from extract.handoff_channels import CommandChannel, DeliveryError, SpoolChannel, UnavailableError
from extract.handoff_host import GROUP
from extract.handoff_journal import Journal, JournalBusyError
from extract.personal import masked_data

HANDOFF_VERSION = 1
SPOOL = "spool:"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_IN_A_ROW = 5  # documents parked with none taken between: the parser is at fault, not they


class HandoffError(ValueError):
    """A target that cannot be used as it is set; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A parser to hand to: a command, or a spool folder."""

    name: str
    command: tuple[str, ...] = ()
    spool: Path | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Tries before a document is parked, seconds for one document, seconds between two tries."""

    tries: int = 3
    seconds: float = 60.0
    pause: float = 1.0


@dataclass
class Outcome:
    """What came of one parser in a run. `stopped`: why the rest waits for the next run."""

    parser: str
    taken: int = 0
    waiting: int = 0  # in a spool
    parked: int = 0
    suppressed: int = 0
    stopped: str | None = None


@dataclass(frozen=True)
class Handoff:
    """Where documents come from, and where the journals lie."""

    archive: Path
    catalogue: Catalogue
    register: Register
    journals: Path
    clock: Clock
    suppressed: frozenset[str] = frozenset()
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Due:
    """A document to deliver: the first capture of a version."""

    delivery: str
    pointer: Pointer
    url: str
    date: str
    publisher: str | None
    kind: str
    report_year: int | None
    content_digest: str

    @property
    def file(self) -> str:
        """Its name in a spool; sorts by first capture, so by order within a publisher."""
        moment = re.sub(r"\D", "", self.date)
        return f"{moment}-{self.delivery}.json"


def read_targets(setting: Mapping[str, str]) -> tuple[Target, ...]:
    """The targets of the setting HANDOFF, name → command line or `spool:FOLDER`, and every entry point.

    Raises HandoffError.
    """
    targets = {name: _target(name, str(words)) for name, words in setting.items()}
    for entry in entry_points(group=GROUP):
        command = (sys.executable, "-m", "extract.handoff_host", entry.name)
        target = Target(_checked(entry.name), command)
        if targets.setdefault(entry.name, target) is not target:
            raise HandoffError(
                f"HANDOFF 与入口点重名 a name twice, as a setting and an entry point: {entry.name}"
            )
    return tuple(targets[name] for name in sorted(targets))


def _target(name: str, words: str) -> Target:
    _checked(name)
    if words.startswith(SPOOL):
        folder = words.removeprefix(SPOOL).strip()
        if not folder:
            raise HandoffError(f"HANDOFF {name}：缺少文件夹 spool: needs a folder")
        return Target(name, spool=Path(folder))
    try:
        command = tuple(shlex.split(words))
    except ValueError as error:
        raise HandoffError(f"HANDOFF {name}：引号不成对 a quote is not closed: {words}") from error
    if not command:
        raise HandoffError(f"HANDOFF {name}：没有命令 no command")
    return Target(name, command)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise HandoffError(
            f"HANDOFF：名称只用字母、数字、点、横线 a name of letters, digits, - . _: {name!r}"
        )
    return name


def hand_over(handoff: Handoff, target: Target) -> Outcome:
    """Deliver what is due to one parser. Returns whatever the parser does, and without a journal, too."""
    outcome = Outcome(target.name)
    try:
        with Journal(handoff.journals, target.name, handoff.clock) as journal:
            if target.spool is not None:
                _spool(handoff, SpoolChannel(target.spool), journal, outcome)
            else:
                limit = handoff.limits.seconds
                with closing(CommandChannel(target.command, limit, journal.lock)) as channel:
                    _command(handoff, channel, journal, outcome)
    except (UnavailableError, JournalBusyError) as error:
        outcome.stopped = str(error)
    except OSError as error:
        outcome.stopped = (
            f"移交记录不可写 the journal cannot be written: {handoff.journals}: {error.strerror}"
        )
    return outcome


def _command(handoff: Handoff, channel: CommandChannel, journal: Journal, outcome: Outcome) -> None:
    in_a_row = 0
    reader = ArchiveReader(handoff.archive)
    for due in _due(handoff, journal, outcome):
        if _delivered(handoff, reader, channel, journal, due):
            outcome.taken += 1
            in_a_row = 0
            continue
        outcome.parked += 1
        in_a_row += 1
        if in_a_row == _IN_A_ROW:
            outcome.stopped = (
                f"连续{in_a_row}份失败，请检查解析程序 {in_a_row} documents failed in a row: check the parser"
            )
            return


def _delivered(
    handoff: Handoff, reader: ArchiveReader, channel: CommandChannel, journal: Journal, due: Due
) -> bool:
    """True once it is acknowledged, False once it is parked."""
    while True:
        attempt = journal.tries(due.delivery) + 1
        try:
            channel.deliver(due.delivery, _message(handoff, reader, due, attempt))
        except (DeliveryError, ArchiveError, Unreadable) as error:
            journal.write("failed", due.delivery, attempt=attempt, error=str(error))
            if attempt >= handoff.limits.tries:
                _park(journal, due, attempt, str(error))
                return False
            time.sleep(handoff.limits.pause)
        else:
            journal.write("ack", due.delivery)
            return True


def _park(journal: Journal, due: Due, attempts: int, error: str) -> None:
    journal.write(
        "parked",
        due.delivery,
        attempts=attempts,
        error=error,
        url=due.url,
        publisher=due.publisher,
        record_id=due.pointer.record_id,
    )


def _spool(handoff: Handoff, channel: SpoolChannel, journal: Journal, outcome: Outcome) -> None:
    for line in journal.spooled:
        fate = channel.fate(line["file"])
        if fate == "":
            journal.write("ack", line["delivery"])
            outcome.taken += 1
        elif fate is not None:
            known = {name: line.get(name) for name in ("url", "publisher", "record_id")}
            journal.write("parked", line["delivery"], attempts=1, error=fate, **known)
            outcome.parked += 1
    reader = ArchiveReader(handoff.archive)
    for due in _due(handoff, journal, outcome):
        try:
            message = _message(handoff, reader, due, 1)
        except (ArchiveError, Unreadable) as error:
            _park(journal, due, 1, str(error))
            outcome.parked += 1
            continue
        channel.lay(due.file, message)
        known = {"url": due.url, "publisher": due.publisher, "record_id": due.pointer.record_id}
        journal.write("spooled", due.delivery, file=due.file, **known)
    outcome.waiting = len(journal.spooled)


def _due(handoff: Handoff, journal: Journal, outcome: Outcome) -> Iterator[Due]:
    """What is still to be delivered, by first capture."""
    capture, version = schema.capture, schema.version
    query = (
        select(capture, version.c.publisher, version.c.kind, version.c.report_year, version.c.content_digest)
        .join(version, version.c.version == capture.c.version)
        .order_by(capture.c.date, capture.c.record_id)
    )
    met: set[str] = set()
    with handoff.catalogue.engine.connect() as connection:
        rows = [_row_due(row) for row in connection.execute(query).mappings() if _is_first(row, met)]
    withheld = _withheld(handoff)
    for due in rows:
        if not journal.is_due(due.delivery):
            continue
        if due.delivery in withheld or is_suppressed(handoff.suppressed, due.content_digest, due.delivery):
            outcome.suppressed += 1
        else:
            yield due


def _withheld(handoff: Handoff) -> set[str]:
    """Versions that any capture shows whose payload is suppressed."""
    if not handoff.suppressed:
        return set()
    capture = schema.capture
    query = select(capture.c.version, capture.c.payload_digest).where(capture.c.version.is_not(None))
    with handoff.catalogue.engine.connect() as connection:
        return {
            row.version
            for row in connection.execute(query)
            if is_suppressed(handoff.suppressed, row.payload_digest)
        }


def _is_first(row: RowMapping, met: set[str]) -> bool:
    version = row["version"]
    if version in met:
        return False
    met.add(version)
    return True


def _row_due(row: RowMapping) -> Due:
    pointer = Pointer(row["file"], row["offset"], row["length"], row["record_id"], row["payload_digest"])
    return Due(
        delivery=row["version"],
        pointer=pointer,
        url=row["url"],
        date=row["date"],
        publisher=row["publisher"],
        kind=row["kind"],
        report_year=row["report_year"],
        content_digest=row["content_digest"],
    )


def _message(handoff: Handoff, reader: ArchiveReader, due: Due, attempt: int) -> bytes:
    document = extract.read_capture(reader.capture(due.pointer), handoff.register)
    message = {
        "handoff_version": HANDOFF_VERSION,
        "delivery": due.delivery,
        "attempt": attempt,
        "publisher": due.publisher,
        "kind": due.kind,
        "report_year": due.report_year,
        "document": masked_data(document_json(document)),
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
