"""The hand-off: at least once, in order, acknowledged; kills lose nothing; a bad parser stops nothing."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from scrapy.settings import Settings

import extract
from archive.register import Register, load_register
from archive.warc.capture import Capture
from archive.warc.reader import ArchiveReader
from crawler.commands.parked import Command
from crawler.exits import Exit
from extract.export import document_json
from extract.handoff import HandoffError, Outcome, Target, hand_over, read_targets
from extract.handoff_journal import Journal, read_parked
from extract.personal import masked_data
from parser.document import Document
from tests.archive.test_audit_commands import scrapy
from tests.extract.handing import MOBILE, Place

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "outside_parser.py"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("handoff"))
    place.make()
    return place


@pytest.fixture
def place(made: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Place:
    """The archive with journals and log of its own."""
    for name in ("warc", "catalogue.sqlite", "county.yml"):
        (tmp_path / name).symlink_to(made.folder / name)
    return Place(tmp_path)


def run(
    place: Place, target: Target, suppressed: frozenset[str] = frozenset(), seconds: float = 20
) -> Outcome:
    with place.handoff(suppressed, seconds) as handoff:
        return hand_over(handoff, target)


def test_each_document_once_in_order(place: Place) -> None:
    first = run(place, place.target())
    assert (first.taken, first.parked, first.stopped) == (6, 0, None)
    again = run(place, place.target())
    assert again.taken == 0
    assert place.logged() == place.expected()


def test_a_kill_loses_nothing_and_reorders_nothing(place: Place) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.extract.handoff_killed", str(place.folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    expected = place.expected()
    told = json.loads(done.stdout)
    assert len(told) == 8
    for point, (killed, ended, logged) in told.items():
        assert killed, point
        assert ended == 0, point
        steps = [expected.index(delivery) for delivery in logged]
        assert sorted(set(steps)) == list(range(len(expected))), point
        # on from the one that was not acknowledged: it alone may come twice
        assert all(after - before in (0, 1) for before, after in pairwise(steps)), point
        assert len(steps) <= len(expected) + 1, point


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            "print(json.dumps({'delivery': delivery, 'ok': False, 'error': 'no such table'})); continue",
            "no such",
        ),
        ("sys.exit('out of ideas')", "out of ideas"),
        ("os.kill(os.getpid(), 9)", "-9"),
        ("time.sleep(60)", "no answer"),
        ("os.close(1); time.sleep(60)", "closed"),
        ("print('x' * 3_000_000, end='', flush=True); time.sleep(60)", "without end"),
    ],
)
def test_a_document_that_cannot_be_taken_is_parked_and_the_rest_goes_on(
    place: Place, fault: str, words: str
) -> None:
    expected = place.expected()
    poison = expected[2]
    start = time.monotonic()
    outcome = run(place, place.target(poison, fault=f"sys.stdout.flush(); {fault}"), seconds=0.8)
    assert time.monotonic() - start < 12
    assert (outcome.taken, outcome.parked, outcome.stopped) == (5, 1, None)
    assert place.logged() == [*expected[:3], poison, *expected[3:]]
    [parked] = read_parked(place.folder / "journal")
    assert (parked.delivery, parked.attempts, parked.parser) == (poison, 2, "noting")
    assert words in parked.error
    assert parked.url.startswith("http://www.example.gov.cn/")
    assert run(place, place.target()).taken == 0, "parked until somebody asks for it"


def test_a_parked_document_is_delivered_again_on_demand(place: Place) -> None:
    poison = place.expected()[0]
    run(place, place.target(poison, fault="sys.exit(1)"))
    with place.handoff() as handoff, Journal(handoff.journals, "noting", handoff.clock) as journal:
        journal.write("retry", poison)
    outcome = run(place, place.target())
    assert (outcome.taken, outcome.parked) == (1, 0)
    assert read_parked(place.folder / "journal") == []


def test_a_parser_at_fault_is_stopped_before_it_parks_everything(place: Place) -> None:
    outcome = run(place, place.target(*place.expected(), fault="sys.exit(1)"))
    assert outcome.parked == 5
    assert outcome.stopped is not None


@pytest.mark.parametrize("command", [("/no/such/command",), (sys.executable, "-c", "raise SystemExit(78)")])
def test_a_parser_that_is_not_there_parks_nothing(place: Place, command: tuple[str, ...]) -> None:
    outcome = run(place, Target("absent", command))
    assert outcome.stopped is not None
    assert (outcome.taken, outcome.parked) == (0, 0)
    assert run(place, replace(place.target(), name="absent")).taken == 6


def test_what_is_suppressed_is_not_handed_over(place: Place) -> None:
    expected = place.expected()
    outcome = run(place, place.target(), frozenset({expected[1]}))
    assert (outcome.taken, outcome.suppressed) == (5, 1)
    assert expected[1] not in place.logged()


def test_the_example_in_the_docs(place: Place) -> None:
    assert len(EXAMPLE.read_text("utf-8").splitlines()) <= 30
    table = place.folder / "out.csv"
    [target] = read_targets({"counts": f"{sys.executable} {EXAMPLE} {table}"})
    assert run(place, target).taken == 6
    rows = [line.split(",") for line in table.read_text("utf-8").splitlines()]
    assert [row[0] for row in rows] == place.expected()
    assert {row[1] for row in rows} == {"999901-1", "999901-2"}
    assert all(int(row[3]) >= 3 for row in rows)


def test_a_spool_is_acknowledged_by_taking_the_file(place: Place) -> None:
    folder = place.folder / "spool"
    [target] = read_targets({"spool": f"spool:{folder}"})
    assert run(place, target).waiting == 6
    names = sorted(path.name for path in (folder / "new").iterdir())
    messages = [json.loads((folder / "new" / name).read_text("utf-8")) for name in names]
    assert [message["delivery"] for message in messages] == place.expected()
    documents = [TypeAdapter(Document).validate_python(message["document"]) for message in messages]
    read = {capture.pointer.record_id: capture for capture in ArchiveReader(place.folder / "warc").captures()}
    register = load_register([place.folder / "county.yml"])
    for document in documents:
        whole = extract.read_capture(read[document.source.record_id or ""], register)
        assert MOBILE in whole.text
        assert MOBILE not in document.text  # practice.md §7
        masked = masked_data(document_json(whole))
        assert document == TypeAdapter(Document).validate_python(masked)
    (folder / "new" / names[0]).unlink()
    (folder / "failed").mkdir()
    (folder / "new" / names[1]).rename(folder / "failed" / names[1])
    (folder / "failed" / f"{names[1]}.error").write_text("not mine", "utf-8")
    outcome = run(place, target)
    assert (outcome.taken, outcome.parked, outcome.waiting) == (1, 1, 4)
    assert read_parked(place.folder / "journal")[0].error == "not mine"


def test_an_entry_point_is_given_the_document(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = place.folder / "site"
    info = folder / "theirs-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[nianbao.parsers]\ntheirs = their_parser:read\nlost = gone:read\n"
    )
    (folder / "their_parser.py").write_text(
        "def read(document):\n"
        "    print('printed, and no answer')\n"
        f"    with open({str(place.log)!r}, 'a') as stream:\n"
        "        stream.write(f'{document.publisher.code} {len(document.blocks[0].plain)}\\n')\n"
        "    if document.publisher.code == '999901-2':\n"
        "        raise ValueError('not this one')\n"
    )
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", f"{folder}:{ROOT}")
    lost, theirs = read_targets({})
    outcome = run(place, theirs)
    assert (outcome.taken, outcome.parked) == (3, 3)
    assert {parked.error for parked in read_parked(place.folder / "journal")} == {"ValueError: not this one"}
    assert "gone" in (run(place, lost).stopped or "")


def test_two_runs_never_hand_to_one_parser_at_once(place: Place) -> None:
    with place.handoff() as handoff, Journal(handoff.journals, "noting", handoff.clock):
        other = Journal(handoff.journals, "noting", handoff.clock, patience=0.1)
        with pytest.raises(RuntimeError, match="noting"), other:
            pytest.fail("it was opened twice")


@pytest.mark.parametrize("setting", [{"a b": "x"}, {"a": ""}, {"a": "spool:"}, {"a": "x 'y"}])
def test_a_target_that_cannot_be_used_is_refused(setting: dict[str, str]) -> None:
    with pytest.raises(HandoffError):
        read_targets(setting)


def test_the_commands_hand_over_list_and_retry(made: Place, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(made.folder / "warc", data / "archive")
    shutil.copy(made.folder / "county.yml", data)
    shutil.copy(made.folder / "catalogue.sqlite", data)
    place = Place(data)
    poison = place.expected()[1]
    (data / "parser.py").write_text(place.target(poison, fault="sys.exit('not this one')").command[2])
    setting = json.dumps({"mine": f"{sys.executable} {data / 'parser.py'}"})
    options = ("-s", f"HANDOFF={setting}", "-s", "HANDOFF_TRIES=1")
    done = scrapy(data, "rebuild", *options)
    assert done.returncode == 12, done.stderr
    assert "mine" in done.stdout
    listed = scrapy(data, "parked")
    assert listed.returncode == 12
    assert poison in listed.stdout
    assert "not this one" in listed.stdout
    assert scrapy(data, "parked", "--retry", "ffffffffffff").returncode == 5
    assert scrapy(data, "parked", "--retry", poison[:12]).returncode == 0
    assert scrapy(data, "parked").returncode == 0
    (data / "parser.py").write_text(place.target().command[2])
    assert scrapy(data, "rebuild", *options).returncode == 0
    assert place.logged() == [*place.expected(), poison]
    wrong = scrapy(data, "rebuild", "-s", "HANDOFF=[1]")
    assert wrong.returncode == 2
    assert "HANDOFF" in wrong.stderr


def test_what_the_built_in_parser_broke_on_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    really = extract.read_capture
    poison: list[str] = []

    def breaking(capture: Capture, register: Register) -> Document:
        if not poison:
            poison.append(capture.url)
            raise RecursionError("planted")
        return really(capture, register)

    with monkeypatch.context() as patched:
        patched.setattr(extract, "read_capture", breaking)
        Place(tmp_path).make()
    settings = Settings({"DATA_DIR": str(tmp_path), "CATALOGUE_URL": Place(tmp_path).url})
    command = Command()
    command.settings = settings
    assert command.work([], argparse.Namespace(retry=[])) is Exit.FINDINGS
    listed = capsys.readouterr().out
    assert listed.startswith("built-in ")
    assert poison[0] in listed
    assert "planted" in listed
    command.settings = Settings(
        {"DATA_DIR": str(tmp_path / "none"), "CATALOGUE_URL": "sqlite:///none.sqlite"}
    )
    assert command.work([], argparse.Namespace(retry=[])) is Exit.DONE, "nothing was rebuilt"
