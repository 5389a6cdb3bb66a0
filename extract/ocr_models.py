"""The two networks: where lines of text stand, and what a line says.

The models are files of the rapidocr wheel, run by onnxruntime with one thread; rapidocr itself, which may
fetch models and writes beside its code, is never imported. Pictures are grey, 0 black to 255 white.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime  # its telemetry is off: by the environment that extract.worker gives

from extract.ocr import model, models_folder
from extract.ocr_data import ocr_table

Grey = npt.NDArray[np.uint8]

HEIGHT = 48  # pixels of a line as the recogniser takes it
STEP = 8  # pixels of such a line to one output
MAX_WIDTH = 3200  # pixels of such a line
LEAST_WIDTH = 64
SEEN = 0.3  # of a pixel: belongs to text
LEAST_SCORE = 0.5  # of a line, mean over its pixels
UNCLIP = 1.6  # text regions are drawn shrunk; by how much they grow again
MAX_LINES = 1500  # of a page


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Character:
    """One character: where its middle stands along the line (0 to 1), and how sure it is (0 to 1)."""

    text: str
    at: float
    confidence: float


class Models:
    """Both networks, loaded. Raises FileNotFoundError where they are not installed."""

    def __init__(self) -> None:
        folder = models_folder()
        if folder is None:
            raise FileNotFoundError("the models of rapidocr are not installed")
        cv2.setNumThreads(1)
        self._detector = _session(model(folder, "det"))
        self._recogniser = _session(model(folder, "rec"))
        told = self._recogniser.get_modelmeta().custom_metadata_map
        self._characters = ["", *told["character"].splitlines(), " "]

    def lines(self, grey: Grey) -> list[Box]:
        """Boxes of lines of text, in no order. Upright or sideways text alike; the picture is not skewed."""
        height, width = grey.shape
        side = ocr_table().picture.detect_side
        tall = max(side, round(width * 1.45))  # a longer picture is sought through in tiles
        boxes: list[Box] = []
        step = max(1, round(tall * 0.9))
        for top in range(0, max(1, height - (tall - step)), step):
            tile = grey[top : top + tall]
            first, last = top == 0, top + step >= height - (tall - step)
            for box in self._tile(tile, side):
                middle = (box.top + box.bottom) / 2
                margin = (tall - step) / 2
                if (first or middle >= margin) and (last or middle < tall - margin):
                    boxes.append(Box(box.left, box.top + top, box.right, box.bottom + top))
        return boxes[:MAX_LINES]

    def _tile(self, grey: Grey, side: int) -> list[Box]:
        height, width = grey.shape
        scale = min(1.0, side / max(height, width))
        wide, high = (max(32, round(edge * scale / 32) * 32) for edge in (width, height))
        small = np.asarray(cv2.resize(grey, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)
        told = self._detector.run(None, {self._detector.get_inputs()[0].name: _colour([small])})[0][0, 0]
        seen = cv2.dilate((told > SEEN).astype(np.uint8), np.ones((2, 2), np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(seen, connectivity=8)
        boxes: list[Box] = []
        for at in range(1, count):
            x, y, w, h, _ = (int(value) for value in stats[at])
            if min(w, h) < 3:
                continue
            inside = told[y : y + h, x : x + w][labels[y : y + h, x : x + w] == at]
            if float(inside.mean()) < LEAST_SCORE:
                continue
            grow = w * h * UNCLIP / (2 * (w + h))
            left, right = (x - grow) * width / wide, (x + w + grow) * width / wide
            top, bottom = (y - grow) * height / high, (y + h + grow) * height / high
            boxes.append(
                Box(
                    max(0, round(left)),
                    max(0, round(top)),
                    min(width, round(right)),
                    min(height, round(bottom)),
                )
            )
        return boxes

    def read(self, lines: Sequence[Grey]) -> list[list[Character]]:
        """What each line says, by characters from left to right. Lines of like length are read together."""
        shaped = [_line(line) for line in lines]
        order = sorted(range(len(shaped)), key=lambda at: shaped[at].shape[1])
        said: list[list[Character]] = [[] for _ in lines]
        start = 0
        while start < len(order):
            width = shaped[order[start]].shape[1]
            room = max(1, 640 // width)
            chosen = [at for at in order[start : start + room] if shaped[at].shape[1] <= max(width, 96)]
            start += len(chosen)
            wide = max(shaped[at].shape[1] for at in chosen)
            batch = _colour([_padded(shaped[at], wide) for at in chosen])
            told = self._recogniser.run(None, {self._recogniser.get_inputs()[0].name: batch})[0]
            for at, steps in zip(chosen, told, strict=True):
                said[at] = self._decoded(steps, shaped[at].shape[1] / wide)
        return said

    def _decoded(self, steps: npt.NDArray[np.float32], share: float) -> list[Character]:
        """The best path: a class that goes on over several steps is one character; 0 is none."""
        best, sure = steps.argmax(axis=1), steps.max(axis=1)
        found: list[Character] = []
        before, first = 0, 0
        for at, code in enumerate([*best.tolist(), 0]):
            if code == before:
                continue
            if before:
                middle = (first + at) / 2 / len(best) / share
                confidence = float(sure[first:at].max())
                found.append(Character(self._characters[before], min(middle, 1.0), confidence))
            before, first = code, at
        return found


def _session(path: Path | None) -> Any:  # noqa: ANN401 - onnxruntime has no types
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _colour(pictures: Sequence[Grey]) -> npt.NDArray[np.float32]:
    """As both networks take them: three equal planes, -1 to 1."""
    planes = np.stack(pictures).astype(np.float32) / np.float32(127.5) - np.float32(1.0)
    return np.ascontiguousarray(np.repeat(planes[:, None], 3, axis=1))


def _line(grey: Grey) -> Grey:
    """A line at the recogniser's height."""
    height, width = grey.shape
    wide = min(MAX_WIDTH, max(STEP, round(width * HEIGHT / height)))
    how = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, (wide, HEIGHT), interpolation=how), np.uint8)


def _padded(line: Grey, width: int) -> Grey:
    """Filled up on the right with paper."""
    wide = max(LEAST_WIDTH, -(-width // STEP) * STEP)
    return np.pad(line, ((0, 0), (0, wide - line.shape[1])), constant_values=255)
