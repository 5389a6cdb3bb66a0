"""The sample settings for a crawl whose every connection is written down: file WATCH_LOG of the environment.

An audit hook of the interpreter itself sees each `connect` and each look-up by the system, whoever makes it.
"""

import os
import sys

from tests.crawler.settings import *  # noqa: F403 - a settings module is a name space

TWISTED_DNS_RESOLVER = "tests.crawler.resolver.WatchedResolver"
_LOG = os.open(os.environ["WATCH_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        os.write(_LOG, f"connect {arguments[1][0]} {arguments[1][1]}\n".encode())
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        os.write(_LOG, f"look-up {arguments[0]} -\n".encode())


sys.addaudithook(_watch)
