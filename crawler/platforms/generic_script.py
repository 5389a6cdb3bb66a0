"""What a script says without being run: its values, its variables, its calls.

Reads literals, concatenations and object literals of JavaScript (JSON is a part of it); everything else is
passed over. No script is ever executed: a value that only a run could tell stays a `Name`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_TEXT = 200_000  # characters of a script that are read; lists and endpoints stand in short ones
MAX_DEPTH = 40
EFFORT = 8  # how often the tokens of a script may be read on the average

TOKEN = re.compile(
    r"(?P<space>\s+|/\*.*?\*/|//[^\r\n]*|<!--|-->|<!\[CDATA\[|\]\]>)"
    r"|(?P<text>'(?:[^'\\\r\n]|\\.)*'|\"(?:[^\"\\\r\n]|\\.)*\"|`(?:[^`\\]|\\.)*`)"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_$\u4e00-\u9fff][\w$]*)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
PLACE = re.compile(r"\$\{([^{}]*)\}")
LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": ""}


@dataclass(frozen=True, slots=True)
class Name:
    """A value that stands elsewhere: a variable, a property, an argument. `path` is what is written."""

    path: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts put together by `+` or in a template text."""

    parts: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its arguments."""

    path: str
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


class Script:
    """The tokens of a script and the values that can be read at each of them.

    Values are str, int, float, bool, None, list, dict, `Name`, `Joined` or `Call`.
    """

    def __init__(self, text: str) -> None:
        found = TOKEN.finditer(text[:MAX_TEXT])
        self.tokens = [
            _Token(m.lastgroup, m.group()) for m in found if m.lastgroup and m.lastgroup != "space"
        ]
        self.at = 0
        self.most = 100_000 + EFFORT * len(self.tokens)  # tokens read over and over: nesting without end

    def calls(self) -> Iterator[Call]:
        """Every call of a name, inner ones too, as far as the script is worth its time."""
        spent = 0
        for place, token in enumerate(self.tokens[:-1]):
            if token.kind == "name" and self.tokens[place + 1].text == "(" and not self._is_declared(place):
                start = place
                while (
                    start > 1 and self.tokens[start - 1].text == "." and self.tokens[start - 2].kind == "name"
                ):
                    start -= 2
                path = "".join(part.text for part in self.tokens[start : place + 1])
                self.at = place + 1
                yield Call(path, self._listed(")", 0))
                spent += self.at - place
                if spent > self.most:
                    return

    def assigned(self, *, members: bool = False) -> dict[str, object]:
        """Names that are given a value that can be read: `x = …`; the first value of each stays.

        `members`: only members of something (`query.page = …`).
        """
        given: dict[str, object] = {}
        spent = 0
        for place in range(1, len(self.tokens) - 1):
            before, sign = self.tokens[place - 1], self.tokens[place]
            after = self.tokens[place + 1].text
            if sign.text != "=" or before.kind != "name" or after in {"=", ">"}:
                continue
            if members and (place < 2 or self.tokens[place - 2].text != "."):
                continue
            self.at = place + 1
            value = self.value()
            spent += self.at - place
            if spent > self.most:
                break
            if not isinstance(value, Name) or before.text not in given:
                given.setdefault(before.text, value)
        return given

    def objects(self) -> Iterator[dict[str, object]]:
        """The outermost object literals, blocks of code left out."""
        place = 0
        while place < len(self.tokens):
            self.at = place
            if self.tokens[place].text == "{" and self._is_object():
                found = self.value()
                if isinstance(found, dict) and found:
                    yield found
                    place = max(self.at, place + 1)
                    continue
            place += 1

    def lists(self) -> Iterator[list[object]]:
        """The outermost array literals that hold something."""
        place = 0
        while place < len(self.tokens):
            self.at = place
            before = self.tokens[place - 1] if place else _Token("sign", "")
            if self.tokens[place].text == "[" and before.kind != "name" and before.text not in {")", "]"}:
                found = self.value()
                if isinstance(found, list) and found:
                    yield found
                    place = max(self.at, place + 1)
                    continue
            place += 1

    def concatenations(self) -> Iterator[object]:
        """Texts, alone or put together with names."""
        place = 0
        while place < len(self.tokens):
            if self.tokens[place].kind != "text" and not self._joins(place):
                place += 1
                continue
            self.at = place
            yield self.value()
            place = max(self.at, place + 1)

    def _joins(self, place: int) -> bool:
        """Whether a name, maybe a property, stands before `+`."""
        end = place + 1
        if self.tokens[place].kind != "name":
            return False
        while end + 1 < len(self.tokens) and self.tokens[end].text == ".":
            end += 2
        return end < len(self.tokens) and self.tokens[end].text == "+"

    def value(self, depth: int = 0) -> object:
        """The value that begins at the reader's place, which moves behind it."""
        parts = [self._operand(depth)]
        while self._text() == "+" and self._text(1) not in {"+", "="}:
            self.at += 1
            parts.append(self._operand(depth))
        if len(parts) == 1:
            return parts[0]
        return joined(parts)

    def _operand(self, depth: int) -> object:
        if self.at >= len(self.tokens) or depth > MAX_DEPTH:
            self.at += 1
            return None
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == "text":
            return self._after(_unquoted(token.text), depth)
        if token.kind == "number":
            return float(token.text) if "." in token.text else int(token.text)
        return self._named(token.text, depth) if token.kind == "name" else self._enclosed(token.text, depth)

    def _enclosed(self, sign: str, depth: int) -> object:
        """What begins with a sign: an object, an array, something in brackets, a signed number."""
        if sign == "{":
            self.at -= 1
            if self._is_object():
                return self._object(depth)
            self._skipped("{", "}")
            return None
        if sign == "[":
            self.at -= 1
            return list(self._listed("]", depth))
        if sign == "(":
            inner = self.value(depth + 1)
            self._skip_to(")")
            return inner
        if sign in "-!~":
            inner = self._operand(depth + 1)
            return -inner if sign == "-" and isinstance(inner, int | float) else inner
        self.at -= sign in {")", "]", "}", ",", ";", ":"}
        return None

    def _after(self, value: object, depth: int) -> object:
        """What follows a text or a call: properties and method calls are passed over, the value stays."""
        while self._text() == "." and self.at + 1 < len(self.tokens):
            self.at += 2
            if self._text() == "(":
                self._listed(")", depth + 1)
        return value

    def _named(self, first: str, depth: int) -> object:
        if first in {"true", "false", "null", "undefined"}:
            return {"true": True, "false": False}.get(first)
        if first == "function":
            while self._text() not in {"{", ""}:
                self.at += 1
            self._skipped("{", "}")
            return None
        if first in {"new", "typeof", "return"}:
            return self._operand(depth + 1)
        path = first
        while True:
            sign = self._text()
            if sign == "." and self.at + 1 < len(self.tokens):
                path += "." + self._text(1)
                self.at += 2
            elif sign == "[":
                inner = self._listed("]", depth + 1)
                path += f".{inner[0]}" if inner and isinstance(inner[0], str | int) else ".?"
            elif sign == "(":
                return self._after(Call(path, self._listed(")", depth + 1)), depth)
            else:
                return Name(path)

    def _object(self, depth: int) -> dict[str, object]:
        self.at += 1
        found: dict[str, object] = {}
        while self.at < len(self.tokens) and self._text() != "}":
            key = self.tokens[self.at]
            if self._text(1) != ":" or key.kind == "sign":
                if key.kind == "name" and self._text(1) in {",", "}"}:  # {page} for {page: page}
                    found[key.text] = Name(key.text)
                self._skip_value()
            else:
                self.at += 2
                found.setdefault(
                    str(_unquoted(key.text)) if key.kind == "text" else key.text, self.value(depth + 1)
                )
                self._skip_value()
            self.at += self._text() == ","
        self.at += 1
        return found

    def _listed(self, end: str, depth: int) -> tuple[object, ...]:
        self.at += 1
        found: list[object] = []
        while self.at < len(self.tokens) and self._text() != end:
            found.append(self.value(depth + 1))
            self._skip_value(end)
            self.at += self._text() == ","
        self.at += 1
        return tuple(found)

    def _skip_value(self, end: str = "}") -> None:
        """To the comma or the end, over what cannot be read."""
        while self.at < len(self.tokens) and self._text() not in {",", end}:
            if self._text() in {"{", "(", "["}:
                self._skipped(self._text(), {"{": "}", "(": ")", "[": "]"}[self._text()])
            elif self._text() in {"}", ")", "]"}:
                return
            else:
                self.at += 1

    def _skip_to(self, end: str) -> None:
        self._skip_value(end)
        while self._text() == ",":
            self.at += 1
            self._skip_value(end)
        self.at += self._text() == end

    def _skipped(self, opens: str, closes: str) -> None:
        depth = 0
        while self.at < len(self.tokens):
            depth += (self._text() == opens) - (self._text() == closes)
            self.at += 1
            if depth == 0:
                return

    def _is_object(self) -> bool:
        if self._text(1) == "}":
            return True
        key = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else _Token("sign", "")
        return key.kind != "sign" and self._text(2) in {":", ","} and key.text not in {"case", "default"}

    def _is_declared(self, place: int) -> bool:
        return place > 0 and self.tokens[place - 1].text == "function"

    def _text(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.tokens[place].text if place < len(self.tokens) else ""


def joined(parts: Sequence[object]) -> object:
    """The parts of a concatenation as one text, where all of them are texts or numbers."""
    flat: list[object] = []
    for part in parts:
        flat += part.parts if isinstance(part, Joined) else [part]
    merged: list[object] = []
    for part in flat:
        text = f"{part:g}" if isinstance(part, float) else str(part) if isinstance(part, int) else part
        if isinstance(text, str) and merged and isinstance(merged[-1], str):
            merged[-1] += text
        else:
            merged.append(text)
    return merged[0] if len(merged) == 1 else Joined(tuple(merged))


def _unquoted(text: str) -> object:
    inner = ESCAPE.sub(_character, text[1:-1])
    if text[0] != "`" or "${" not in inner:
        return inner
    parts: list[object] = []
    for place, part in enumerate(PLACE.split(inner)):
        if place % 2:
            parts.append(Name(part.strip()) if re.fullmatch(r"[\w$.\s]+", part) else Name("?"))
        elif part:
            parts.append(part)
    return joined(parts)


def _character(found: re.Match[str]) -> str:
    code = found.group(1) or found.group(2)
    if code:
        return chr(int(code, 16))
    return LETTERS.get(found.group(3), found.group(3))
