"""Slack's published limits for Block Kit, as a judge of what the bot sends."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]

MESSAGE, VIEW = 50, 100
TEXT_TYPES = {"plain_text", "mrkdwn"}
RUNS = {"text", "link", "user", "usergroup", "channel", "emoji", "date", "broadcast", "color"}
PARTS = {"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}
IN_MESSAGES = {"section", "divider", "image", "actions", "context", "header", "rich_text"}
ALLOWED = {
    "message": IN_MESSAGES | {"context_actions", "file", "video", "markdown", "table"},
    "modal": IN_MESSAGES | {"input"},
    "home": IN_MESSAGES | {"input"},
}
STYLES = {"primary", "danger"}


def message_mistakes(body: Mapping[str, Any]) -> list[str]:
    """Return what Slack would refuse in a message."""
    found = list(_blocks(body.get("blocks") or (), "message", MESSAGE))
    if len(body.get("text") or "") > 40_000:
        found.append("text: more than 40,000 characters")
    if not body.get("text") and not body.get("blocks"):
        found.append("no text and no blocks")
    metadata = body.get("metadata")
    if metadata and not (
        metadata.get("event_type") and isinstance(metadata["event_payload"], dict)
    ):
        found.append("metadata: no event_type or event_payload")
    return found


def view_mistakes(view: Mapping[str, Any]) -> list[str]:
    """Return what Slack would refuse in a modal or a home page."""
    found = list(_blocks(view.get("blocks") or (), view["type"], VIEW))
    if view["type"] == "modal":
        found += _text(view["title"], 24, "title", plain=True)
        for name in ("submit", "close"):
            if name in view:
                found += _text(view[name], 24, name, plain=True)
        if any(block["type"] == "input" for block in view["blocks"]) and "submit" not in view:
            found.append("a modal with an input has to have submit")
    found += _long(view, "private_metadata", 3000) + _long(view, "callback_id", 255)
    if not view.get("blocks"):
        found.append("a view without blocks")
    if len(json.dumps(view)) > 250_000:
        found.append("a view of more than 250,000 characters")
    return found


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a message or view, whatever it stands in."""
    if isinstance(value, Mapping):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, Sequence):
        for one in value:
            yield from texts(one)


def read(blocks: Sequence[Block]) -> str:
    """Return what a person reads in blocks, a line a block."""
    return "\n".join(filter(None, (_read(block) for block in blocks)))


def _read(block: Any) -> str:
    if isinstance(block, list):
        return "".join(_read(one) for one in block)
    if not isinstance(block, Mapping):
        return ""
    if block.get("type") in {"text", "link"} | TEXT_TYPES:
        return str(block.get("text") or block.get("url"))
    if block.get("type") in {"user", "usergroup"}:
        return "@" + str(block.get("user_id") or block.get("usergroup_id"))
    end = "\n" if block.get("type") in PARTS else " "
    names = ("text", "elements", "accessory", "label", "element", "positive_button", "title")
    return "".join(_read(block[name]) + end for name in names if name in block)


def _blocks(blocks: Sequence[Block], surface: str, most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"{len(blocks)} blocks, at most {most}"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield "a block_id twice"
    if surface == "message" and len(json.dumps(blocks)) > 100_000:
        yield "blocks of more than 100,000 characters"
    for number, block in enumerate(blocks):
        kind = block.get("type")
        if kind not in ALLOWED[surface]:
            yield f"block {number}: a {surface} takes no {kind!r}"
            continue
        for mistake in _block(block):
            yield f"block {number} ({kind}): {mistake}"


def _block(block: Block) -> list[str]:
    found = _long(block, "block_id", 255)
    judge = _JUDGES.get(str(block["type"]))
    return found + (judge(block) if judge else [])


def _section(block: Block) -> list[str]:
    found = []
    if "text" not in block and "fields" not in block:
        found.append("no text and no fields")
    if "text" in block:
        found += _text(block["text"], 3000, "text")
    if len(block.get("fields") or ()) > 10:
        found.append("more than 10 fields")
    for field in block.get("fields") or ():
        found += _text(field, 2000, "field")
    return found + (_element(block["accessory"]) if "accessory" in block else [])


def _actions(block: Block) -> list[str]:
    elements = block["elements"]
    found = [] if 0 < len(elements) <= 25 else [f"{len(elements)} elements, from 1 to 25"]
    ids = [element["action_id"] for element in elements if "action_id" in element]
    if len(ids) != len(set(ids)):
        found.append(f"an action_id twice: {ids}")
    return found + [mistake for element in elements for mistake in _element(element)]


def _context(block: Block) -> list[str]:
    elements = block["elements"]
    found = [] if 0 < len(elements) <= 10 else [f"{len(elements)} elements, from 1 to 10"]
    for element in elements:
        if element["type"] in TEXT_TYPES:
            found += _text(element, 3000, "text")
    return found


def _context_actions(block: Block) -> list[str]:
    elements = block["elements"]
    found = [] if 0 < len(elements) <= 5 else [f"{len(elements)} elements, from 1 to 5"]
    for element in elements:
        if element["type"] not in {"feedback_buttons", "icon_button"}:
            found.append(f"no place for {element['type']!r}")
        for name in ("positive_button", "negative_button"):
            if name in element:
                found += _text(element[name]["text"], 75, name, plain=True)
                found += _long(element[name], "value", 2000)
                found += _long(element[name], "accessibility_label", 75)
        found += _long(element, "action_id", 255)
    return found


def _header(block: Block) -> list[str]:
    return _text(block["text"], 150, "text", plain=True)


def _image(block: Block) -> list[str]:
    found = _long(block, "alt_text", 2000) + _long(block, "image_url", 3000)
    if not block.get("alt_text"):
        found.append("no alt_text")
    if ("image_url" in block) == ("slack_file" in block):
        found.append("exactly one of image_url and slack_file")
    return found + (_text(block["title"], 2000, "title", plain=True) if "title" in block else [])


def _input(block: Block) -> list[str]:
    found = _text(block["label"], 2000, "label", plain=True)
    if "hint" in block:
        found += _text(block["hint"], 2000, "hint", plain=True)
    return found + _element(block["element"])


def _rich(block: Block) -> list[str]:
    found = [] if block["elements"] else ["no elements"]
    for part in block["elements"]:
        found += _part(part)
    return found


def _part(part: Block) -> list[str]:
    if part["type"] not in PARTS:
        return [f"no part {part['type']!r}"]
    if not part["elements"]:
        return [f"an empty {part['type']}"]
    if part["type"] == "rich_text_list":
        return [m for one in part["elements"] for m in _part(one)]
    found = []
    for run in part["elements"]:
        if run["type"] not in RUNS:
            found.append(f"no run {run['type']!r}")
        if run["type"] == "text" and not run["text"]:
            found.append("an empty text")
        if run["type"] == "link":
            found += _long(run, "url", 3000)
        if len(run.get("text") or "") > 12_000:
            found.append("a text of more than 12,000 characters")
    return found


def _element(element: Block) -> list[str]:
    kind = element["type"]
    found = _long(element, "action_id", 255)
    if kind == "button":
        found += _text(element["text"], 75, "button", plain=True)
        found += _long(element, "value", 2000) + _long(element, "url", 3000)
        if element.get("style", "primary") not in STYLES:
            found.append(f"style {element['style']!r}")
    if "placeholder" in element:
        found += _text(element["placeholder"], 150, "placeholder", plain=True)
    if kind.endswith("static_select"):
        options = element["options"]
        found += [] if 0 < len(options) <= 100 else [f"{len(options)} options, from 1 to 100"]
        for one in options:
            found += _text(one["text"], 75, "option") + _long(one, "value", 150)
        for one in [*element.get("initial_options", ()), element.get("initial_option")]:
            if one is not None and one not in options:
                found.append(f"the initial option {one['value']!r} is none of the options")
    if kind == "plain_text_input" and not 0 < element.get("max_length", 1) <= 3000:
        found.append("max_length is over 3,000")
    return found + (_confirm(element["confirm"]) if "confirm" in element else [])


def _confirm(dialog: Block) -> list[str]:
    sizes = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
    return [m for name, most in sizes.items() for m in _text(dialog[name], most, name)]


def _text(text: Block, most: int, name: str, *, plain: bool = False) -> list[str]:
    allowed = {"plain_text"} if plain else TEXT_TYPES
    if text.get("type") not in allowed:
        return [f"{name}: type {text.get('type')!r}"]
    length = len(text["text"])
    return [] if 0 < length <= most else [f"{name}: {length} characters, from 1 to {most}"]


def _long(holder: Block, name: str, most: int) -> list[str]:
    length = len(holder.get(name) or "")
    return [f"{name}: {length} characters, at most {most}"] if length > most else []


_JUDGES = {
    "section": _section,
    "actions": _actions,
    "context": _context,
    "context_actions": _context_actions,
    "header": _header,
    "image": _image,
    "input": _input,
    "rich_text": _rich,
}
