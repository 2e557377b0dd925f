"""Pieces of Block Kit in which text of documents stays text. Pure.

Words from documents go into ``plain_text`` and ``rich_text`` alone, where Slack reads no
mention, no link, no emoji and no markup; never into ``mrkdwn``. Lengths are Slack's published
limits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from mmsearch.commands.output import inert

Block = dict[str, Any]
MOST_BLOCKS = 50
MOST_VIEW_BLOCKS = 100
LONGEST_SECTION = 3000
LONGEST_BUTTON = 75
LONGEST_VIEW_TITLE = 24
LONGEST_OPTION = 75
LONGEST_URL = 3000
MOST_OPTIONS = 100
_END = re.compile(r"[.!?؟…。]+[\"”»’')\]]*(?=\s)")
_LINES = re.compile(r"(?<!\n)\n(?!\n)")
_NO_ADDRESS = re.compile(r"[\s<>|\"'`]")
_SPACES = re.compile(r"[^\S\n]+")


def flowing(text: str) -> str:
    """Let lines that a page broke run on, and drop what a screen would obey."""
    return _SPACES.sub(" ", _LINES.sub(" ", inert(text))).strip()


def cut(text: str, most: int) -> str:
    """Return text of at most ``most`` characters, cut behind a sentence, else behind a word."""
    if len(text) <= most:
        return text
    ends = [match.end() for match in _END.finditer(text, 0, most)]
    if ends and ends[-1] >= most // 3:
        return text[: ends[-1]] + " …"
    head = text[: most - 2]
    between = head[-1].isspace() or text[most - 2].isspace()
    if " " in head and not between:
        head = head.rsplit(None, 1)[0]
    return head.rstrip(" ,;:") + " …"


def fallback(text: str) -> str:
    """Make a message's plain text, which Slack reads as mrkdwn in notifications, inert.

    The three characters that Slack escapes are escaped; a word joiner keeps addresses,
    mentions by name, emoji names and markup from being recognised.
    """
    text = flowing(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([*_~`@#:])(?=\S)", "\\1\u2060", cut(text, 1500))


def plain(text: str, most: int = LONGEST_SECTION) -> Block:
    """Return a ``plain_text`` object, in which emoji names stay words."""
    return {"type": "plain_text", "text": cut(inert(text), most) or " ", "emoji": False}


def words(text: str, *, bold: bool = False, italic: bool = False) -> Block:
    """Return a run of words for ``rich``."""
    run: Block = {"type": "text", "text": inert(text)}
    style = {name: True for name, on in (("bold", bold), ("italic", italic)) if on}
    return {**run, "style": style} if style else run


def link(text: str, url: str, *, bold: bool = False) -> Block:
    """Return a link for ``rich``, or the words alone where there is no address to trust."""
    if not is_address(url):
        return words(text, bold=bold)
    run: Block = {"type": "link", "url": url, "text": inert(text)}
    return {**run, "style": {"bold": True}} if bold else run


def person(user_id: str) -> Block:
    """Return a mention of a person for ``rich``; they are told."""
    return {"type": "user", "user_id": user_id}


def usergroup(group_id: str) -> Block:
    """Return a mention of a user group for ``rich``; its members are told."""
    return {"type": "usergroup", "usergroup_id": group_id}


def line(*runs: Block) -> Block:
    """Return a paragraph for ``rich``."""
    return {"type": "rich_text_section", "elements": [run for run in runs if _says(run)]}


def quote(*runs: Block) -> Block:
    """Return an indented paragraph for ``rich``."""
    return {"type": "rich_text_quote", "elements": [run for run in runs if _says(run)]}


def bullets(*lines: Block) -> Block:
    """Return a list for ``rich``."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(lines)}


def rich(*parts: Block) -> Block:
    """Return a block of paragraphs, quotes and lists."""
    return {"type": "rich_text", "elements": list(parts)}


def section(text: str, *, accessory: Block | None = None) -> Block:
    """Return a block of plain words, with a button beside them."""
    block: Block = {"type": "section", "text": plain(text)}
    return {**block, "accessory": accessory} if accessory else block


def small(*texts: str) -> Block:
    """Return a block in small grey letters."""
    return {"type": "context", "elements": [plain(text, 2000) for text in texts[:10]]}


def header(text: str) -> Block:
    """Return a heading."""
    return {"type": "header", "text": plain(text, 150)}


def button(
    text: str, action: str, value: str = "", *, style: str = "", confirm: Block | None = None
) -> Block:
    """Return a button."""
    found: Block = {"type": "button", "text": plain(text, LONGEST_BUTTON), "action_id": action}
    if value:
        found["value"] = value
    if style:
        found["style"] = style
    if confirm:
        found["confirm"] = confirm
    return found


def actions(*buttons: Block) -> Block:
    """Return a row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def option(text: str, value: str) -> Block:
    """Return one choice of a menu."""
    return {"text": plain(text, LONGEST_OPTION), "value": value}


def confirmation(title: str, text: str, yes: str, no: str) -> Block:
    """Return a question that is asked before a button works."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    close: str,
    submit: str = "",
    callback: str = "",
    data: str = "",
) -> Block:
    """Return a modal view."""
    view: Block = {
        "type": "modal",
        "title": plain(title, LONGEST_VIEW_TITLE),
        "close": plain(close, LONGEST_VIEW_TITLE),
        "blocks": list(blocks)[:MOST_VIEW_BLOCKS],
    }
    if submit:
        view["submit"] = plain(submit, LONGEST_VIEW_TITLE)
    if callback:
        view["callback_id"] = callback
    if data:
        view["private_metadata"] = data
    return view


def is_address(url: str) -> bool:
    """Say whether something is an address that Slack may open: http or https, not too long."""
    if not url or len(url) > LONGEST_URL or not url.isprintable() or _NO_ADDRESS.search(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _says(run: Block) -> bool:
    return run["type"] not in {"text", "link"} or bool(run["text"])
