"""Bounds and thresholds of recognition, from data/ocr.yml; checked when loaded."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bounds(_Table):
    """What one file, one page and the process may use."""

    pages: int = Field(gt=0)
    pictures: int = Field(gt=0)
    bytes: int = Field(gt=0)
    pixels: int = Field(gt=0)
    least_side: int = Field(gt=0)
    page_cpu_seconds: int = Field(gt=0)
    page_wall_seconds: float = Field(gt=0)
    memory: int = Field(gt=0)


class Picture(_Table):
    """The scale at which pages are read."""

    width: int = Field(ge=600, le=3000)
    points: float = Field(gt=0)
    detect_side: int = Field(ge=320, le=2000)


class Confidence(_Table):
    """Limits of confidence, 0 to 1."""

    text: float = Field(ge=0, le=1)
    orientation: float = Field(ge=0, le=1)


class OcrTable(_Table):
    """data/ocr.yml."""

    format: int
    bounds: Bounds
    picture: Picture
    confidence: Confidence


@cache
def ocr_table() -> OcrTable:
    """The table. Raises pydantic.ValidationError where it is not as it should be."""
    text = (files("extract") / "data" / "ocr.yml").read_text(encoding="utf-8")
    return OcrTable.model_validate(yaml.safe_load(text))
