"""What becomes LibreOffice is bounded and closed in by the system: tried by a Python that does its worst."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from extract.office import LAUNCHER

PYTHON = str(Path(sys.executable).resolve())
MEMORY, CPU_SECONDS, FILE = 500_000_000, 1, 1_000_000


def done(folder: Path, program: str, *arguments: str) -> str:
    """What a program prints that runs as the converter does, or how it ended."""
    bounds = (str(MEMORY), str(CPU_SECONDS), str(FILE))
    # the interpreter behind that of the environment, which may lie in /tmp and then cannot be seen
    command = [*LAUNCHER, str(folder), *bounds, PYTHON, "-I", "-S", "-c", program, *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return ended.stdout.strip() or ended.stderr.strip().rpartition("\n")[2] or str(ended.returncode)


@pytest.fixture
def confined(tmp_path: Path) -> Path:
    """A folder, where the system allows namespaces."""
    folder = tmp_path / "a folder, with a blank"
    folder.mkdir()
    if done(folder, "import os; print(os.getcwd())") != "/tmp":
        pytest.skip("this system allows no namespaces")
    return folder


def test_it_writes_into_its_folder_alone(confined: Path, tmp_path: Path) -> None:
    write = "import sys; open(sys.argv[1], 'w').write('x'); print('written')"
    assert done(confined, write, "{folder}/inside") == "written"
    assert (confined / "inside").read_text() == "x"
    assert done(confined, write, "/tmp/also inside") == "written"
    assert (confined / "also inside").exists()
    for outside in ("/var/tmp/nianbao", str(Path.home() / "nianbao")):
        assert "Read-only" in done(confined, write, outside)
        assert not Path(outside).exists()
    assert "No such file" in done(
        confined, write, str(tmp_path / "outside")
    )  # what was /tmp is not to be seen


def test_it_has_no_network(confined: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        connect = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2)"
        assert "unreachable" in done(confined, connect, str(server.getsockname()[1]))
        with pytest.raises(TimeoutError):
            server.accept()


def test_it_cannot_undo_what_closes_it_in(confined: Path) -> None:
    undo = (
        "import ctypes; c = ctypes.CDLL(None, use_errno=True); "
        "print(c.umount2(b'/tmp', 2), c.mount(None, b'/', None, 32, None), c.unshare(0x00020000))"
    )
    assert done(confined, undo) == "-1 -1 -1"


@pytest.mark.parametrize(
    ("program", "end"),
    [
        ("held = bytearray(600_000_000)", "MemoryError"),
        ("while True: pass", "-24"),  # SIGXCPU
        ("open('big', 'wb').write(bytes(2_000_000)); print('written')", "File too large"),
    ],
    ids=["memory", "time", "disk"],
)
def test_it_is_bounded(tmp_path: Path, program: str, end: str) -> None:
    assert end in done(tmp_path, program)
    assert all(path.stat().st_size <= FILE for path in tmp_path.iterdir())
