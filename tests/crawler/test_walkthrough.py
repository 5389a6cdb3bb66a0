"""docs/portals.md followed word by word: its files written, its commands run, what it promises printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawler.crawling import ROOT
from tests.portals.gallery_play import gallery_server

PAGE = ROOT / "docs" / "portals.md"
BLOCK = re.compile(r"^```(?P<kind>sh|yaml|text)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks() -> list[tuple[str, str]]:
    """(kind, body) of the worked example's blocks, in order."""
    section = PAGE.read_text(encoding="utf-8").partition("A worked example")[2].partition("\n## ")[0]
    return [(found["kind"], found["body"]) for found in BLOCK.finditer(section)]


def environment(port: int, folder: Path) -> dict[str, str]:
    """A shell in which `scrapy` is ours and the sample's names lead to the server."""
    (folder / "sample-port").write_text(str(port), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "SCRAPY_SETTINGS_MODULE": "tests.crawler.walkthrough",
    }


def test_the_worked_example_from_a_url_to_the_audit(tmp_path: Path) -> None:
    if shutil.which("bash") is None:
        pytest.skip("the document's commands are for bash")
    said = "nothing was run"
    exported: list[str] = []  # a shell of its own for each block keeps the variables that were set
    followed = 0
    with gallery_server(tmp_path / "log.jsonl") as port:
        shell = environment(port, tmp_path)
        for kind, body in blocks():
            followed += 1
            if kind == "yaml":
                path = tmp_path / body.splitlines()[0].removeprefix("# ")
                path.write_text(body, encoding="utf-8")
            elif kind == "sh":
                script = "\n".join(["set -eu", *exported, body])
                done = subprocess.run(
                    ["bash", "-c", script],
                    cwd=tmp_path,
                    env=shell,
                    capture_output=True,
                    text=True,
                    timeout=120,
                    check=False,
                )
                assert done.returncode == 0, (body, done.stdout, done.stderr)
                exported += [line for line in body.splitlines() if line.startswith("export ")]
                said = done.stdout
            else:
                assert [line for line in body.splitlines() if line not in said] == [], said
    assert followed >= 12


def test_the_example_files_are_short() -> None:
    files = [body for kind, body in blocks() if kind == "yaml"]
    assert [len(body.splitlines()) <= 20 for body in files] == [True, True]
