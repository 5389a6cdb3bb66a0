"""The same catalogue on a real PostgreSQL server: every table has the same content hash as on SQLite."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line.conftest import Line, content_hash


def postgres_bin() -> Path | None:
    """The folder of initdb and pg_ctl: on PATH, or where Debian keeps it."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a server of its own, on a Unix socket only; as root it runs as the user `postgres`."""
    folder = postgres_bin()
    if folder is None:
        if request.config.getoption("--optional") == "required":
            pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed")
    home = Path(tempfile.mkdtemp(prefix="nb-pg-", dir="/tmp"))  # a socket's path is short
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(home, user)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(folder / program), *arguments],
            user=user if os.geteuid() == 0 else None,
            cwd=home,
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=60,
        )

    try:
        run("initdb", "-D", str(home / "data"), "-U", "nianbao", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
        run("pg_ctl", "-D", str(home / "data"), "-w", "-l", str(home / "log"), "-o", options, "start")
        yield f"postgresql+psycopg://nianbao@/postgres?host={home}"
    finally:
        subprocess.run(
            [str(folder / "pg_ctl"), "-D", str(home / "data"), "-m", "immediate", "stop"],
            user=user if os.geteuid() == 0 else None,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        shutil.rmtree(home, ignore_errors=True)


def test_postgresql_holds_the_same_catalogue(line: Line, postgres: str) -> None:
    done = line.scrapy("rebuild", "--all", settings=[f"CATALOGUE_URL={postgres}"])
    assert done.returncode == 0, done.stderr
    assert content_hash(postgres) == content_hash(line.catalogue)
    audit = line.scrapy("audit", "--as-of", "2026-02-03", settings=[f"CATALOGUE_URL={postgres}"])
    assert audit.returncode == 22
    assert audit.stdout == line.scrapy("audit", "--as-of", "2026-02-03").stdout
