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


#: A PDF that anybody may read and whose attached file nobody may without a password.
LOCKED = b"""%PDF-1.6
1 0 obj <</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(plan.txt) 4 0 R]>>>>>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>> endobj
4 0 obj <</Type/Filespec/F(plan.txt)/UF(plan.txt)/EF<</F 5 0 R>>>> endobj
5 0 obj <</Type/EmbeddedFile/Length 16>> stream
0123456789abcdef
endstream endobj
6 0 obj <</Filter/Standard/V 4/R 4/Length 128/P -44/StmF/Identity/StrF/Identity/EFF/StdCF
/CF<</StdCF<</AuthEvent/EFOpen/CFM/AESV2/Length 16>>>>
/O<0000000000000000000000000000000000000000000000000000000000000000>
/U<0000000000000000000000000000000000000000000000000000000000000000>>> endobj
trailer <</Root 1 0 R/Encrypt 6 0 R/ID[<00><00>]/Size 7>>
%%EOF
"""


def test_a_file_that_needs_a_password_is_refused_with_that_reason(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(LOCKED)
    (member,) = held(path, tmp_path / "out").members
    assert member.name == "plan.txt"
    assert "needs a password" in member.reason
    assert not list((tmp_path / "out").iterdir())
