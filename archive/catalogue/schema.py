"""The tables of the catalogue (design.md §3). A cache: every row follows from the WARCs and the register.

Keys derive from content. No row holds the time of the rebuild, a counter or anything else that would differ
between two rebuilds of the same WARCs. Times are ISO 8601 text in UTC, days ISO text, lists JSON text.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, Table, Text

metadata = MetaData()

capture = Table(
    "capture",
    metadata,
    Column("record_id", Text, primary_key=True),
    Column("file", Text, nullable=False),
    Column("offset", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("payload_digest", Text),
    Column("url", Text, nullable=False),
    Column("date", Text, nullable=False),
    Column("status", Integer, nullable=False),  # 0: no response
    Column("outcome", Text, nullable=False),
    Column("truncated", Text),
    Column("location", Text),  # where a redirect leads, absolute
    Column("portal", Text),
    Column("platform", Text),
    Column("role", Text),
    Column("run", Text),
    Column("column_id", Text),
    Column("publisher_hint", Text),
    Column("list_title", Text),
    Column("list_date", Text),
    Column("list_index_number", Text),
    Column("via", Text),
    Column("document", Text),
    Column("version", Text),  # None: nothing could be read, or it was not to be read
    Column("read_by", Text, nullable=False),  # extractor version and register fingerprint
)

document = Table(
    "document",
    metadata,
    Column("document", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("role", Text, nullable=False),  # report | attachment
    Column("page", Text),  # of an attachment: the document of the page that links it
    Column("portal", Text),
    Column("kind", Text),  # report | candidate | not_a_report, of its last version; None: nothing readable
    Column("publisher", Text),
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    Column("n_captures", Integer, nullable=False),
)

version = Table(
    "version",
    metadata,
    Column("version", Text, primary_key=True),
    Column("document", Text, nullable=False),
    Column("content_digest", Text, nullable=False),  # of title, sections and numbers, chrome left out
    Column("text_digest", Text),  # of the sections alone; None without sections
    Column("media_type", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text),
    Column("report_year", Integer),
    Column("title_year", Integer),
    Column("format_version", Text),
    Column("publisher", Text),  # register code, as extract attributes it
    Column("publisher_name", Text),
    Column("publisher_raw", Text, nullable=False),
    Column("publisher_reasons", Text, nullable=False),
    Column("publisher_unclear", Boolean, nullable=False),
    Column("publisher_shown", Text),  # 发布机构 as the page prints it
    Column("county", Text),
    Column("index_number", Text),
    Column("signed_date", Text),
    Column("signed_by", Text),
    Column("n_cells", Integer, nullable=False),
    Column("sections", Text, nullable=False),
    Column("extractor_version", Text, nullable=False),
)

date_claim = Table(
    "date_claim",
    metadata,
    Column("record_id", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("lo", Text, nullable=False),
    Column("hi", Text, nullable=False),
    Column("raw", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("locator", Text, nullable=False),
)

cell = Table(
    "cell",
    metadata,
    Column("version", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", Float),
    Column("state", Text, nullable=False),
    Column("raw", Text),
    Column("label", Text),
    Column("unit", Text),
    Column("inferred", Float),
    Column("confidence", Float),  # 0 to 1 where recognised from an image (OCR), else null
    Column("locator", Text, nullable=False),
)

section = Table(
    "section",
    metadata,
    Column("version", Text, primary_key=True),
    Column("n", Integer, primary_key=True),  # 1–6 as printed
    Column("key", Text, nullable=False),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
)

fact = Table(
    "fact",
    metadata,
    Column("version", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("value", Float, nullable=False),  # fees in 元, anything else a count
    Column("approximate", Boolean, nullable=False),
    Column("quote", Text, nullable=False),
    Column("section", Text, nullable=False),
)

check_result = Table(
    "check_result",
    metadata,
    Column("version", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("relation", Text, nullable=False),
    Column("lhs", Float),
    Column("rhs", Float),
    Column("result", Text, nullable=False),
    Column("cells", Text, nullable=False),
)

finding = Table(
    "finding",
    metadata,
    Column("finding", Text, primary_key=True),
    Column("version", Text),
    Column("record_id", Text),  # of what could not be read
    Column("code", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("locator", Text, nullable=False),
    Column("cells", Text, nullable=False),
)

probe = Table(
    "probe",
    metadata,
    Column("record_id", Text, primary_key=True),
    Column("file", Text, nullable=False),
    Column("offset", Integer, nullable=False),
    Column("portal", Text, nullable=False),
    Column("county", Text, nullable=False),
    Column("column_id", Text, nullable=False),
    Column("column_url", Text, nullable=False),
    Column("publishers", Text, nullable=False),
    Column("years", Text, nullable=False),
    Column("run", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("ended", Text, nullable=False),
    Column("pages", Text, nullable=False),
    Column("listing", Text, nullable=False),  # equal lists are kept once
    Column("stated_total", Integer),
    Column("result", Text, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("reason", Text),
    Column("adapter", Text, nullable=False),
    Column("adapter_version", Text, nullable=False),
)

organ_walk = Table(  # the organ tree of a portal, walked: the bodies that it publishes as its own
    "organ_walk",
    metadata,
    Column("record_id", Text, primary_key=True),
    Column("portal", Text, nullable=False),
    Column("county", Text, nullable=False),
    Column("column_id", Text, nullable=False),
    Column("column_url", Text, nullable=False),
    Column("ended", Text, nullable=False),
    Column("listing", Text, nullable=False),  # rows in listing_row: title is the organ's name
    Column("complete", Boolean, nullable=False),
)

listing_row = Table(
    "listing_row",
    metadata,
    Column("listing", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("date", Text),
    Column("publisher_hint", Text),
    Column("index_number", Text),
    Column("skipped", Text),  # why the row was not asked for; None: followed or held
)

report = Table(  # what archive.audit concludes from all captures; read by county
    "report",
    metadata,
    Column("publisher", Text, primary_key=True),
    Column("report_year", Integer, primary_key=True),
    Column("county", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text),
    Column("kind", Text, nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    Column("first_gone", Text),
    Column("gone_record", Text, nullable=False),
    Column("credible", Integer),  # how many spans need no claim to be told, 0 or 1; None: ask them
    Column("lo", Text),
    Column("hi", Text),
    Column("titled", Text, nullable=False),
    Column("index_number", Text),
    Column("publisher_shown", Text),
    Column("duplicates", Text, nullable=False),
    Column("other_texts", Text, nullable=False),
    Column("replaced_on", Text),
    Column("changed_cells", Text, nullable=False),
    Column("placeholder_until", Text),
    Column("absent_on", Text),
    Column("attribution", Text, nullable=False),
    Column("attribution_unclear", Integer, nullable=False),
    Column("unreadable", Integer, nullable=False),
    Column("same_text_as", Text, nullable=False),
    Column("homes", Text, nullable=False),
    Column("shared_days", Text, nullable=False),
    Column("n_findings", Integer, nullable=False),
    Column("records", Text, nullable=False),  # ids of the first captures, parted by spaces
    Column("versions", Text, nullable=False),
    Column("claims", Text, nullable=False),
)

spell = Table(  # walks of a column in a row that ended alike
    "spell",
    metadata,
    Column("county", Text, primary_key=True),
    Column("portal", Text, primary_key=True),
    Column("column_id", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("column_url", Text, nullable=False),
    Column("publishers", Text, nullable=False),
    Column("years", Text, nullable=False),
    Column("healthy", Integer, nullable=False),
    Column("result", Text, nullable=False),
    Column("reason", Text),
    Column("looks", Text, nullable=False),  # [record id, started, ended] of each walk, by its end
)

guest = Table(  # a report that a column of another county lists
    "guest",
    metadata,
    Column("county", Text, primary_key=True),  # of the column
    Column("home", Text, primary_key=True),
    Column("report_year", Integer, primary_key=True),
    Column("publisher", Text, primary_key=True),
)

stray = Table(  # a report or candidate of nobody, or of no year
    "stray",
    metadata,
    Column("version", Text, primary_key=True),
    Column("county", Text),
    Column("url", Text, nullable=False),
    Column("title", Text),
    Column("report_year", Integer),
    Column("publisher_name", Text),
    Column("candidates", Text, nullable=False),
    Column("kind", Text, nullable=False),
)

open_row = Table(  # a row of a list that may be a report whose text was never had
    "open_row",
    metadata,
    Column("county", Text, primary_key=True),
    Column("document", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("publisher_hint", Text),
    Column("skipped", Text),
)

schema_info = Table("schema_info", metadata, Column("digest", Text, primary_key=True))

Index("capture_url", capture.c.url)
Index("capture_version", capture.c.version)
Index("version_index_number", version.c.index_number)
Index("finding_version", finding.c.version)
Index("report_county", report.c.county)
Index("stray_county", stray.c.county)

#: The tables whose content is compared; schema_info tells of the code only.
CONTENT_TABLES = tuple(table for table in metadata.sorted_tables if table is not schema_info)


def schema_digest() -> str:
    """Changes whenever a table or column does; a catalogue of another digest is thrown away and rebuilt."""
    lines = [
        f"{table.name}.{column.name}:{column.type!r}:{column.primary_key}:{column.nullable}"
        for table in metadata.sorted_tables
        for column in table.columns
    ]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]
