"""A page saved as one file (MHTML, RFC 2557), as browsers and Word write it."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(frozen=True)
class SavedPage:
    """The first page of the file: its bytes, their content type and the address it was saved from."""

    payload: bytes
    headers: tuple[tuple[str, str], ...]
    url: str | None


def saved_page(payload: bytes) -> SavedPage | None:
    """None where the file holds no page."""
    whole = message_from_bytes(payload.lstrip(), policy=policy.default)
    if not isinstance(whole, EmailMessage):
        return None
    for part in whole.walk():
        if part.get_content_type() != "text/html":
            continue
        body = part.get_payload(decode=True)
        if isinstance(body, bytes) and body.strip():
            address = str(part.get("Content-Location") or whole.get("Snapshot-Content-Location") or "")
            kind = str(part.get("Content-Type") or "text/html")
            url = address if address.startswith(("http://", "https://")) else None
            return SavedPage(body, (("Content-Type", kind),), url)
    return None
