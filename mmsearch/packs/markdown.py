"""A pack as Markdown (CommonMark). Pure; text of documents stays text."""

from __future__ import annotations

import re

from mmsearch.packs.outline import Entry, Outline

# Every sign that CommonMark gives a meaning, but for those that only mean something in
# company of these (section 2.4 lets any ASCII punctuation be escaped).
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+=!|~&$-])")
_NUMBERED = re.compile(r"^([^\S\n]*\d+)([.)])", re.MULTILINE)


def markdown(pack: Outline) -> bytes:
    """Write a pack as UTF-8."""
    words = pack.words
    lines = [f"# {_text(pack.name)}", "", f"{pack.date} · <{pack.link}>", ""]
    if pack.note:
        lines += [_text(pack.note), ""]
    lines += [f"## {words['contents']}", ""]
    lines += [
        f"{e.number}. [{_text(e.label.partition(' ')[2])}](#s{e.number})" for e in pack.entries
    ]
    lines.append("")
    for entry in pack.entries:
        lines += _entry(entry, words["note"])
    lines += [f"## {words['sources']}", ""]
    lines += [f"{s.number}. {_text(s.reference)} <{s.link}>" for s in pack.sources]
    return ("\n".join(lines) + "\n").encode()


def _entry(entry: Entry, note: str) -> list[str]:
    lines = [f'<a id="s{entry.number}"></a>', "", f"## {_text(entry.label)}", ""]
    if entry.quote:
        lines += ["> " + line for line in _text(entry.quote).split("\n")]
        lines += ["", f"{_text(entry.reference)} <{entry.link}> [{entry.source}]", ""]
    if entry.remark and entry.remark != entry.heading:
        lines += [f"*{_text(entry.remark)}*", ""]
    if entry.note:
        lines += [f"**{note}:** {_text(entry.note)}", ""]
    return lines


def _text(text: str) -> str:
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))
