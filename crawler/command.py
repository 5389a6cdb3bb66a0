"""The base of every `scrapy` command of ours: strict arguments, plain refusals, documented exit codes.

Scrapy hands unknown options to custom commands as arguments and lets exceptions end in a traceback; here the
first is a usage error (2) and a Refusal is one line on stderr with its own exit code. A real crash stays a
crash (1); a reader that closed the pipe and Ctrl-C end as in a shell (141, 130). Rooms are imported inside
`work()`, so that `scrapy list` or a broken extra never loads them all.
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import re
import sys
from abc import abstractmethod
from typing import NoReturn

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from archive.warc.store import StoreError
from crawler.exits import Exit


class Refusal(Exception):  # noqa: N818 — what it is, not an error
    """What a person must hear: one line that names the thing, what is wrong, and what to do."""

    def __init__(self, message: str, exit_code: Exit) -> None:
        super().__init__(message)
        self.exit_code = exit_code


#: argparse's own refusals, in the words of the rest.
_WRONG_OPTION = (
    (
        r"argument (\S+?)(?:/\S+)?: expected (?:one|at least one) argument",
        r"选项后缺少值 a value is missing: \1",
    ),
    (r"argument (\S+?)(?:/\S+)?: invalid int value: (.*)", r"应为整数 not a whole number: \1 \2"),
    (
        r"argument (\S+?)(?:/\S+)?: invalid choice: (.*?) \(choose from (.*)\)",
        r"没有这个选择 no such choice: \1 \2; 可用 known: \3",
    ),
    (r"ambiguous option: (.*) could match (.*)", r"选项不明确 ambiguous option: \1; 可能是 it may be: \2"),
)


class NianbaoCommand(ScrapyCommand):
    """A command that prints its result on stdout and returns an Exit from `work()`."""

    requires_project = True
    requires_crawler_process = False
    min_args = 0
    max_args: int | None = 0  # None: any number

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.error = self._refuse_option  # type: ignore[method-assign]  # Scrapy makes the parser itself

    def _refuse_option(self, message: str) -> NoReturn:
        """One line instead of argparse's usage and English."""
        for pattern, words in _WRONG_OPTION:
            if found := re.fullmatch(pattern, message):
                message = found.expand(words)
                break
        else:
            message = f"选项有误 wrong option: {message}"
        sys.stderr.write(f"{message}（用法 usage: scrapy {self.name} {self.syntax()}）\n")
        sys.exit(int(Exit.USAGE))

    @abstractmethod
    def work(self, args: list[str], opts: argparse.Namespace) -> Exit:
        """Do it. Raise Refusal for whatever the user can mend."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a character never ends a run
                stream.reconfigure(errors="backslashreplace")
        try:
            self.check_arguments(args)
            self.exitcode = int(self.work(args, opts))
            sys.stdout.flush()
        except BrokenPipeError:
            # `… | head` has seen enough: what is left goes nowhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = 141
        except KeyboardInterrupt:
            sys.stderr.write("已中断，可以再次运行 interrupted: run it again\n")
            self.exitcode = int(Exit.INTERRUPTED)
        except StoreError as error:
            sys.stderr.write(f"{error}\n")
            self.exitcode = int(Exit.INPUT_UNREADABLE)
        except OSError as error:
            if error.filename is None:
                raise
            self.exitcode = int(_told(error))
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


def _told(error: OSError) -> Exit:
    """A file or folder that cannot be used, on one line."""
    sys.stderr.write(
        f"{error.filename}：无法读写，请检查路径、权限和空间 cannot be read or written: {error.strerror}\n"
    )
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
    return Exit.ARCHIVE_NOT_WRITABLE if full else Exit.INPUT_UNREADABLE
