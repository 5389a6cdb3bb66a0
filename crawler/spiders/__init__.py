"""Spiders: one, driven by portal files."""
