"""Opens what the commands share, from the settings: the register, the catalogue, the archive to read.

All raise Refusal with the exit code of design.md §5, so that every command refuses in the same words.
"""

# ruff: noqa: PLC0415 - rooms are loaded when a command works, not when Scrapy lists its commands

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings

from crawler.command import Refusal
from crawler.exits import Exit

if TYPE_CHECKING:
    from archive.catalogue import Catalogue
    from archive.register import Register


def register_folder(settings: BaseSettings) -> Path:
    """Where the user's own register files lie; `scrapy register import` writes there."""
    return Path(settings["DATA_DIR"]) / "register"


def open_register(settings: BaseSettings) -> Register:
    """The shipped register, then REGISTER_FILES, then the user's own files in the data folder.

    Counties of portal files that none of them gives come from the raw register, unverified.
    """
    from archive.register import RegisterError, load_register

    paths = [Path(path) for path in settings.getlist("REGISTER_FILES")]
    own = register_folder(settings)
    try:
        return load_register([*paths, *([own] if own.is_dir() else [])], wanted=portal_counties(settings))
    except RegisterError as error:
        raise Refusal(str(error), Exit.INPUT_UNREADABLE) from error


def read_suppress_file(data: Path) -> frozenset[str]:
    """The digests of what is not passed on: DATA_DIR/suppress.jsonl (practice.md §7)."""
    from archive.suppress import FILE, SuppressError, read_suppressed

    try:
        return read_suppressed(data / FILE)
    except SuppressError as error:
        raise Refusal(str(error), Exit.INPUT_UNREADABLE) from error


def portal_counties(settings: BaseSettings) -> set[str]:
    """Codes of the counties of the portal files. A file that cannot be used is told and left out."""
    from crawler.portal import PortalError, load_portal, portal_files

    found: set[str] = set()
    try:
        for path in portal_files(settings.getlist("PORTAL_DIRS")):
            try:
                found.add(load_portal(path).county_code)
            except PortalError as error:
                sys.stderr.write(f"门户文件不可用，其县区不计 a portal file is left out: {error}\n")
    except PortalError as error:
        sys.stderr.write(f"门户文件未读 portal files are not read: {error}\n")
    return found


def archive_folder(settings: BaseSettings) -> Path:
    """The archive as its readers take it: ARCHIVE_DIR, with ARCHIVE_STORE the closed files there too.

    ARCHIVE_DIR may itself be the URL of a store: then everything is read there. Raises StoreError, also later
    (the base of our commands tells it, exit 4).
    """
    folder, store = settings["ARCHIVE_DIR"], settings["ARCHIVE_STORE"]
    if not store and "://" not in folder:
        return Path(folder)
    from archive.warc.store_view import open_folder

    return open_folder(None, folder) if "://" in folder else open_folder(Path(folder), store)


def local_archive(settings: BaseSettings) -> Path:
    """ARCHIVE_DIR for who writes there or sends from there; refuses a URL."""
    folder = settings["ARCHIVE_DIR"]
    if "://" in folder:
        raise Refusal(
            f"ARCHIVE_DIR={folder}：写入需要本地文件夹，存储请用 ARCHIVE_STORE writing needs a folder here, "
            "a store goes into ARCHIVE_STORE",
            Exit.USAGE,
        )
    return Path(folder)


def open_catalogue(settings: BaseSettings, *, must_exist: bool = False) -> Catalogue:
    """The catalogue at CATALOGUE_URL. `must_exist`: refuse one that a rebuild has not filled yet.

    Who only asks (`must_exist`) can do so of a file that cannot be written, too.
    """
    from archive.catalogue import CatalogueError

    url = settings["CATALOGUE_URL"]
    empty = Refusal(
        "目录库是空的，请先运行 scrapy rebuild the catalogue is empty: run scrapy rebuild first",
        Exit.NOT_FOUND,
    )
    if must_exist and _absent(url):
        raise empty  # a question leaves no new file behind
    try:
        catalogue = _opened(url, only_asks=must_exist)
    except CatalogueError as error:
        if _not_writable(error.__cause__):
            raise Refusal(
                f"目录库不可写，请检查权限 the catalogue cannot be written, check its rights: {url}",
                Exit.ARCHIVE_NOT_WRITABLE,
            ) from error
        raise Refusal(str(error), Exit.INPUT_UNREADABLE) from error
    if must_exist and catalogue.is_empty():
        catalogue.close()
        raise empty
    return catalogue


def _opened(url: str, *, only_asks: bool) -> Catalogue:
    from archive.catalogue import Catalogue, CatalogueError

    try:
        return Catalogue(url)
    except CatalogueError as error:
        if only_asks and _not_writable(error.__cause__):
            return Catalogue(url, read_only=True)
        raise


def _absent(url: str) -> bool:
    """A SQLite file that is not there. Other addresses are left to the driver."""
    _, is_sqlite, path = url.rpartition("sqlite:///")
    return bool(is_sqlite and path) and not Path(path).exists()


def _not_writable(cause: BaseException | None) -> bool:
    """A folder without the right to write, or SQLite saying so: opening makes or checks the tables."""
    return isinstance(cause, PermissionError) or "readonly database" in str(cause)
