"""Understands: Document → AnnualReport. Knows nothing of the web and imports none of the other rooms."""
