"""Tells changes of an audit to whom NOTICES (an Apprise configuration file) names, and keeps what was told.

What was told is kept a file a county, `DATA_DIR/notices/<code>.json`: the county's audit at that time. It
is written only when every recipient took the message, so that one which was out of reach hears of it next
time (others may hear twice). The first audit of a county is only remembered: nothing changed yet.
"""

# ruff: noqa: PLC0415 - an extra, and rooms, are loaded when there is something to tell

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings

from crawler.command import Refusal
from crawler.exits import Exit
from crawler.outputs import write_whole

if TYPE_CHECKING:
    from apprise import Apprise

    from archive.audit.notices import Notice
    from archive.audit.run import Audit, CountyAudit


def tell_changes(audit: Audit, settings: BaseSettings) -> bool:
    """Whether all that is to be told was told. Raises Refusal for a configuration that cannot be used."""
    recipients = _recipients(settings["NOTICES"])
    folder = Path(settings["DATA_DIR"]) / "notices"
    folder.mkdir(parents=True, exist_ok=True)
    notices = _to_tell(audit, folder)
    undelivered = {code for notice in notices if not _send(notice, recipients) for code in notice.counties}
    for code, text in _states(audit):
        if code not in undelivered:
            write_whole(folder / f"{code}.json", text.encode())
    sys.stderr.write(f"通知 notices: {len(notices)}\n")
    return not undelivered


def _to_tell(audit: Audit, folder: Path) -> Sequence[Notice]:
    """What changed since each county was told of last."""
    from archive.audit.changes import FormerError, only_changes, read_former
    from archive.audit.notices import notices

    changed: list[CountyAudit] = []
    for county in audit.counties:
        path = folder / f"{county.county.code}.json"
        if path.exists():
            try:
                former = read_former(path)
            except FormerError as error:
                raise Refusal(
                    f"{error}；删去它即从头记起 delete it to begin anew", Exit.INPUT_UNREADABLE
                ) from error
            changed += only_changes(replace(audit, counties=(county,)), former).counties
    return notices(replace(audit, counties=tuple(changed)))


def _states(audit: Audit) -> list[tuple[str, str]]:
    from archive.audit.render import audit_json

    return [(county.county.code, audit_json(replace(audit, counties=(county,)))) for county in audit.counties]


def _recipients(path: str) -> Apprise:
    if not path:
        raise Refusal(
            "未设通知对象，请把 Apprise 配置文件写入 nobody to tell: name an Apprise configuration file in"
            " NIANBAO_NOTICES (docs/audit.md)",
            Exit.USAGE,
        )
    try:
        from apprise import Apprise, AppriseConfig
    except ImportError as error:
        raise Refusal("通知需要 notices need: pip install 'nianbao[notices]'", Exit.USAGE) from error
    text = Path(path).read_text("utf-8")
    config = AppriseConfig()
    found = Apprise()
    if config.add_config(text):
        found.add(config)
    if not len(found):
        raise Refusal(
            f"{path}：没有可用的通知地址 no address in it that Apprise can use", Exit.INPUT_UNREADABLE
        )
    return found


def _send(notice: Notice, recipients: Apprise) -> bool:
    """One recipient after the other, so that the message can name who did not take it (without passwords)."""
    taken = True
    for recipient in recipients:
        if not recipient.notify(body=notice.body, title=notice.title):
            taken = False
            sys.stderr.write(f"未送达 not delivered: {notice.title} → {recipient.url(privacy=True)}\n")  # type: ignore[no-untyped-call]
    return taken
