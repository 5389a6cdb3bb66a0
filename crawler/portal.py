"""A county portal as data: one YAML file, read and checked (design rule 6; docs/schema/portal.json).

The order of the keys in a file is the order of the fields below, so that a hundred files read as one table.
Every departure from the shipped settings (delay, encoding, tls, browser) carries its `reason`.
"""

from __future__ import annotations

import codecs
import difflib
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urljoin, urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from w3lib.url import safe_url_string

from archive.routes import is_route
from crawler.guard import GOV_CN, normal_host
from crawler.provenance import Provenance

FIRST_YEAR = 2008  # the regulation came into force on 1 May 2008 (statute.md §1)
Year = Annotated[int, Field(ge=FIRST_YEAR, le=2100)]


class PortalError(Exception):
    """A portal file that cannot be used: one line that names the file, the key and what to do."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnKind(StrEnum):
    """What stands behind a column's URL."""

    REPORTS = "reports"  # a list of annual reports: every row is followed but those named as something else
    CATALOGUE = "catalogue"  # a list of everything: only rows titled as an annual report are followed
    DOCUMENT = "document"  # the page is itself the report (VSB, Lonsun)
    ROUTE = "route"  # one address per organ and year: `areas` × `years`


class Area(_Strict):
    """An organ as the platform's annual-report route knows it."""

    key: str = Field(
        min_length=1, description="the platform's own key of the organ, e.g. the `area` of Hanweb"
    )
    publisher: str | None = Field(default=None, description="register code, if it is known")


class Column(_Strict):
    """One home of reports (practice.md §1.4)."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    name: str = Field(min_length=1, description="the column's name as the portal prints it")
    url: str = Field(min_length=1, description="absolute, or relative to base_url")
    kind: ColumnKind = ColumnKind.REPORTS
    publishers: tuple[str, ...] = Field(
        default=(), description="register codes that the column covers; empty: every publisher of the county"
    )
    areas: tuple[Area, ...] = Field(default=(), description="kind route only: the organs to ask for")
    harvest: bool = Field(
        default=False,
        description="kind route only: also ask for every organ that the portal's organ tree names",
    )
    options: Mapping[str, str] = Field(
        default_factory=dict, description="what the platform needs to know of this column, e.g. channel_id"
    )

    @model_validator(mode="after")
    def _areas_belong_to_routes(self) -> Column:
        if (self.kind is ColumnKind.ROUTE) != bool(self.areas or self.harvest):
            raise ValueError(
                "kind: route 与 areas 或 harvest 须同时出现 `kind: route` goes with `areas` or `harvest`"
            )
        return self


class _Departure(_Strict):
    reason: str = Field(min_length=2, description="why this portal needs it, in words")


class Delay(_Departure):
    """Seconds between two requests to one host, instead of the shipped DOWNLOAD_DELAY."""

    seconds: float = Field(ge=0, le=600)


class Encoding(_Departure):
    """The charset of pages that declare a wrong one."""

    name: str

    @field_validator("name")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            codecs.lookup(name)
        except LookupError:
            raise ValueError(f"不认识的字符集 unknown charset: {name}；如 for example gb18030") from None
        return name


class TlsProfile(StrEnum):
    """How a portal's TLS falls short."""

    UNVERIFIED = "unverified"  # the certificate is expired, self-signed or another host's
    LEGACY = "legacy"  # it knows old suites only; its certificate is not checked either


class Tls(_Departure):
    """For servers with which a verified connection cannot be made."""

    profile: TlsProfile


class Browser(_Departure):
    """For lists that only a browser can show and whose endpoint nobody has found yet.

    Pages whose address carries a route (`#/detail/7`) are always drawn; `documents` says that report pages
    with addresses of their own are drawn by scripts too.
    """

    documents: bool = Field(default=False, description="report pages, too, are drawn by scripts alone")


class Cadence(_Departure):
    """How often `scrapy due` names this portal, instead of archive/audit/data/cadence.yml, all year."""

    routine_days: float = Field(ge=0.25, le=366)
    full_days: float = Field(ge=0.25, le=366, description="a whole walk: only it proves absence")


class Portal(_Strict):
    """One county's portal. Errors are told by `load_portal` in plain words."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    name: str = Field(min_length=1, description="the county's name")
    county_code: str = Field(pattern=r"^\d{6}$", description="GB/T 2260, in quotes")
    platform: str = Field(description="a name that `scrapy portals` lists")
    base_url: str = Field(pattern=r"^https?://[^/?#]+/", description="ends with a slash")
    allowed_hosts: tuple[str, ...] = Field(
        default=(), description="hosts outside .gov.cn that are this county's"
    )
    years: tuple[Year, Year] | None = Field(
        default=None, description="first and last report year to expect here"
    )
    columns: tuple[Column, ...] = Field(min_length=1)
    lookup_url: str | None = Field(
        default=None, description="the index search, where it is not at its usual place"
    )
    delay: Delay | None = None
    encoding: Encoding | None = None
    tls: Tls | None = None
    browser: Browser | None = None
    cadence: Cadence | None = None
    provenance: Provenance | None = None

    @field_validator("columns")
    @classmethod
    def _ids_differ(cls, columns: tuple[Column, ...]) -> tuple[Column, ...]:
        ids = [column.id for column in columns]
        for column_id in ids:
            if ids.count(column_id) > 1:
                raise ValueError(f"栏目 id 重复 column id used twice: {column_id}")
        return columns

    @model_validator(mode="after")
    def _host_is_allowed(self) -> Portal:
        host = self.host
        if not host.endswith(GOV_CN) and host not in map(normal_host, self.allowed_hosts):
            raise ValueError(
                f"base_url 的主机 {host} 不在 .gov.cn 之下，须写入 allowed_hosts list it in allowed_hosts"
            )
        routed = [column.id for column in self.columns if is_route(self.absolute(column.url))]
        if routed and self.browser is None:
            raise ValueError(
                f"栏目 {routed[0]} 的网址带 #/ 路由，只有浏览器能显示，须写 browser 及 reason"
                " an address with a #/ route needs `browser` with its reason"
            )
        if self.years and self.years[0] > self.years[1]:
            raise ValueError("years 应为 [起, 止] years are [first, last]")
        if not self.years and any(column.kind is ColumnKind.ROUTE for column in self.columns):
            raise ValueError("有 kind: route 的栏目时须写 years a column of kind route needs years")
        return self

    @property
    def host(self) -> str:
        return normal_host(urlsplit(self.base_url).hostname or "")

    @property
    def hosts(self) -> frozenset[str]:
        """Every host that the file names: the base, the columns' own and the allow-list."""
        urls = [self.base_url, *(self.absolute(column.url) for column in self.columns)]
        return frozenset({normal_host(urlsplit(url).hostname or "") for url in urls}) | frozenset(
            map(normal_host, self.allowed_hosts)
        )

    @property
    def report_years(self) -> frozenset[int]:
        """The report years that the file names; none if it names none."""
        return frozenset(range(self.years[0], self.years[1] + 1)) if self.years else frozenset()

    def absolute(self, url: str) -> str:
        """The address of a column or path, encoded as it will be asked for."""
        return str(safe_url_string(urljoin(self.base_url, url)))


class _Loader(yaml.SafeLoader):
    """YAML in which a key may stand once: of two, YAML itself would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.YAMLError(f"键重复 key used twice: {key}, line {node.start_mark.line + 1}")
        return super().construct_mapping(node, deep)


def portal_schema() -> dict[str, Any]:
    """The JSON Schema of a portal file (docs/schema/portal.json)."""
    schema = Portal.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def load_portal(path: Path) -> Portal:
    """Read one portal file. Raises PortalError: file, key and the nearest valid key, in one line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PortalError(f"{path}: 读不出 cannot be read: {error}") from None
    try:
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 — a SafeLoader
    except yaml.YAMLError as error:
        raise PortalError(f"{path}: 不是 YAML not YAML: {_one_line(str(error))}") from None
    if not isinstance(data, dict):
        raise PortalError(
            f"{path}: 应为键值对，首行如 id: some-county expected keys and values, first `id: …`"
        )
    try:
        portal = Portal.model_validate(data)
    except ValidationError as error:
        raise PortalError(f"{path}: {_plain(error)}") from None
    if portal.id != path.stem:
        raise PortalError(f"{path}: 键 id 应与文件名相同 id must equal the file's name: {path.stem}")
    _check_order(path, data)
    return portal


def load_portals(folders: Sequence[Path | str]) -> dict[str, Portal]:
    """Every portal file of the folders, by id, in the order of their names. Raises PortalError."""
    portals: dict[str, Portal] = {}
    for path in portal_files(folders):
        portal = load_portal(path)
        if portal.id in portals:
            raise PortalError(f"{path}: portal id 重复 this id is used by another file too: {portal.id}")
        portals[portal.id] = portal
    return portals


def portal_files(folders: Sequence[Path | str]) -> Iterator[Path]:
    """The *.yml files of the folders. Raises PortalError for a folder that is not there, and for *.yaml."""
    for folder in map(Path, folders):
        if not folder.is_dir():
            raise PortalError(f"{folder}: 没有这个文件夹 no such folder; 见 NIANBAO_PORTALS")
        for stray in sorted(folder.glob("*.yaml")):
            raise PortalError(f"{stray}: 请改名为 .yml rename it to .yml, else it would be passed over")
        yield from sorted(folder.glob("*.yml"))


def select_portals(portals: Mapping[str, Portal], names: Iterable[str]) -> list[Portal]:
    """The portals asked for by id; none named: all. Raises PortalError for an unknown id."""
    wanted = [name.strip() for name in names if name.strip()]
    if wanted and not portals:
        draft = f"scrapy detect 网址 URL > {wanted[0]}.yml"
        raise PortalError(f"还没有任何门户文件 no portal file yet: {', '.join(wanted)}; 先 first: {draft}")
    for name in wanted:
        if name not in portals:
            raise PortalError(f"没有这个门户 no such portal: {name}{nearest(name, portals)}")
    return [portals[name] for name in dict.fromkeys(wanted)] if wanted else list(portals.values())


def _check_order(path: Path, data: Mapping[str, Any]) -> None:
    order = [name for name in Portal.model_fields if name in data]
    if list(data) != order:
        misplaced = next(key for key, right in zip(data, order, strict=True) if key != right)
        raise PortalError(f"{path}: 键 {misplaced} 的位置不对 keys stand in this order: {', '.join(order)}")


def _plain(error: ValidationError) -> str:
    """The first error in plain words: where, what, and the nearest valid key.

    An unknown key comes before a missing one: it is as a rule the missing one misspelt.
    """
    first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    where = ".".join(str(part) for part in first["loc"])
    kind, value = first["type"], first.get("input")
    if kind == "extra_forbidden":
        key = str(first["loc"][-1])
        return f"不认识的键 unknown key: {where}{nearest(key, _keys_at(first['loc'][:-1]))}"
    if kind == "missing":
        return f"缺少键 missing key: {where}"
    if kind == "value_error":
        return f"{where}: {first['msg'].removeprefix('Value error, ')}".removeprefix(": ")
    quotes = "；请加引号 put it in quotes" if kind == "string_type" and isinstance(value, int) else ""
    return _one_line(f"键 {where} 的值不对 wrong value {value!r}: {first['msg']}{quotes}")


def _keys_at(loc: Sequence[int | str]) -> list[str]:
    model: type[BaseModel] = Portal
    nested: dict[str, type[BaseModel]] = {
        "columns": Column,
        "areas": Area,
        "delay": Delay,
        "encoding": Encoding,
        "tls": Tls,
        "browser": Browser,
        "cadence": Cadence,
        "provenance": Provenance,
    }
    for part in loc:
        if isinstance(part, str):
            model = nested.get(part, model)
    return list(model.model_fields)


def nearest(word: str, valid: Iterable[str]) -> str:
    """A tail for a message: the most similar valid word, else all of them."""
    valid = list(valid)
    near = difflib.get_close_matches(word, valid, n=1, cutoff=0.5)
    if near:
        return f"；是否应为 did you mean: {near[0]}"
    return f"；可用 valid: {', '.join(valid)}"


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
