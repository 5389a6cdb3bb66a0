from __future__ import annotations


def attribute(reading, blocks, normaliser, source, register):
    return None, []
