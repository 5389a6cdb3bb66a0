"""Runs a parser of another package as a command of the hand-off: `python -m extract.handoff_host NAME`.

NAME is an entry point of the group `nianbao.parsers`: a callable that takes a parser.document.Document. When
it returns, the document is acknowledged; what it raises is told. In a process of its own: it may hang or die.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib.metadata import entry_points

from pydantic import TypeAdapter

from extract.handoff_channels import CANNOT_WORK
from parser.document import Document

GROUP = "nianbao.parsers"


def main() -> int:
    """Serve until the end of input."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # what the parser prints is no answer
    [name] = sys.argv[1:]
    try:
        [entry] = entry_points(group=GROUP, name=name)
        parse = entry.load()
    except Exception as error:  # noqa: BLE001 - whatever keeps foreign code from loading is told
        sys.stderr.write(f"无法载入 cannot be loaded: {GROUP} {name}: {type(error).__name__}: {error}\n")
        return CANNOT_WORK
    document = TypeAdapter(Document)
    for line in sys.stdin.buffer:
        message = json.loads(line)
        answer = {"delivery": message["delivery"], "ok": True}
        try:
            parse(document.validate_python(message["document"]))
        except Exception as error:  # noqa: BLE001 - foreign code; told with the document, and the run goes on
            traceback.print_exc()
            answer |= {"ok": False, "error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
