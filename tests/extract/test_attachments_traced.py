"""The promise of the sandbox as the system sees it, over every attachment of tests/pages: none makes a
connection, starts a program other than ours, or writes outside its working folder.
Traced from outside (strace).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from extract.ocr import models_folder
from extract.office import converter

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "tests" / "pages"
CALLS = (
    "%network,execve,execveat,open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,"
    "rmdir,link,linkat,symlink,symlinkat,truncate,mknod,mknodat,chmod,fchmodat,chown,lchown,fchownat,unshare,"
    "clone,clone3,fork,vfork"
)
WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")
CHANGES = re.compile(r"creat|mkdir|rename|unlink|rmdir|link|truncate|mknod|chmod|chown")
LINE = re.compile(r"^(\d+) +(?:<\.\.\. (\w+) resumed>)?(.*)$")
NEEDED = {"office": converter() is not None, "ocr": models_folder() is not None}
#: Kinds that LibreOffice converts cost seconds each: one of each kind of harm.
LEFT_OUT = {"attachment_doc", "attachment_rtf_called_doc", "bad_doc_cut"}


@dataclass(frozen=True)
class Call:
    """A finished call. `result`: what it gave, with the name of the error where it failed."""

    process: int
    name: str
    arguments: str
    result: str

    @property
    def done(self) -> bool:
        return not self.result.startswith("-1")

    @property
    def paths(self) -> list[str]:
        """As absolute ones where the call names the folder that they are relative to."""
        found = re.findall(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"([^"]*)"', self.arguments)
        return [os.path.join(folder, spelt(path)) for folder, path in found]  # noqa: PTH118 - as the system does


def spelt(path: str) -> str:
    """A path without the escapes of the trace."""
    return (
        path.encode("latin-1", "replace")
        .decode("unicode_escape")
        .encode("latin-1")
        .decode("utf-8", "replace")
    )


def calls_in(log: Path) -> Iterator[Call]:
    pending: dict[str, str] = {}
    for line in log.read_text("utf-8", "replace").splitlines():
        found = LINE.match(line)
        if found is None:
            continue
        process, resumed, rest = found[1], found[2], found[3]
        if rest.endswith("<unfinished ...>"):
            pending[process] = rest.removesuffix("<unfinished ...>")
            continue
        if resumed:
            rest = pending.pop(process, f"{resumed}(") + rest
        call = re.match(r"(\w+)\((.*)\) += (.*)$", rest)
        if call:
            yield Call(int(process), call[1], call[2], call[3])


@pytest.fixture(scope="module")
def traced(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Call], str]:
    """The working folder that all were given, every call, what was printed."""
    strace = shutil.which("strace")
    lacking = [name for name, there in (*NEEDED.items(), ("strace", strace is not None)) if not there]
    if lacking and request.config.getoption("--optional") == "required":
        pytest.fail(f"not installed: {lacking}")
    if strace is None:
        pytest.skip("strace is not installed: apt-get install strace")
    folder = tmp_path_factory.mktemp("traced")
    work, log = folder / "work", folder / "log"
    work.mkdir()
    cases = [
        case
        for case in PAGES.iterdir()
        if case.name.startswith(("attachment_", "bad_")) or "image" in case.name
    ]
    chosen = sorted(str(case) for case in cases if case.name not in LEFT_OUT)
    done = subprocess.run(
        [
            *(strace, "-f", "-y", "--seccomp-bpf", "-s", "300", "-e", f"trace={CALLS}", "-o", str(log)),
            *(sys.executable, "-m", "tests.extract.trace_reading", *chosen),
        ],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(work), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
    )
    assert done.stdout.count("\n") >= len(chosen) > 30
    return work, list(calls_in(log)), done.stdout


def test_everything_was_read(traced: tuple[Path, list[Call], str]) -> None:
    """Else the rest would say nothing."""
    _, calls, printed = traced
    assert "Killed" not in printed
    assert "过大" in printed
    assert "outside_reference" in printed
    if NEEDED["office"]:
        assert any(call.name == "execve" and str(converter()) in call.paths for call in calls)


def test_no_attachment_makes_a_connection(traced: tuple[Path, list[Call], str]) -> None:
    _, calls, _ = traced
    told = [call for call in calls if call.name in {"connect", "sendto", "sendmsg", "sendmmsg", "listen"}]
    assert [call for call in told if "AF_INET" in call.arguments or "AF_PACKET" in call.arguments] == []


def test_no_attachment_starts_a_program_other_than_ours(traced: tuple[Path, list[Call], str]) -> None:
    _, calls, _ = traced
    started = {call.paths[0] for call in calls if call.name.startswith("execve")}
    assert started <= {sys.executable, str(converter())}


def test_no_attachment_writes_outside_its_folder(traced: tuple[Path, list[Call], str]) -> None:
    """Where the system allows it, LibreOffice has its folder for /tmp, and all else can be read only."""
    work, calls, _ = traced
    confined = any(call.name == "unshare" and "CLONE_NEWNS" in call.arguments and call.done for call in calls)
    office: set[int] = set()
    outside: list[Call] = []
    for call in calls:
        if call.name == "execve" and call.done and call.paths[0] == str(converter()):
            office.add(call.process)
        elif call.name in {"clone", "clone3", "fork", "vfork"} and call.process in office and call.done:
            office.add(int(call.result.split()[0]))
        elif call.done and _changes(call):
            allowed = (f"{work}/", *(["/tmp/"] if confined and call.process in office else []))
            outside += [] if all(_within(path, allowed) for path in _changed(call)) else [call]
    if not confined:  # LibreOffice puts its socket there whatever it is told
        outside = [call for call in outside if "/tmp/OSL_PIPE_" not in call.arguments]
    assert outside == []


def _changes(call: Call) -> bool:
    return bool(CHANGES.search(call.name) or (call.name.startswith("open") and WRITES.search(call.arguments)))


def _changed(call: Call) -> list[str]:
    """The paths that a call changes: of two, both, but what a symbolic link says is only words."""
    return call.paths[-1:] if call.name.startswith(("symlink", "link")) else call.paths


def _within(path: str, allowed: tuple[str, ...]) -> bool:
    return path in {"/dev/null", "/dev/tty"} or path.startswith(allowed) or path.startswith("/proc/self/")
