"""What holds for every parsed document."""

from __future__ import annotations

from ingest.types import BlockKind, ParsedDocument


def check_laws(document: ParsedDocument, *, places: int | None = None) -> None:
    """Check that blocks are in order, never overlap, and leave only white space between them."""
    end = 0
    for block in document.blocks:
        assert end <= block.start < block.end <= len(document.text)
        assert not document.text[end : block.start].strip()
        text = document.text[block.start : block.end]
        assert text == text.strip() != ""
        assert 1 <= block.first <= block.last
        assert (block.kind is BlockKind.HEADING) == (block.level > 0)
        if places is not None:
            assert block.last <= places
        end = block.end
    assert not document.text[end:].strip()
    document.text.encode("utf-8")


def texts(document: ParsedDocument, kind: BlockKind | None = None) -> list[str]:
    """Return the texts of the blocks, or of those of one kind."""
    return [
        document.text[block.start : block.end]
        for block in document.blocks
        if kind is None or block.kind is kind
    ]


def rows_of(document: ParsedDocument) -> list[tuple[str, int, int, str]]:
    """Return kind, level, first place and text of every block."""
    return [
        (block.kind.value, block.level, block.first, document.text[block.start : block.end])
        for block in document.blocks
    ]
