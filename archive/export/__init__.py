"""The catalogue as plain tables for researchers and offices: pure functions from rows to tables, and writers.

Doors: `archive.export.source.load_source`, `archive.export.tables.export_tables`, `archive.export.write`.
"""
