"""`scrapy verify [WARC…]`: are the archive's files whole, and is the index what the records say?

0  nothing wrong          4  no archive here, or a file that is no WARC          6  damage, each named
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, ClassVar

from crawler.command import NianbaoCommand, Refusal
from crawler.exits import Exit
from crawler.stores import archive_folder


class Command(NianbaoCommand):
    """Verifies the whole archive (ARCHIVE_DIR), or the files given."""

    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}
    max_args = None

    def syntax(self) -> str:
        return "[WARC ...]"

    def short_desc(self) -> str:
        return "校验存档 Verify the archive: digests, groups, index, manifest"

    def work(self, args: list[str], _opts: argparse.Namespace) -> Exit:
        from archive.warc.errors import ArchiveDamaged  # noqa: PLC0415
        from archive.warc.verify import verify  # noqa: PLC0415

        assert self.settings is not None
        root = archive_folder(self.settings)
        if not args and not (root / "warc").is_dir():
            raise Refusal(f"没有存档 no archive here: {root}；请先采集 crawl first", Exit.INPUT_UNREADABLE)
        try:
            result = verify(root, [Path(arg) for arg in args] or None)
        except ArchiveDamaged as error:
            raise Refusal(str(error), Exit.INPUT_UNREADABLE) from error
        for note in result.notes:
            sys.stderr.write(f"注意 note: {note}\n")
        for damage in result.damages:
            sys.stdout.write(f"损坏 damage: {damage}\n")
        sys.stdout.write(
            f"{result.files} 个文件 files, {result.records} 条记录 records "
            f"({result.captures} 次抓取 captures, {result.walks} 次巡查 walks), "
            f"{result.bytes / 1e6:.1f} MB: "
            + ("完好 whole\n" if result.ok else f"{len(result.damages)} 处损坏 damages\n")
        )
        return Exit.DONE if result.ok else Exit.DAMAGE
