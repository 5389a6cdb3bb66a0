"""What test_attachments_traced traces: every attachment of tests/pages read as a rebuild reads it.

`python -m tests.extract.trace_reading FOLDER…`: one process reads them, one recognises; on stdout, what came
of each.
"""

from __future__ import annotations

import sys
from pathlib import Path

from extract.ocr import PageTask, Recognisers
from extract.worker import Worker

READER = "tests.extract.worker_targets:measured"


def main(folders: list[str]) -> None:
    worker, recognisers = Worker(READER, None), Recognisers()
    for name in folders:
        [page] = Path(name).glob("page.*")
        print(name, worker.ask(page.read_bytes()), flush=True)
        if page.parent.name == "attachment_pdf_scan":
            print(name, recognisers.answer(PageTask(page.read_bytes(), "pdf", 0)), flush=True)
    recognisers.close()
    worker.close()


if __name__ == "__main__":
    main(sys.argv[1:])
