"""A page's picture made ready: bounded, upright scale, even paper, coloured ink told apart, straight.

A picture is given as bytes of an image file or as rendered pixels. Its size is read from its head before a
pixel is unpacked.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from extract.errors import Unreadable
from extract.ocr_data import ocr_table
from extract.ocr_models import Grey

_Plane = npt.NDArray[np.uint8] | npt.NDArray[np.float32]
Colour = npt.NDArray[np.uint8]  # height × width × 3, red first

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
DAMAGED = "图片已损坏或不完整，请重新取得文件 (the image is damaged or cut short)"
MAX_SKEW = 4.0  # degrees
LEAST_SKEW = 0.08
MAX_ENLARGED = 2.6
LONGEST = 12_000  # pixels of a page after scaling: longer pictures are read to there
COLOURED = 40  # difference of the channels from which ink is coloured
BLACK, PALE = 40.0, 190.0  # brightness of good print, and of what is no print any more
DARK = 0.62  # of the paper's brightness: ink


@dataclass(frozen=True)
class Sheet:
    """One page, ready. `grey`: all ink; `black`: without coloured ink (seals); both with even paper.
    `tinted`: where coloured ink is, 255 there, 0 elsewhere.
    """

    grey: Grey
    black: Grey
    tinted: Grey

    def turned(self, quarters: int) -> Sheet:
        """By quarter turns, counter-clockwise."""
        if not quarters % 4:
            return self
        planes = (self.grey, self.black, self.tinted)
        return Sheet(*(np.ascontiguousarray(np.rot90(plane, quarters)) for plane in planes))


def count_frames(payload: bytes) -> int:
    """Pages of an image file (TIFF may hold several). Raises Unreadable where it is none or beyond bounds."""
    with _opened(payload) as image:
        if image.format != "TIFF":
            return 1
        try:
            return int(image.n_frames)  # type: ignore[attr-defined] # of the class for TIFF
        except (OSError, EOFError, SyntaxError, ValueError, KeyError) as error:
            raise Unreadable(DAMAGED) from error


def decode(payload: bytes, frame: int) -> Colour:
    """One page's pixels. Raises Unreadable where it is damaged or beyond the bounds."""
    with _opened(payload) as image:
        try:
            image.seek(frame)
            _bounded(image)
            image.load()
            upright = ImageOps.exif_transpose(image)
            if "A" in upright.getbands() or "transparency" in upright.info:
                over = Image.new("RGBA", upright.size, "white")
                over.alpha_composite(upright.convert("RGBA"))
                upright = over
            return np.asarray(upright.convert("RGB"))
        except (OSError, EOFError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise Unreadable(DAMAGED) from error


def size_of(payload: bytes) -> tuple[int, int]:
    """(width, height) as the head states them. Raises Unreadable as count_frames does."""
    with _opened(payload) as image:
        return image.size


def _opened(payload: bytes) -> Image.Image:
    bounds = ocr_table().bounds
    if len(payload) > bounds.bytes:
        raise Unreadable(f"图片文件过大，未识别 (an image file of more than {bounds.bytes} bytes)")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of large pictures, which have a bound of their own here
        try:
            image = Image.open(io.BytesIO(payload), formats=FORMATS)
        except (
            UnidentifiedImageError,
            OSError,
            SyntaxError,
            ValueError,
            Image.DecompressionBombError,
        ) as error:
            raise Unreadable("图片已损坏或过大，未识别 (the image is damaged, or too large)") from error
    _bounded(image)
    return image


def _bounded(image: Image.Image) -> None:
    bounds = ocr_table().bounds
    if image.width * image.height > bounds.pixels:
        raise Unreadable(
            f"图片过大（{image.width}×{image.height}像素），未识别 "
            f"(an image of more than {bounds.pixels} pixels is not read)"
        )


def sheet_of(colour: Colour) -> Sheet:
    """The page at the scale of reading, its paper even, its text level."""
    colour = _scaled(colour)
    brightest, darkest = colour.max(axis=2), colour.min(axis=2)
    mean = np.asarray(cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY), np.uint8)
    tint = brightest - darkest
    coloured = tint > COLOURED + np.median(tint[::8, ::8])  # paper has a tint of its own
    tinted = np.asarray(np.where(coloured, 255, 0), np.uint8)
    grey, black = _even(mean), _even(np.asarray(brightest, np.uint8))
    angle = skew_of(grey)
    if abs(angle) >= LEAST_SKEW:
        grey, black = _rotated(grey, angle), _rotated(black, angle)
        tinted = np.asarray(_warped(tinted, angle, 0.0), np.uint8)
    return Sheet(grey, black, tinted)


def _scaled(colour: Colour) -> Colour:
    height, width = colour.shape[:2]
    wanted = ocr_table().picture.width / min(width, height)
    scale = min(wanted, MAX_ENLARGED) if wanted > 1 else max(wanted, 0.1)
    if height > 2.2 * width:  # a long picture made for the screen: its width is a page's
        scale = min(ocr_table().picture.width / width, MAX_ENLARGED)
    if 0.8 <= scale <= 1.05:
        scaled = colour
    else:
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        scaled = np.asarray(cv2.resize(colour, size, interpolation=how), np.uint8)
    return np.ascontiguousarray(scaled[:LONGEST, :LONGEST])


def _even(grey: Grey) -> Grey:
    """Grey paper, shadows and shaded cells made white: each place is measured by the brightest around it.
    A pale copy is darkened."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 21)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    even = grey.astype(np.float32) * (255.0 / np.maximum(paper, 40))
    darkest = float(np.percentile(even[::3, ::3], 1))  # print covers a few hundredths of a page
    gain = (255.0 - BLACK) / (255.0 - darkest) if BLACK < darkest < PALE else 1.0
    return np.asarray(np.clip((even - 255.0) * 1.1 * gain + 255.0 + 6.0, 0, 255), np.uint8)


def ink_of(grey: Grey) -> npt.NDArray[np.bool_]:
    """What is written or drawn."""
    return grey < round(255 * DARK)


def skew_of(grey: Grey) -> float:
    """Degrees by which the page must be turned (counter-clockwise) until its lines and rules are level."""
    scale = 900 / max(grey.shape)
    small = cv2.resize(grey[: grey.shape[1] * 3], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = (small < 190).astype(np.float32)
    if ink.mean() < 0.002:
        return 0.0

    def sharpness(angle: float) -> float:
        turned = _warped(ink, angle, 0.0)
        return max(float((np.diff(turned.sum(axis=axis)) ** 2).sum()) for axis in (0, 1))

    best = 0.0
    for step, reach in ((0.5, MAX_SKEW), (0.1, 0.4), (0.03, 0.09)):
        angles = [best + step * n for n in range(-round(reach / step), round(reach / step) + 1)]
        best = max(angles, key=sharpness)
    return best if sharpness(best) > 1.02 * sharpness(0.0) else 0.0


def _rotated(grey: Grey, angle: float) -> Grey:
    return np.asarray(_warped(grey, angle, 255.0), np.uint8)


def _warped(picture: _Plane, angle: float, paper: float) -> npt.NDArray[np.float32]:
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return np.asarray(
        cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(paper,) * 4),
        np.float32,
    )
