"""The list of hosts that are switched off: nothing is asked of them (practice.md §7, Load).

Two files of one form: the shipped data/switched_off.yml, and `switched_off.yml` in the user's data folder,
where what people decide lies beside the archive (design.md §1.1). The guard obeys both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from scrapy.settings import BaseSettings

SHIPPED = Path(__file__).parent / "data" / "switched_off.yml"
FILE = "switched_off.yml"
HOST = re.compile(r"(?:[\w-]+\.)+[\w-]+")


class SwitchListError(ValueError):
    """A list that cannot be used: one line that names the file, the entry and what to do."""


class Objection(BaseModel):
    """One host that is left alone, with its sub-hosts; since when and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str
    since: date
    reason: str = Field(min_length=2)

    @field_validator("host")
    @classmethod
    def _is_a_host(cls, host: str) -> str:
        if not HOST.fullmatch(host):
            raise ValueError(f"应为主机名，不带协议和路径 a host's name without scheme or path: {host}")
        return host.lower()

    def covers(self, host: str) -> bool:
        return host == self.host or host.endswith(f".{self.host}")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    hosts: tuple[Objection, ...]

    @field_validator("hosts")
    @classmethod
    def _once(cls, hosts: tuple[Objection, ...]) -> tuple[Objection, ...]:
        names = [entry.host for entry in hosts]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"主机重复 a host stands twice: {name}")
        return hosts


class SwitchedOff:
    """Every objection of the files given."""

    def __init__(self, objections: Iterable[Objection] = ()) -> None:
        self.objections = tuple(objections)

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        """The shipped list and the user's own. Raises SwitchListError."""
        own = Path(settings.get("DATA_DIR") or ".") / FILE
        return cls(entry for path in (SHIPPED, *([own] if own.exists() else [])) for entry in read_list(path))

    def objection_to(self, host: str) -> Objection | None:
        """Why a host (in its normal form) is left alone; None if it is not."""
        return next((entry for entry in self.objections if entry.covers(host)), None)


def read_list(path: Path) -> tuple[Objection, ...]:
    """One file, validated. Raises SwitchListError."""
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
        return _File.model_validate(raw).hosts
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SwitchListError(f"{path}: 读不了 cannot be read: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "(file)"
        told = first["msg"].removeprefix("Value error, ")
        raise SwitchListError(
            f"{path}: {where}: {told}；每条须有 each entry has host, since, reason"
        ) from None
