"""mmsearch receipt and mmsearch gaps: what was answered, and what could not be."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from rich.console import Console

from index.types import KEEPER
from mmsearch.commands.output import console, styled, write_json
from mmsearch.journal.shapes import gap_shape, gaps_sheet, receipt_shape
from mmsearch.journal.similar import group
from mmsearch.journal.types import Gap, GapState, Receipt, ReceiptPassage, Recording
from mmsearch.opening import open_journal, open_knowledge
from mmsearch.phrases.catalogue import say
from mmsearch.settings import Settings

_KEPT = {
    Recording.WITHOUT_TEXT: "Of a question without an answer it is kept that there was one, and "
    "its text where its asker wants that. MMSEARCH_RECORD_QUESTIONS=on keeps all of them.",
    Recording.OFF: "MMSEARCH_RECORD_QUESTIONS is off: questions without an answer are not kept.",
}
_STYLES = {GapState.OPEN: "yellow", GapState.ADDED: "green", GapState.NO_EVIDENCE: "dim"}


def receipt(answer_id: str, settings: Settings, *, as_json: bool) -> int:
    """Show a receipt, compared with the library as it is now."""
    with closing(open_journal(settings)) as journal, open_knowledge(settings) as knowledge:
        found = journal.receipt(answer_id, reader=KEEPER, shelf=knowledge)
    if as_json:
        write_json(receipt_shape(found))
    else:
        _print_receipt(console(), found)
    return 0


def gaps(settings: Settings, *, state: GapState | None, sheet: Path | None, as_json: bool) -> int:
    """List gaps: for people by what they are about, for scripts one a line, or as CSV."""
    with closing(open_journal(settings)) as journal:
        found = journal.gaps(state=state)
    if sheet is not None:
        _write_sheet(sheet, found)
    elif as_json:
        for gap in found:
            write_json(gap_shape(gap))
    else:
        _print_gaps(console(), found, settings.record_questions)
    return 0


def set_state(gap_id: str, state: GapState, note: str, settings: Settings, *, as_json: bool) -> int:
    """Say what became of a gap."""
    with closing(open_journal(settings)) as journal:
        changed = journal.set_gap_state(gap_id, state, note=note)
    if as_json:
        write_json(gap_shape(changed))
    else:
        _print_gap(console(), changed, "")
    return 0


def _write_sheet(path: Path, found: tuple[Gap, ...]) -> None:
    text = gaps_sheet(found)
    if str(path) == "-":
        sys.stdout.write(text)
        return
    # With a mark at the beginning, so that spreadsheets read it as UTF-8.
    path.write_text(text, encoding="utf-8-sig", newline="")
    console(stderr=True).print(f"{len(found)} gaps written to {str(path)!r}")


def _print_gaps(screen: Console, found: tuple[Gap, ...], recording: Recording) -> None:
    if not found:
        screen.print("No gaps.")
    for members in group(found):
        _print_gap(screen, members[0], "")
        for gap in members[1:]:
            _print_gap(screen, gap, "    ")
    if recording is not Recording.ON:
        screen.print(f"\n{_KEPT[recording]}")


def _print_gap(screen: Console, gap: Gap, indent: str) -> None:
    question = gap.question if gap.question is not None else say("question_not_kept")
    state = styled(f"[{gap.state.value}]", _STYLES[gap.state])
    screen.print(styled(f"{indent}{gap.gap_id}"), state, styled(f"{gap.times}×"), styled(question))
    about = f"{gap.reason.value}, {gap.language}, last {gap.last:%Y-%m-%d}"
    screen.print(styled(f"{indent}    {about}", "dim"))
    for name, text in (("missing", gap.missing), ("note", gap.note)):
        if text:
            screen.print(styled(f"{indent}    {name}: {text}"))


def _print_receipt(screen: Console, found: Receipt) -> None:
    language = found.language
    screen.print(styled(found.question or say("question_not_kept", language), "bold"))
    if found.query and found.query != found.question:
        screen.print(styled(say("understood_as", language, query=found.query), "dim"))
    outcome = "answered" if found.answered else "not answered"
    screen.print(
        f"{found.asked:%Y-%m-%d %H:%M} UTC, {outcome}, confidence {found.confidence:.2f}, "
        f"{found.seconds * 1000:.0f} ms, generation {found.generation}\n"
    )
    for sentence in found.sentences:
        marks = "".join(f" [{n}]" for n in sentence.citations)
        screen.print(styled(" ".join(sentence.text.split()) + marks))
    for passage in found.passages:
        _print_passage(screen, passage, language)
    wording = ", ".join(f"{name} {value}" for name, value in found.wording.items() if value)
    if wording:
        screen.print(styled(f"\nlanguage model: {wording}"))
    if found.checks:
        checks = ", ".join(f"{name} {value:g}" for name, value in found.checks.items())
        screen.print(styled(f"\nchecks: {checks}", "dim"))
    screen.print(f"helpful {found.helpful}, not helpful {found.unhelpful}")


def _print_passage(screen: Console, passage: ReceiptPassage, language: str) -> None:
    mark = f"[{passage.n}]" if passage.n else f"near {passage.rank}"
    year = f" ({passage.year})" if passage.year else ""
    where = say("page", language, number=passage.page) if passage.page else ""
    state = say(f"passage_{passage.state.value}", language)
    screen.print(styled(f"\n{mark} {passage.title}{year} {where}: {state}"))
    screen.print(styled(f"    {passage.file}", "dim"))
