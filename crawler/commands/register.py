"""`scrapy register import LIST.xlsx`: the user's own list of who must publish, before every other source.

`scrapy register draft CODE… [--write]` drafts the register file of counties that are not shipped, unverified.
`scrapy register compare [CODE…] [--write]` holds the register against the bodies that the portals publish and
against the template of departments, both ways; `--write` adds what the portals list beyond it.

0  the list is in force, both differences are printed; the drafts are printed or written; nothing differs
2  wrong arguments, no such county    3  the data folder cannot be written
4  a list or register file that cannot be used, or one that is there already
5  nothing to compare: no catalogue, or no list and no county named   12  the lists differ
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.arguments import read_years
from crawler.command import NianbaoCommand, Refusal
from crawler.commands.tick import today
from crawler.exits import Exit
from crawler.stores import open_catalogue, open_register, portal_counties, register_folder

if TYPE_CHECKING:
    from archive.audit.lists import Difference
    from archive.audit.organs import OrganList
    from archive.register import County

USER_LIST = "user_list.yml"


class Command(NianbaoCommand):
    """Writes data/register/user_list.yml; from then on only the bodies listed are expected of a county.

    A draft comes from the raw register (archive.register.drafts) and is told as unverified.
    """

    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - Scrapy's own attribute, never changed
    min_args = 1
    max_args = None

    def syntax(self) -> str:
        return (
            "import LIST.xlsx [--county CODE] | draft CODE… [--write]"
            " | compare [CODE…] [--years 2025] [--write]"
        )

    def short_desc(self) -> str:
        return (
            "导入单位名单，起草县的名录，与门户和模板核对"
            " Import your own list of who must publish; draft a county's register; compare it"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--county", help="县区代码，名单无县区列时用 county code where the list has no 县区 column"
        )
        parser.add_argument("--years", help="核对的报告年度 report years compared: 2025, 2019-2025")
        parser.add_argument(
            "--write", action="store_true", help="写入 data/register/ write into data/register/"
        )

    def work(self, args: list[str], opts: argparse.Namespace) -> Exit:
        assert self.settings is not None
        action, *rest = args
        if action == "compare":
            return self._compare(rest, opts)
        if action == "draft" and rest:
            return _draft(rest, register_folder(self.settings) if opts.write else None)
        if action != "import" or len(rest) != 1:
            told = f"未知操作或参数不对 unknown action or wrong arguments: {' '.join(args)}"
            raise Refusal(f"{told}; scrapy register {self.syntax()}", Exit.USAGE)
        return self._import(rest, opts)

    def _compare(self, codes: list[str], opts: argparse.Namespace) -> Exit:
        from archive.audit.lists import differences, told_together, years_text
        from archive.audit.organs import load_organ_lists
        from crawler.register_lists import source_line

        assert self.settings is not None
        register = open_register(self.settings)
        years = _years(opts.years) or (today(self.settings).year - 1,)
        if strange := [code for code in codes if register.county(code) is None]:
            raise Refusal(f"名录中没有县区 no such county in the register: {strange[0]}", Exit.USAGE)
        with open_catalogue(self.settings, must_exist=True) as catalogue:
            organs = load_organ_lists(catalogue)
        known = [code for code in codes or sorted(organs) if register.county(code) is not None]
        if not known:
            told_none = "没有采集过机构名录，请给出县区代码 no list of organs was crawled: name a county"
            raise Refusal(told_none, Exit.NOT_FOUND)
        found = False
        for code in known:
            told = differences(register, code, years, organs.get(code, ()))
            county, lists = register.counties[code], organs.get(code, ())
            sys.stdout.write(f"{county.label} {years_text(years)}：{len(told)}\n")
            sys.stdout.writelines(f"  {one.zh}\n    {one.en}\n" for one in told_together(told))
            sys.stdout.writelines(f"  {source_line(listed)}\n" for listed in lists)
            if opts.write:
                _write_listed(county, told, lists, register_folder(self.settings))
            found = found or bool(told)
        return Exit.FINDINGS if found else Exit.DONE

    def _import(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from archive.register import RegisterError, load_register
        from archive.register.userlist import counties_named, import_list, read_list

        assert self.settings is not None
        source, target = Path(args[0]), register_folder(self.settings) / USER_LIST
        try:
            rows = read_list(source)
            paths = [Path(path) for path in self.settings.getlist("REGISTER_FILES")]
            paths += [path for path in sorted(target.parent.glob("*.yml")) if path != target]
            wanted = portal_counties(self.settings) | counties_named(rows) | {opts.county or ""}
            register = load_register(paths, wanted=wanted)  # without the former list: the new one replaces it
            if opts.county and register.county(opts.county) is None:
                raise Refusal(f"没有这样的县区代码 no such county: --county {opts.county}", Exit.USAGE)
            found = import_list(rows, register, opts.county)
            text = found.file_text(source.name)
            _put_in_force(text, target, paths)
        except RegisterError as error:
            raise Refusal(str(error), Exit.INPUT_UNREADABLE) from error
        listed = len(found.known) + len(found.new)
        sys.stdout.write(f"已导入 imported {listed} 个单位 → {target}\n")
        _print("名单中有、名录中没有 in the list, not in the register", (p.official_name for p in found.new))
        _print(
            "名录中有、名单中没有 in the register, not in the list", (p.official_name for p in found.left_out)
        )
        _print("名单中重复 named twice in the list", (f"第{r.line}行 {r.name}" for r in found.doubled))
        return Exit.DONE


def _draft(codes: list[str], folder: Path | None) -> Exit:
    """Every draft, or none where a code is unknown or a file is there already."""
    from archive.register import RegisterError
    from archive.register.drafts import county_draft

    try:
        texts = {code: county_draft(code) for code in codes}
    except RegisterError as error:
        raise Refusal(str(error), Exit.USAGE) from error
    if folder is None:
        sys.stdout.write("".join(texts.values()))
        return Exit.DONE
    paths = {code: folder / f"{code}.yml" for code in texts}
    if there := [str(path) for path in paths.values() if path.exists()]:
        raise Refusal(f"已有，未改动 there already, left alone: {', '.join(there)}", Exit.INPUT_UNREADABLE)
    folder.mkdir(parents=True, exist_ok=True)
    for code, path in paths.items():
        path.write_text(texts[code], encoding="utf-8")
        sys.stdout.write(f"{path}\n")
    sys.stderr.write("已生效但未核实，请核对 in force and unverified: look through them\n")
    return Exit.DONE


def _write_listed(
    county: County, told: Sequence[Difference], lists: Sequence[OrganList], folder: Path
) -> None:
    from archive.register import read_file
    from crawler.register_lists import listed_file, listed_path

    path = listed_path(county, folder)
    former = [entry.official_name or "" for entry in read_file(path).publishers] if path.is_file() else []
    text = listed_file(county, told, lists, former)
    if text is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    sys.stdout.write(f"  {path}\n")
    sys.stderr.write("已生效但未核实，请核对 in force and unverified: look through them\n")


def _years(text: str | None) -> tuple[int, ...]:
    try:
        return tuple(sorted(read_years(text or "")))
    except ValueError as error:
        raise Refusal(f"{error}: --years {text}", Exit.USAGE) from error


def _put_in_force(text: str, target: Path, others: list[Path]) -> None:
    """Whole or not at all: the file takes its place only after it was read with the others."""
    from archive.register import load_register

    fresh = target.with_suffix(".new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(text, encoding="utf-8")
        load_register([*others, fresh])
        fresh.replace(target)
    except OSError as error:
        raise Refusal(
            f"{target}：无法写入，请检查权限和空间 cannot be written: {error.strerror}",
            Exit.ARCHIVE_NOT_WRITABLE,
        ) from error
    finally:
        if fresh.is_file():
            fresh.unlink()


def _print(head: str, names: Iterable[str]) -> None:
    rows = list(names)
    sys.stdout.write(f"{head}: {len(rows)}\n" + "".join(f"  {name}\n" for name in rows))
