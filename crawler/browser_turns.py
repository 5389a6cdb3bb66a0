"""Turning the pages of a list whose pager only a script moves: 下一页 is pressed, each look is kept.

What a look holds is for the spider to say: it reads the rows, and tells whether another press is of use. A
press that brings no new row is the end of the list.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from playwright.async_api import Error as PlaywrightError
from pydantic import BaseModel, ConfigDict

from crawler.looks import Judge, Look

MAX_TURNS = 200  # looks at one list

PRESS = r"""
([label, mark, idle]) => {
  const says = new RegExp('^(?:' + label + ')$'), marked = new RegExp(mark), rests = new RegExp(idle, 'i');
  const all = 'a,button,input[type=button],span,li,div[role=button],div[class]';
  const text = box => (box.innerText || box.value || box.title || '').replace(/\s+/g, '');
  const name = box => box.getAttribute('class') || '';
  const fits = box => box.getClientRects().length > 0 && (text(box).match(says) || name(box).match(marked));
  for (const box of document.querySelectorAll(all)) {
    if (!fits(box) || [...box.querySelectorAll(all)].some(fits)) continue;
    const around = [box, box.parentElement].filter(Boolean);
    const off = one => one.disabled || one.getAttribute('aria-disabled') === 'true' || name(one).match(rests);
    if (around.some(off)) return 'idle';
    const link = box.closest('a'), href = ((link && link.getAttribute('href')) || '').trim();
    if (href.match(/^#!?\/./) || (href && !href.match(/^(?:#|javascript:)/i))) return 'address';
    box.click();
    return 'pressed';
  }
  return 'none';
}
"""


class Controls(BaseModel):
    """crawler/data/turns.yml."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str
    mark: str
    idle: str


@cache
def controls() -> Controls:
    path = Path(__file__).parent / "data" / "turns.yml"
    return Controls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


async def looks_at(
    page: Any,  # noqa: ANN401 — Playwright's
    judge: Judge,
    rest: Callable[[Any], Awaitable[None]],
) -> tuple[list[Look], bool]:
    """The looks at a list, the first included, and whether there are more than we look at."""
    looks: list[Look] = []
    while True:
        look = Look(page.url, await page.content())
        judgement = judge(look.url, look.text)
        if judgement.is_new or not looks:
            looks.append(look)
        if not judgement.goes_on:
            return looks, False
        if len(looks) >= MAX_TURNS:
            return looks, True
        if not await _press(page):
            return looks, False
        await rest(page)


async def _press(page: Any) -> bool:  # noqa: ANN401
    """Press the control for the next page; False where there is none, or it does nothing."""
    known = controls()
    try:
        found: str = await page.evaluate(PRESS, [known.label, known.mark, known.idle])
    except PlaywrightError:
        return True  # it moved on while it was pressed
    return found == "pressed"
