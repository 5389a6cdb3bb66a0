"""The base of every `scrapy` command of ours: strict arguments, plain refusals, documented exit codes.

Scrapy hands unknown options to custom commands as arguments and lets exceptions end in a traceback; here the
first is a usage error (2) and a Refusal is one line on stderr with its own exit code. A real crash stays a
crash (1). Rooms are imported inside `work()`, so that `scrapy list` or a broken extra never loads them all.
"""

from __future__ import annotations

import argparse
import sys
from abc import abstractmethod

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.exits import Exit


class Refusal(Exception):  # noqa: N818 — what it is, not an error
    """What a person must hear: one line that names the thing, what is wrong, and what to do."""

    def __init__(self, message: str, exit_code: Exit) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class NianbaoCommand(ScrapyCommand):
    """A command that prints its result on stdout and returns an Exit from `work()`."""

    requires_project = True
    requires_crawler_process = False
    min_args = 0
    max_args: int | None = 0  # None: any number

    @abstractmethod
    def work(self, args: list[str], opts: argparse.Namespace) -> Exit:
        """Do it. Raise Refusal for whatever the user can mend."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            self.check_arguments(args)
            self.exitcode = int(self.work(args, opts))
        except UsageError as error:  # one line; Scrapy would print the whole usage before it
            sys.stderr.write(f"{error}\n")
            self.exitcode = int(Exit.USAGE)
        except Refusal as refusal:
            sys.stderr.write(f"{refusal}\n")
            self.exitcode = int(refusal.exit_code)

    def check_arguments(self, args: list[str]) -> None:
        """Refuse options that nobody declared, and too few or too many arguments."""
        for arg in args:
            if arg.startswith("-") and arg != "-":
                raise UsageError(f"未知选项 unknown option: {arg}", print_help=False)
        if len(args) < self.min_args or (self.max_args is not None and len(args) > self.max_args):
            raise UsageError(f"用法 usage: scrapy {self.name} {self.syntax()}", print_help=False)

    @property
    def name(self) -> str:
        """The command's name on the command line: its module's last part."""
        return type(self).__module__.rpartition(".")[2]
