"""Reads: one capture → one Document; rebuild walks the archive and fills the catalogue."""
