"""Recognition of scans (OCR): the door. What a reader asks of it, and who answers.

A reader asks for pages; the answer is a page as the PDF reader takes it, or why there is none. By default a
process of its own answers, started when first needed, bounded in time and memory, and started anew after it
was killed. In a process that may start no other (extract.sandbox) the answers are given beforehand, and what
is lacking is raised as RecognitionNeeded: whoever started that process fetches it with `Recognisers` and asks
again. Nothing here loads the models or the libraries of images.
"""

from __future__ import annotations

import atexit
import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from extract.ocr_data import ocr_table
from extract.pdf_page import PageContent
from extract.worker import Bounds, Killed, Worker

TARGET = "extract.ocr_process:recogniser"
LIBRARIES = ("rapidocr", "onnxruntime", "opencv-python-headless", "pillow", "numpy")


@dataclass(frozen=True)
class PageTask:
    """One page to recognise: of a PDF, or of an image file; `page` counts from 0."""

    payload: bytes = field(repr=False)
    kind: Literal["pdf", "image"]
    page: int

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells one task from another."""
        return hashlib.sha256(self.payload).hexdigest(), self.kind, self.page


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a page was not recognised. `reason` ∈ absent, time, memory, crash, damaged."""

    reason: str
    detail: str = ""


Answer = PageContent | Trouble
Key = tuple[str, str, int]


class RecognitionNeeded(Exception):  # noqa: N818 - no error: a question
    """Pages that must be recognised before reading can go on."""

    def __init__(self, tasks: Sequence[PageTask]) -> None:
        super().__init__(f"{len(tasks)} pages to recognise")
        self.tasks = tuple(tasks)


def models_folder() -> Path | None:
    """Where the models lie; None where the extra `ocr` is not installed. Imports none of it."""
    if any(find_spec(name) is None for name in ("onnxruntime", "cv2", "PIL", "numpy")):
        return None
    found = find_spec("rapidocr")
    places = found.submodule_search_locations if found is not None else None
    folder = Path(places[0]) / "models" if places else None
    return folder if folder is not None and all(model(folder, kind) for kind in ("det", "rec")) else None


def model(folder: Path, kind: str) -> Path | None:
    """The file of one network (det, rec)."""
    return next(iter(sorted(folder.glob(f"*_{kind}_*.onnx"))), None)


def recogniser_version() -> str:
    """What tells one recogniser from another: what is read by it is read anew after a change."""
    return ",".join(f"{name}={_version(name)}" for name in LIBRARIES)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def bounds() -> Bounds:
    """What one page may use."""
    told = ocr_table().bounds
    return Bounds(told.page_cpu_seconds, told.page_wall_seconds, told.memory)


class Recognisers:
    """The process that recognises, one page at a time whoever asks. Started when first asked."""

    def __init__(self) -> None:
        self._worker: Worker | None = None
        self._lock = threading.Lock()

    def answer(self, task: PageTask) -> Answer:
        """The page, or why there is none. A process that was killed is started anew for the next page."""
        if models_folder() is None:
            return Trouble("absent")
        with self._lock:
            if self._worker is None:
                self._worker = Worker(TARGET, None, bounds())
            done = self._worker.ask(task)
            if done == Killed("crash", "SIGKILL"):  # by whoever: the page may be good
                done = self._worker.ask(task)
        if isinstance(done, Killed):
            return Trouble(done.reason, done.detail)
        assert isinstance(done, PageContent | Trouble)
        return done

    def close(self) -> None:
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()


_own = Recognisers()
atexit.register(_own.close)
_given: ContextVar[Mapping[Key, Answer] | None] = ContextVar("_given", default=None)


@contextmanager
def answers_given(answers: Mapping[Key, Answer]) -> Iterator[None]:
    """Within: no process is started; what `answers` does not hold is raised as RecognitionNeeded."""
    token = _given.set(answers)
    try:
        yield
    finally:
        _given.reset(token)


def recognise(tasks: Sequence[PageTask]) -> list[Answer]:
    """An answer for each task, in order. Raises RecognitionNeeded within `answers_given`."""
    given = _given.get()
    if given is None:
        return [_own.answer(task) for task in tasks]
    lacking = [task for task in tasks if task.key not in given]
    if lacking and models_folder() is None:
        return [Trouble("absent") for _ in tasks]
    if lacking:
        raise RecognitionNeeded(lacking)
    return [given[task.key] for task in tasks]
