"""What extract refuses, in words for a person."""

from __future__ import annotations


class Unreadable(Exception):  # noqa: N818 - the name of the door
    """Nothing can be read from the input. The message says what is wrong and what to do, in one line."""
