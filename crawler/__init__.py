"""Finds and fetches: the Scrapy project (spiders, platforms, portals, commands)."""
