"""Understands: Document → AnnualReport. Knows nothing of the web and imports none of the other rooms."""

from parser.export import report_json
from parser.read import parse
from parser.version import PARSER_VERSION

__all__ = ["PARSER_VERSION", "parse", "report_json"]
