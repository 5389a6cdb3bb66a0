"""Recognition of scans: `python -m benchmarks.ocr [--documents 000,004] [--variants clean_200,…]`.

Reports whose numbers are known are drawn as pictures, well and badly, and read by the product in its own
process. A cell is exact; or flagged (no value, or a finding names it); or wrong, which must not be. Also the
processor seconds a page and the greatest resident memory of the process that recognises.

The seeds are printed by Chromium from the same blocks as the sample portals serve; seed 004 is the PDF of the
sample portals. The real report is read where it lies beside the checkout; its truth is its text layer, which
a test holds to gold.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFilter

import extract
import parser
from archive.register import load_register
from extract.ocr import TARGET, Answer, Key, PageTask, RecognitionNeeded, answers_given, bounds
from extract.rebuild_rows import _cells
from extract.worker import Worker
from parser.document import Severity
from parser.report import AnnualReport
from tests.portals.printed import CSS, RULED, markup, printed
from tests.portals.seedpage import seed_blocks

ROOT = Path(__file__).parent.parent
REAL = ROOT.parent / "shared/real/report_huaian_2024_pdf/report.pdf"
PAGES_MOST = 100
HEAD = (
    "| variant | cells | exact | right, flagged | no value, told | misread, flagged | wrong | s a page |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)
SEEDS = ("000", "001", "002", "003")
Picture = Image.Image


# --- documents


def seed_printed(name: str, folder: Path) -> bytes:
    """The PDF of a seed's page."""
    return printed(markup(seed_blocks(name)), CSS + RULED, folder, name).read_bytes()


@dataclass(frozen=True)
class Sample:
    """A report with its true numbers by key."""

    name: str
    pdf: bytes
    truth: dict[str, float | None]


def samples(names: set[str], folder: Path) -> Iterator[Sample]:
    for name in SEEDS:
        if not names or name in names:
            yield Sample(name, seed_printed(name, folder), golden(name))
    if not names or "004" in names:
        yield Sample("004", (ROOT / "tests/portals/files/seed_004.pdf").read_bytes(), golden("004"))
    if REAL.exists() and (not names or "real" in names):
        pdf = REAL.read_bytes()
        report = parser.parse(extract.read(pdf, name="a.pdf", register=load_register()))
        yield Sample("real", pdf, {c["key"]: c["value"] for c in _cells(report)})


def golden(name: str) -> dict[str, float | None]:
    told = json.loads(next((ROOT / "tests/golden").glob(f"{name}_*.json")).read_text("utf-8"))["tables"]
    found: dict[str, float | None] = {}
    for row in (told["proactive_disclosure"] or {"rows": []})["rows"]:
        found |= {f"proactive_disclosure.{row['key']}.{key}": c["value"] for key, c in row["cells"].items()}
    for row in (told["applications"] or {"rows": []})["rows"]:
        found |= {f"applications.{row['key']}.{key}": value for key, value in row["values"].items()}
    review = (told["review_litigation"] or {"cells": {}})["cells"]
    return found | {f"review_litigation.{key}": cell["value"] for key, cell in review.items()}


# --- variants


def drawn(pdf: bytes, dpi: int) -> list[Picture]:
    document = pdfium.PdfDocument(pdf)
    with closing(document):
        return [document[at].render(scale=dpi / 72).to_pil().convert("RGB") for at in range(len(document))]


def jpeg(picture: Picture, quality: int) -> Picture:
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=quality)
    return Image.open(held).convert("RGB")


def skewed(picture: Picture, degrees: float) -> Picture:
    return picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white")


def noisy(picture: Picture, seed: int = 1) -> Picture:
    dice = np.random.default_rng(seed)
    grey = np.asarray(picture).astype(np.float32) * 0.9 + dice.normal(
        0, 16, (picture.height, picture.width, 1)
    )
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def on_grey(picture: Picture) -> Picture:
    """Grey paper, darker to one side, as a phone's picture of a sheet has it."""
    shade = np.linspace(0.62, 0.88, picture.width)[None, :, None]
    return Image.fromarray((np.asarray(picture) * shade).astype(np.uint8))


def stamped(picture: Picture) -> Picture:
    """A red seal over the middle of the page."""
    seal = Image.new("RGBA", picture.size)
    pen = ImageDraw.Draw(seal)
    x, y, radius = picture.width * 0.62, picture.height * 0.4, picture.width * 0.1
    red = (205, 35, 35, 200)
    pen.ellipse(
        (x - radius, y - radius, x + radius, y + radius), outline=red, width=max(3, picture.width // 200)
    )
    star = [
        (x + radius * 0.4 * np.cos(a), y + radius * 0.4 * np.sin(a)) for a in np.arange(5) * 2.513 - 1.571
    ]
    pen.polygon(star, fill=red)
    return Image.alpha_composite(picture.convert("RGBA"), seal).convert("RGB")


def faded(picture: Picture) -> Picture:
    """Copied too lightly, and a little out of focus."""
    soft = picture.filter(ImageFilter.GaussianBlur(picture.width / 1654))
    return Image.fromarray((255 - (255 - np.asarray(soft).astype(np.float32)) * 0.55).astype(np.uint8))


def turned(picture: Picture, degrees: int) -> Picture:
    return picture.rotate(degrees, expand=True)


VARIANTS: dict[str, tuple[int, Callable[[Picture], Picture]]] = {
    "clean_100": (100, lambda p: p),
    "clean_150": (150, lambda p: p),
    "clean_200": (200, lambda p: p),
    "clean_300": (300, lambda p: p),
    "jpeg60_150": (150, partial(jpeg, quality=60)),
    "jpeg60_100": (100, partial(jpeg, quality=60)),
    "skew+1.5": (200, partial(skewed, degrees=1.5)),
    "skew-1.5": (200, partial(skewed, degrees=-1.5)),
    "noise": (200, noisy),
    "grey": (200, on_grey),
    "seal": (200, stamped),
    "faded": (200, faded),
    "turned_90": (150, partial(turned, degrees=90)),
    "turned_180": (150, partial(turned, degrees=180)),
    "turned_270": (150, partial(turned, degrees=270)),
}


# --- reading


class Reader:
    """The product, with the process that recognises at hand for measuring."""

    def __init__(self) -> None:
        before = _children()
        self._worker = Worker(TARGET, None, bounds())
        self._worker.ask(PageTask(b"", "image", 0))
        self.pid = (_children() - before).pop()
        self.register = load_register()
        self.seconds: list[float] = []

    def read(self, pictures: list[Picture]) -> AnnualReport:
        held = io.BytesIO()
        first, *others = pictures
        first.save(held, "TIFF", save_all=True, append_images=others, compression="tiff_deflate")
        answers: dict[Key, Answer] = {}
        while len(answers) < PAGES_MOST:
            try:
                with answers_given(answers):
                    document = extract.read(held.getvalue(), name="scan.tif", register=self.register)
                return parser.parse(document)
            except RecognitionNeeded as needed:
                for task in needed.tasks:
                    start = self._cpu()
                    answers[task.key] = self._worker.ask(task)  # type: ignore[assignment]
                    self.seconds.append(self._cpu() - start)
        raise RuntimeError("the reader asks for pages without end")

    def _cpu(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, name: str) -> int:
        """In MB: VmHWM resident, VmPeak mapped, at most so far."""
        lines = Path(f"/proc/{self.pid}/status").read_text("ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name)) // 1024

    def close(self) -> None:
        self._worker.close()


def _children() -> set[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        found |= {int(pid) for pid in (task / "children").read_text("ascii").split()}
    return found


@dataclass
class Count:
    """Cells of a variant: `right` and `open` (no value) and `misread` are flagged; `wrong` is not."""

    exact: int = 0
    right: int = 0
    open: int = 0
    misread: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Count) -> None:
        self.exact += other.exact
        self.right += other.right
        self.open += other.open
        self.misread += other.misread
        self.wrong += other.wrong

    def columns(self) -> str:
        numbers = (self.exact, self.right, self.open, self.misread, len(self.wrong))
        return " | ".join(str(number) for number in (sum(numbers), *numbers))


def count(sample: Sample, report: AnnualReport) -> Count:
    read = {cell["key"]: cell for cell in _cells(report)}
    named = {key for item in report.findings if item.severity is not Severity.INFO for key in item.cells}
    done = Count()
    for key, true in sample.truth.items():
        cell = read.get(key)
        parts = key.split(".")
        flagged = any(".".join(parts[:n]) in named for n in range(1, len(parts) + 1))
        if cell is None or cell["state"] in {"unreadable", "absent"}:
            done.open += 1
        elif cell["value"] == true:
            done.exact += not flagged
            done.right += flagged
        elif flagged:
            done.misread += 1
        else:
            done.wrong.append(f"{sample.name} {key}: {true} read as {cell['value']} ({cell['state']})")
    return done


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--documents", default="", help="of 000,001,002,003,004,real; all")
    options.add_argument("--variants", default=",".join(VARIANTS), help="of the list in VARIANTS; all")
    chosen = options.parse_args()
    reader = Reader()
    print(HEAD)
    wrong: list[str] = []
    seconds: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        held = list(samples(set(filter(None, chosen.documents.split(","))), Path(name)))
    for variant in chosen.variants.split(","):
        dpi, change = VARIANTS[variant]
        reader.seconds.clear()
        total = Count()
        for sample in held:
            report = reader.read([change(picture) for picture in drawn(sample.pdf, dpi)])
            one = count(sample, report)
            sys.stderr.write(f"{variant} {sample.name} | {one.columns()} | {one.wrong}\n")
            total.add(one)
        wrong += [f"{variant}: {line}" for line in total.wrong]
        seconds += reader.seconds
        print(f"| {variant} | {total.columns()} | {median(reader.seconds):.1f} |", flush=True)
    print(f"\npages {len(seconds)}; CPU s a page: median {median(seconds):.1f}, most {max(seconds):.1f}")
    print(
        f"the process: RSS at most {reader.memory('VmHWM')} MB, mapped at most {reader.memory('VmPeak')} MB"
    )
    print("\n".join(wrong))
    reader.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
