"""What extract refuses, in words for a person."""

from __future__ import annotations


class Unreadable(Exception):
    """The input holds nothing that can be read. The message says what is wrong and what to do, in one line."""
