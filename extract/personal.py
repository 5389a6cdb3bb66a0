"""Personal data in what was read (practice.md §7): told by kind and place, never by value.

Mobile numbers, identity numbers and names of contacts are looked for; an office's own line is no person's.
An identity number is known by the birthday and the check digit in it, so that organisation codes and index
numbers are not taken for one. What leaves as JSON or goes into the catalogue has such numbers masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from parser.document import Block, Finding, MetaValue, Paragraph, Severity

_WIDE = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF38: "X", 0xFF58: "x", 0xFF0D: "-"}
_GAP = r"[-—–\u00a0 ]?"
_MOBILE = re.compile(rf"(?<![\dA-Za-z./])1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?![\dA-Za-z/])")
_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])[1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
)
_NAME = re.compile(
    r"(?:联\s*系\s*人|经\s*办\s*人|填\s*报\s*人|姓\s*名)\s*[：:]\s*[\u4e00-\u9fff·]{2,4}(?![\u4e00-\u9fff])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DIGIT = re.compile(r"\d")
_CHECKS = "10X98765432"
_KINDS = {
    "mobile": "手机号码 a mobile number",
    "identity": "身份证号 an identity number",
    "name": "联系人姓名 the name of a contact",
}
_PLACES = frozenset({"url", "via", "locator", "title_locator", "warc_file", "record_id", "payload_digest"})
MIN_DIGITS = 11
MAX_TOLD = 20
MIN_SHORT = 6  # characters of a cell that can hold any of them


def personal_findings(blocks: Iterable[Block], metadata: Iterable[MetaValue] = ()) -> list[Finding]:
    """One finding for each kind and place, of at most 20 places."""
    told: dict[tuple[str, str], None] = {}
    for text, place in _texts(blocks, metadata):
        for kind in kinds_in(text):
            told[kind, place] = None
    return [
        Finding("personal_data_in_report", Severity.WARN, f"此处有{_KINDS[kind]}，请核查是否应当公开", place)
        for kind, place in list(told)[:MAX_TOLD]
    ]


def kinds_in(text: str) -> tuple[str, ...]:
    """Which kinds of personal data a text holds: mobile, identity, name."""
    found = ["name"] if ("人" in text or "名" in text) and _NAME.search(text) else []
    if _has_many_digits(text):
        plain = text.translate(_WIDE)
        found += ["mobile"] * (_MOBILE.search(plain) is not None)
        found += ["identity"] * any(_is_identity(m.group()) for m in _IDENTITY.finditer(plain))
    return tuple(found)


def masked(text: str) -> str:
    """The text with mobile and identity numbers starred out behind three digits, as long as before."""
    if not _has_many_digits(text):
        return text
    plain = text.translate(_WIDE)  # the same length: places stay
    spans = [m.span() for m in _MOBILE.finditer(plain)]
    spans += [m.span() for m in _IDENTITY.finditer(plain) if _is_identity(m.group())]
    for start, end in spans:
        text = text[: start + 3] + "*" * (end - start - 3) + text[end:]
    return text


def _has_many_digits(text: str) -> bool:
    return len(text) >= MIN_DIGITS and len(_DIGIT.findall(text)) >= MIN_DIGITS


def masked_data(value: object) -> object:
    """Plain data for JSON with every text masked; addresses and locators stay as they are."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {key: inner if key in _PLACES else masked_data(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked_data(inner) for inner in value]
    return value


def _texts(blocks: Iterable[Block], metadata: Iterable[MetaValue]) -> Iterator[tuple[str, str]]:
    for value in metadata:
        yield value.raw, value.locator
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.plain, block.locator
        else:
            yield from ((cell.plain, cell.locator) for cell in block.cells if len(cell.plain) >= MIN_SHORT)


def _is_identity(number: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return number[17].upper() == _CHECKS[total % 11]
