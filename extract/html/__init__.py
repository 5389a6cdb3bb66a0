"""HTML → title, body blocks, metadata, dates, attachments, by label and shape (portals.md §4–§5)."""
