"""What a reader of one kind of source hands to `extract.document.assemble`."""

from __future__ import annotations

from dataclasses import dataclass, field

from parser.document import Attachment, Block, DateClaim, Finding, MetaValue


@dataclass
class Reading:
    """The parts of a Document before normal form, dates, index number and publisher."""

    media_type: str
    charset: str | None = None
    title: str | None = None
    title_locator: str = ""
    blocks: list[Block] = field(default_factory=list)
    text: str | None = None  # None: the paragraphs
    metadata: list[MetaValue] = field(default_factory=list)
    dates: list[DateClaim] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    around: str = ""  # what the page says outside the body: names of the site and its county
