"""Draws Block Kit as a page that looks much like Slack, to look at messages without Slack.

``python -m tests.bots.drawing PAGE.html`` draws the golden messages and views.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "slack"
STYLE = """
*{box-sizing:border-box}
body{margin:0;background:#fff;color:#1d1c1d;font:15px/1.47 Lato,Arial,sans-serif}
.scene{border-bottom:6px solid #eee;padding:12px 16px}
h6{margin:0 0 8px;color:#999;font:11px monospace}
.msg{display:flex;gap:8px}.who{flex:none;width:36px;height:36px;border-radius:8px;background:#0f3d5e}
.body{flex:1;min-width:0}.name{font-weight:900}.block{margin:4px 0;overflow-wrap:anywhere}
.rich p,.rich blockquote,.rich ul{margin:0;white-space:pre-wrap}
.rich blockquote{border-left:4px solid #ddd;padding-left:10px}
.rich ul{padding-left:24px}.rich li{padding-left:2px}
a{color:#1264a3;text-decoration:none}.user{background:#e8f5fa;color:#1264a3;border-radius:3px}
.context{color:#616061;font-size:13px;white-space:pre-wrap}
.section{display:flex;gap:12px;white-space:pre-wrap}.section>span{flex:1;min-width:0}
.actions{display:flex;flex-wrap:wrap;gap:8px}
button{border:1px solid #bbb;border-radius:8px;background:#fff;font:700 13px Lato,Arial,sans-serif;
padding:5px 12px;height:32px;color:#1d1c1d;white-space:nowrap}
button.primary{background:#007a5a;color:#fff;border-color:#007a5a}
.votes button{border:0;padding:4px;height:26px;font-weight:400;color:#616061}
.header{font-size:18px;font-weight:900}hr{border:0;border-top:1px solid #ddd}
.view{border:1px solid #ccc;border-radius:12px;max-width:520px;overflow:hidden}
.view>header{display:flex;justify-content:space-between;padding:12px 16px;font-weight:900;
font-size:18px}
.view>main{padding:0 16px 12px}.view>footer{padding:12px 16px;display:flex;gap:8px;
justify-content:end}
label{display:block;font-weight:700;margin-top:10px}.field{border:1px solid #999;border-radius:6px;
padding:6px 10px;color:#616061;font-weight:400;min-height:36px}.hint{color:#616061;font-size:13px}
.picture{background:repeating-linear-gradient(#fff 0 10px,#eee 10px 12px);border:1px solid #ddd;
height:220px}
"""


def page(scenes: Mapping[str, Any]) -> str:
    """Return a page with every message and view."""
    drawn = "\n".join(
        f'<div class="scene"><h6>{n}</h6>{_scene(s)}</div>' for n, s in scenes.items()
    )
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    return (
        f"<!doctype html><html><head>{head}<style>{STYLE}</style></head><body>{drawn}</body></html>"
    )


def golden() -> dict[str, Any]:
    """Return the golden messages and views by name."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(GOLDEN.glob("*.json"))
    }


def _scene(scene: Mapping[str, Any]) -> str:
    blocks = "".join(_block(block) for block in scene["blocks"])
    if "type" not in scene:
        head = '<div class="name">mmsearch</div>'
        return (
            f'<div class="msg"><div class="who"></div><div class="body">{head}{blocks}</div></div>'
        )
    if scene["type"] == "home":
        return f'<div class="body">{blocks}</div>'
    submit = (
        f"<button class=primary>{_plain(scene['submit'])}</button>" if "submit" in scene else ""
    )
    return (
        f'<div class="view"><header><span>{_plain(scene["title"])}</span><span>✕</span></header>'
        f"<main>{blocks}</main><footer><button>{_plain(scene['close'])}</button>{submit}</footer></div>"
    )


def _block(block: Mapping[str, Any]) -> str:
    kind = block["type"]
    if kind == "divider":
        return "<hr>"
    inner = {
        "rich_text": lambda: "".join(_part(part) for part in block["elements"]),
        "section": lambda: (
            f"<span>{_plain(block['text'])}</span>" + _element(block.get("accessory"))
        ),
        "context": lambda: " ".join(_plain(one) for one in block["elements"]),
        "header": lambda: _plain(block["text"]),
        "actions": lambda: "".join(_element(one) for one in block["elements"]),
        "context_actions": lambda: "".join(_element(one) for one in block["elements"]),
        "image": lambda: f'<div class="picture" role="img">{escape(block["alt_text"])}</div>',
        "input": lambda: _input(block),
    }[kind]()
    names = {"rich_text": "rich", "context_actions": "votes actions"}
    return f'<div class="block {names.get(kind, kind)}" dir="auto">{inner}</div>'


def _part(part: Mapping[str, Any]) -> str:
    if part["type"] == "rich_text_list":
        return f"<ul>{''.join(f'<li>{_runs(one)}</li>' for one in part['elements'])}</ul>"
    tag = "blockquote" if part["type"] == "rich_text_quote" else "p"
    return f'<{tag} dir="auto">{_runs(part)}</{tag}>'


def _runs(part: Mapping[str, Any]) -> str:
    return "".join(_run(run) for run in part["elements"])


def _run(run: Mapping[str, Any]) -> str:
    if run["type"] in {"user", "usergroup"}:
        return f'<span class="user">@{escape(run.get("user_id") or run["usergroup_id"])}</span>'
    text = escape(run["text"])
    if run["type"] == "link":
        text = f'<a href="{escape(run["url"])}">{text}</a>'
    return f"<b>{text}</b>" if (run.get("style") or {}).get("bold") else text


def _element(element: Mapping[str, Any] | None) -> str:
    if not element:
        return ""
    if element["type"] == "feedback_buttons":
        names = ("positive_button", "negative_button")
        return "".join(
            f"<button title='{_plain(element[n]['text'])}'>{icon}</button>"
            for n, icon in zip(names, "👍👎", strict=True)
        )
    if element["type"] == "button":
        return f'<button class="{element.get("style", "")}">{_plain(element["text"])}</button>'
    return ""


def _input(block: Mapping[str, Any]) -> str:
    element = block["element"]
    chosen = [*element.get("initial_options", ()), element.get("initial_option")]
    shown = ", ".join(_plain(one["text"]) for one in chosen if one)
    shown = shown or escape(str(element.get("initial_value", "")))
    shown = shown or escape(", ".join(element.get("initial_users", ())))
    shown = shown or (_plain(element["placeholder"]) if "placeholder" in element else "")
    hint = f'<div class="hint">{_plain(block["hint"])}</div>' if "hint" in block else ""
    return f'<label>{_plain(block["label"])}<div class="field">{shown}</div></label>{hint}'


def _plain(text: Mapping[str, Any]) -> str:
    return escape(text["text"])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(golden()), encoding="utf-8")
