from __future__ import annotations

from pathlib import Path

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    create_string_object,
)

from ingest.held import Budget, Held
from ingest.parsers.pdf_attachments import unpack
from ingest.unpack import Unpacker


def held(path: Path, folder: Path) -> Held:
    folder.mkdir()
    into = Unpacker(folder, Budget(), path.stat().st_size)
    unpack(path, into)
    return into.held()


def pin(writer: PdfWriter, name: str) -> None:
    """Pin the last file that was attached to the first page, and take it off the list."""
    names = writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"]  # type: ignore[index]
    specification = names.pop()
    names.pop()
    specification.get_object()[NameObject("/UF")] = create_string_object(name)
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/FileAttachment"),
            NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (0, 0, 9, 9)]),
            NameObject("/FS"): specification,
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])


def test_listed_and_pinned_files_are_taken(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("figures.csv", b"country,officials\nMali,4\n")
    writer.add_attachment("pinned.txt", b"Words behind a pin.")
    pin(writer, "pinned.txt")
    writer.encrypt("", owner_password="owner")  # noqa: S106 - opens without one
    path = tmp_path / "report.pdf"
    writer.write(path)
    found = held(path, tmp_path / "out")
    assert [member.name for member in found.members] == ["figures.csv", "pinned.txt"]
    assert (tmp_path / "out" / "0.csv").read_bytes() == b"country,officials\nMali,4\n"
    assert (tmp_path / "out" / "1.txt").read_bytes() == b"Words behind a pin."


def test_a_file_that_is_no_pdf_brings_nothing(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\n/EmbeddedFile nothing more")
    assert held(path, tmp_path / "out") == Held()
