"""`scrapy detect URL`: names the platform by URL shape alone and drafts a portal file.

0  a platform was named (the draft is on stdout)    2  not a URL    5  no platform of ours has this shape
"""

from __future__ import annotations

import argparse
import sys
from urllib.parse import urlsplit

from scrapy.exceptions import UsageError

from crawler.command import NianbaoCommand
from crawler.detect import NOT_FETCHED, detect, draft
from crawler.exits import Exit


class Command(NianbaoCommand):
    """Asks no host for anything."""

    min_args = max_args = 1

    def syntax(self) -> str:
        return "URL"

    def short_desc(self) -> str:
        return "按网址判断平台并给出草稿 Name a site's platform and draft its portal file"

    def work(self, args: list[str], _opts: argparse.Namespace) -> Exit:
        url = args[0]
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UsageError(
                f"不是网址 not a URL: {url}；如 for example http://www.example.gov.cn/col/col1/index.html"
            )
        guesses, without_class = detect(url)
        sys.stderr.write(f"{NOT_FETCHED}\n")
        for family in without_class:
            sys.stderr.write(f"像 looks like: {family.title}，尚无平台类 no platform class yet\n")
        if not guesses:
            sys.stderr.write(
                "认不出平台，请给一个栏目或文章的网址 unknown shape: give the URL of a column or article\n"
            )
            return Exit.NOT_FOUND
        for place, guess in enumerate(guesses):
            word = "平台 platform" if place == 0 else "也可能是 or"
            sys.stderr.write(f"{word}: {guess.platform.name}（{guess.platform.title}）：{guess.reason}\n")
        sys.stdout.write(draft(url, guesses))
        return Exit.DONE
