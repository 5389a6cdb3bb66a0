"""What every test shares: the offline hook, optional tests, and where the seeds and the real pages lie."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent
OFFLINE = TESTS / "offline"

sys.path.insert(0, str(OFFLINE))
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(OFFLINE), os.environ.get("PYTHONPATH")]))
import sitecustomize  # noqa: E402, F401  (the hook, in this process too)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--optional",
        choices=["where-possible", "required"],
        default="where-possible",
        help="tests that need a tool of their own environment: skipped where it is absent, or required",
    )
    parser.addoption(
        "--foreign-readers",
        choices=["on", "off"],
        default="on",
        help="at the end warcio, FastWARC and pywb read every WARC that the run made",
    )


@pytest.fixture(scope="session", autouse=True)
def foreign_readers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """After the last test; see tests/foreign_readers.py."""
    yield
    if request.config.getoption("--foreign-readers") == "off":
        return
    from tests.foreign_readers import complaints  # noqa: PLC0415 — it imports the product

    indexer = ROOT / ".venv-tools" / "bin" / "cdx-indexer"
    told = complaints(tmp_path_factory.getbasetemp(), indexer if indexer.exists() else None)
    if told:
        pytest.fail("other tools complain of WARCs that this run made:\n" + "\n".join(told), pytrace=False)


@pytest.fixture(scope="session")
def optional_tool(request: pytest.FixtureRequest):
    """`optional_tool('wayback')` is the path of a tool in .venv-tools; skips, or fails when required."""

    def find(name: str) -> Path:
        path = ROOT / ".venv-tools" / "bin" / name
        if not path.exists():
            message = f"{name} is not installed: make test sets .venv-tools up"
            if request.config.getoption("--optional") == "required":
                pytest.fail(message)
            pytest.skip(message)
        return path

    return find


@pytest.fixture(scope="session")
def real_pages() -> Path:
    """The folder of real pages beside the checkout; they are not part of the project (see its README)."""
    folder = ROOT.parent / "shared" / "real"
    if not folder.is_dir():
        pytest.skip("no real pages beside this checkout")
    return folder
