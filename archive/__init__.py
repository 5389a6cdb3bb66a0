"""Keeps: WARC, catalogue, register of publishers, audit. Imports none of the other rooms."""
