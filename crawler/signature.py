"""Signs every request with an honest name and whom to write to, whatever Scrapy command makes it."""

from __future__ import annotations

from urllib.parse import quote

from scrapy.settings import BaseSettings


class Signature:
    """A Scrapy add-on: USER_AGENT becomes `Nianbao/VERSION (+CONTACT)`, for `scrapy fetch` too."""

    def update_settings(self, settings: BaseSettings) -> None:
        settings.set("USER_AGENT", user_agent(settings), priority="cmdline")


def user_agent(settings: BaseSettings) -> str:
    """In ASCII, since it is a header; without CONTACT the bare name, with which only loopback is asked."""
    contact = " ".join(str(settings.get("CONTACT") or "").split())
    name = str(settings.get("USER_AGENT")).partition(" ")[0]
    return f"{name} (+{quote(contact, safe=' @:/?#=&+,;~._-')})" if contact else name
