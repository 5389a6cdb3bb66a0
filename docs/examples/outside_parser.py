"""An outside parser: appends a line a report to a CSV. Set HANDOFF to {"counts": "python THIS FILE out.csv"}.

Reads a JSON object a line, answers a JSON object a line (docs/handoff.md). Needs nothing of Nianbao.
"""
# ruff: noqa: INP001, PTH123, T201

import csv
import json
import sys

with open(sys.argv[1], "a", encoding="utf-8", newline="") as stream:
    table = csv.writer(stream)
    for line in sys.stdin:
        message = json.loads(line)
        document = message["document"]
        try:
            grids = sum(block["type"] == "grid" for block in document["blocks"])
            source = document["source"]["record_id"]
            table.writerow([message["delivery"], message["publisher"], document["title"], grids, source])
            stream.flush()  # what is acknowledged must be kept
            answer = {"delivery": message["delivery"], "ok": True}
        except (KeyError, TypeError) as error:
            answer = {"delivery": message["delivery"], "ok": False, "error": repr(error)}
        print(json.dumps(answer), flush=True)
