"""What the records of an old workbook (.xls) say beside its cells: formulas not worked out, links elsewhere.

Best effort, over the stream of records as programs write it, in one piece; where it lies in pieces, the walk
ends and what was found until there is told. Records: [MS-XLS] 2.4 (Formula, SupBook).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_BEGIN = b"\x09\x08\x10\x00\x00\x06"  # BOF of a workbook, version 8
_FORMULA, _SUPPORT = 0x0006, 0x01AE
_FLAGS_AT, _CALCULATE_ON_LOAD = 14, 0x0002
_NOTHING = b"\x03\0\0\0\0\0\xff\xff"  # the result of a formula that draws nothing
_OWN, _ADD_IN = 0x0401, 0x3A01  # what a SupBook refers to: this workbook, functions
MAX_RECORDS = 1_000_000
_LONGEST = 8224  # bytes of one record


def unknown_formulas(payload: bytes) -> tuple[int, int]:
    """How many formulas await a program that works them out; how many links lead to files or programs."""
    unknown = links = 0
    for kind, data in _records(payload):
        if kind == _FORMULA and len(data) >= _FLAGS_AT + 2:
            waits = struct.unpack_from("<H", data, _FLAGS_AT)[0] & _CALCULATE_ON_LOAD
            unknown += bool(waits) or data[6:14] == _NOTHING
        elif kind == _SUPPORT and len(data) >= 4:
            links += struct.unpack_from("<H", data, 2)[0] not in {_OWN, _ADD_IN}
    return unknown, links


def _records(payload: bytes) -> Iterator[tuple[int, bytes]]:
    at = payload.find(_BEGIN)
    for _ in range(MAX_RECORDS):
        if at < 0 or at + 4 > len(payload):
            return
        kind, length = struct.unpack_from("<HH", payload, at)
        if length > _LONGEST or (kind == 0 and length == 0):
            return
        yield kind, payload[at + 4 : at + 4 + length]
        at += 4 + length
