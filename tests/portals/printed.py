"""Blocks as a plain page, and a page printed by Chromium."""

from __future__ import annotations

import html
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.portals.tables import Block, Para

#: Of a page as bodies print theirs; what parts the cells of tables is the caller's.
CSS = (
    "@page{size:A4;margin:25mm 26mm}body{font-size:15pt;line-height:1.7}h1{font-size:20pt;text-align:center}"
    "p{text-indent:2em;margin:0}table{border-collapse:collapse;font-size:9pt;line-height:1.3;width:100%}"
    "td{padding:2px 3px;text-align:center}"
)
RULED = "td{border:1px solid #000}"
SECONDS = 180


def markup(blocks: Iterable[Block]) -> str:
    """The title, a paragraph for each line, a table for each table."""
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, Para):
            tag = "p" if parts else "h1"
            parts.append(f"<{tag}>{html.escape(block.text)}</{tag}>")
            continue
        rows = (
            "".join(
                f'<td rowspan="{c.rowspan}" colspan="{c.colspan}">{html.escape(c.text)}</td>' for c in row
            )
            for row in block.rows
        )
        parts.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    return "".join(parts)


def printed(body: str, css: str, folder: Path, name: str) -> Path:
    """The PDF of a page, `name`.pdf in the folder. Raises CalledProcessError where Chromium fails."""
    page, made = folder / f"{name}.html", folder / f"{name}.pdf"
    page.write_text(f"<meta charset=utf-8><style>{css}</style>{body}", "utf-8")
    chromium = shutil.which("chromium") or "chromium"
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={made}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return made
