"""The three statutory tables: found by their labels in whatever grids the document has, read cell by cell."""
