"""The container of a WACZ: a ZIP of resources, each hashed as it is written, told in datapackage.json."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import IO, Any, BinaryIO, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

WACZ_VERSION = "1.1.1"
INDEX = "index.cdx.gz"
_LINES = 1024  # of the index in one gzip member, as replay programs ask for them
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that ZIP knows: the same input gives the same bytes


class _Hashed:
    """A member that is being written."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._stream.write(data)
        self._digest.update(data)
        self.size += len(data)

    @property
    def hash(self) -> str:
        return f"sha256:{self._digest.hexdigest()}"


class Package:
    """Written in order, within `with`; `describe` comes last."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zip = ZipFile(stream, "w")
        self._resources: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._zip.close()
            return
        with suppress(OSError):  # what went wrong is on its way up; the draft is thrown away
            self._zip.close()

    @contextmanager
    def member(self, path: str, *, stored: bool) -> Iterator[_Hashed]:
        """A resource. `stored`: replay reads ranges of it in place, so that it must not be deflated."""
        with self._zip.open(_info(path, stored=stored), "w", force_zip64=True) as stream:
            hashed = _Hashed(stream)
            yield hashed
        name = path.rpartition("/")[2].lower()
        self._resources.append({"name": name, "path": path, "hash": hashed.hash, "bytes": hashed.size})

    def write_index(self, lines: Sequence[bytes]) -> None:
        """Sorted CDXJ lines as gzip members of 1,024, and the second index that names each by its first."""
        head = json.dumps({"format": "cdxj-gzip-1.0", "filename": INDEX})
        second = [f"!meta 0 {head}\n".encode()]
        offset = 0
        with self.member(f"indexes/{INDEX}", stored=True) as index:
            for start in range(0, len(lines), _LINES):
                block = lines[start : start + _LINES]
                engine = zlib.compressobj(wbits=31)
                data = engine.compress(b"".join(block)) + engine.flush()
                index.write(data)
                key = b" ".join(block[0].split(b" ", 2)[:2])
                digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
                place = json.dumps({"offset": offset, "length": len(data), "digest": digest})
                second.append(key + f" {place}\n".encode())
                offset += len(data)
        with self.member("indexes/index.idx", stored=False) as index:
            for line in second:
                index.write(line)

    def write_pages(self, title: str, pages: Iterable[dict[str, str]]) -> None:
        """pages.jsonl: its head, then a page a line, with its text."""
        head = {"format": "json-pages-1.0", "id": "pages", "title": title, "hasText": True}
        with self.member("pages/pages.jsonl", stored=False) as member:
            member.write(_json_line(head))
            for page in pages:
                member.write(_json_line(page))

    def describe(self, described: dict[str, Any]) -> None:
        """datapackage.json, which tells every resource, and its digest."""
        head = {"profile": "data-package", "wacz_version": WACZ_VERSION, **described}
        package = json.dumps({**head, "resources": self._resources}, indent=2, ensure_ascii=False).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
        self._zip.writestr(_info("datapackage.json", stored=False), package)
        text = json.dumps(digest, indent=2).encode()
        self._zip.writestr(_info("datapackage-digest.json", stored=False), text)


def _info(path: str, *, stored: bool) -> ZipInfo:
    info = ZipInfo(path, _EPOCH)
    info.compress_type = ZIP_STORED if stored else ZIP_DEFLATED
    info.create_system = 3  # Unix, wherever it is made
    info.external_attr = 0o644 << 16
    return info


def _json_line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
