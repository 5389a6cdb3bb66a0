"""Names a site's platform by the shape of one URL, and drafts its portal file. Nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from crawler.guard import GOV_CN, normal_host
from crawler.platforms import PLATFORMS, Platform
from crawler.platforms.generic import Generic

TO_FILL = "请填写"  # marks in a draft what its writer must complete


class Family(BaseModel):
    """A family without a platform class."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    title: str
    pattern: re.Pattern[str]


NOT_FETCHED = "未抓取任何页面，仅凭网址形状判断 no page was fetched: judged by the address alone"


@dataclass(frozen=True, slots=True)
class Guess:
    """A platform that a URL looks like. `rank` 0 is the surest sign of its platform."""

    platform: type[Platform]
    reason: str
    rank: int


@cache
def families() -> tuple[Family, ...]:
    path = Path(__file__).parent / "data" / "families.yml"
    return TypeAdapter(tuple[Family, ...]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))


def detect(url: str) -> tuple[list[Guess], list[Family]]:
    """The platforms that the URL looks like, surest first, and families that have no class yet."""
    parts = urlsplit(url)
    shape = f"{parts.path}?{parts.query}" if parts.query else parts.path
    guesses = []
    for platform in PLATFORMS.values():
        if platform is Generic:
            continue  # named where no other is
        for rank, sign in enumerate(platform.signs):
            if sign.pattern.search(shape):
                guesses.append(Guess(platform, sign.reason, rank))
                break
    guesses.sort(key=lambda guess: guess.rank)
    without_class = [family for family in families() if family.pattern.search(shape)]
    if not guesses and not without_class:
        guesses.append(Guess(Generic, Generic.signs[0].reason, 0))
    return guesses, without_class


def draft(url: str, guesses: Sequence[Guess]) -> str:
    """A portal file to be completed by hand: what the URL does not say is marked 请填写."""
    parts = urlsplit(url)
    host = normal_host(parts.hostname or "")
    platform = guesses[0].platform
    column = platform.column_of(url) or url
    labels = [label for label in host.removesuffix(GOV_CN).split(".") if label not in {"www", "zwgk", "xxgk"}]
    name = re.sub(r"[^a-z0-9-]", "-", labels[-1] if labels else "county")
    lines = [
        f"# {NOT_FETCHED}",
        f"id: {name}  # 与文件名相同 equals the file name",
        f"name: {TO_FILL}县名",
        f'county_code: "000000"  # {TO_FILL}六位行政区划代码',
        f"platform: {platform.name}  # {guesses[0].reason}",
        f"base_url: {parts.scheme}://{parts.netloc}/",
        *(
            []
            if host.endswith(GOV_CN)
            else [f"allowed_hosts: [{host}]  # 不在 .gov.cn 之下，请确认是该县的网站"]
        ),
        "columns:",
        "  - id: nb",
        "    name: 政府信息公开年报",
        f"    url: {column}  # 请核对：应为年报栏目首页",
        "    kind: reports",
    ]
    return "\n".join(lines) + "\n"
