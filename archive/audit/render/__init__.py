"""An audit as a table, CSV, JSON, one self-contained page, a workbook a county, letters.

Every form carries as-of and seen-until, and what people decided beside what the machine says.
"""

from archive.audit.render.data import audit_csv, audit_json
from archive.audit.render.letter import audit_letters, citizen_letters
from archive.audit.render.page import audit_html
from archive.audit.render.table import audit_table

__all__ = ["audit_csv", "audit_html", "audit_json", "audit_letters", "audit_table", "citizen_letters"]
