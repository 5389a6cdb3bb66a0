"""An audit as a table, CSV, JSON or one self-contained page. Every form carries as-of and seen-until."""

from archive.audit.render.data import audit_csv, audit_json
from archive.audit.render.page import audit_html
from archive.audit.render.table import audit_table

__all__ = ["audit_csv", "audit_html", "audit_json", "audit_table"]
