from __future__ import annotations

from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest.errors import EncryptedFile, NoText
from ingest.held import Budget, Held
from ingest.parsers import eml, msg
from ingest.types import BlockKind, ParsedDocument, Unit
from ingest.unpack import Unpacker
from tests.unit.ingest.parsers.laws import check_laws, texts


def mail(body: str = "Hello.") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "Ana Ceban <ana@example.org>", "ion@example.org"
    made["Subject"] = "Réunion à Chișinău"
    made["Date"] = "Mon, 02 Mar 2020 10:00:00 +0200"
    made.set_content(body)
    return made


def write(tmp_path: Path, message: EmailMessage | bytes) -> Path:
    path = tmp_path / "a.eml"
    path.write_bytes(message if isinstance(message, bytes) else message.as_bytes())
    return path


def parsed(path: Path) -> ParsedDocument:
    document = eml.parse(path)
    check_laws(document)
    assert document.unit is Unit.PARAGRAPH
    return document


def held(path: Path, tmp_path: Path) -> Held:
    folder = tmp_path / "out"
    folder.mkdir()
    into = Unpacker(folder, Budget(), 1_000)
    eml.unpack(path, into)
    return into.held()


def test_subject_head_and_body(tmp_path: Path) -> None:
    document = parsed(write(tmp_path, mail("First line\nsecond line.\n\nSecond paragraph.\n")))
    assert texts(document) == [
        "Réunion à Chișinău",
        "From: Ana Ceban <ana@example.org>\nTo: ion@example.org\n"
        "Date: Mon, 02 Mar 2020 10:00:00 +0200",
        "First line\nsecond line.",
        "Second paragraph.",
    ]
    assert [b.first for b in document.blocks] == [1, 2, 3, 4]
    assert document.blocks[0].kind is BlockKind.HEADING
    assert document.properties["created"] == "2020-03-02T10:00:00+02:00"


def test_markup_is_read_where_the_plain_text_says_little(tmp_path: Path) -> None:
    made = mail("See the HTML.")
    made.add_alternative(
        "<p>The plan for <b>2020</b>:</p><ul><li>Train ten officials</li>"
        "<li>Visit the offices in Cahul and Soroca</li></ul><script>alert(1)</script>",
        subtype="html",
    )
    assert texts(parsed(write(tmp_path, made)))[2:] == [
        "The plan for 2020:",
        "Train ten officials",
        "Visit the offices in Cahul and Soroca",
    ]


def test_attachments_are_taken_and_pictures_in_the_text_are_not(tmp_path: Path) -> None:
    made = mail("See below.")
    made.add_related(b"PNG", maintype="image", subtype="png", cid="<logo>")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="../Bilan été.pdf")
    made.add_attachment(b"x", maintype="image", subtype="jpeg", filename="map.jpg")
    made.add_attachment(b"y", maintype="application", subtype="pdf")
    found = held(write(tmp_path, made), tmp_path)
    assert [m.name for m in found.members] == ["Bilan été.pdf", "map.jpg", "attachment 4.pdf"]
    assert found.ignored == ("attachment 1.png",)
    assert (tmp_path / "out" / "0.pdf").read_bytes() == b"%PDF"


def test_a_message_in_a_message_is_a_message(tmp_path: Path) -> None:
    outer = mail("I forward this.")
    outer.add_attachment(mail("The inner words."))
    path = write(tmp_path, outer)
    assert "inner words" not in parsed(path).text
    (inner,) = held(path, tmp_path).members
    assert inner.name == "Réunion à Chișinău.eml"
    assert "The inner words." in eml.parse(tmp_path / "out" / "0.eml").text


def test_a_text_file_is_an_attachment_not_a_body(tmp_path: Path) -> None:
    made = mail("Body.")
    made.add_attachment("Notes of the meeting.", filename="notes.txt")
    path = write(tmp_path, made)
    assert "Notes" not in parsed(path).text
    assert [m.name for m in held(path, tmp_path).members] == ["notes.txt"]


def test_an_old_encoding_without_a_name(tmp_path: Path) -> None:
    raw = b"From: a@example.org\nSubject: x\n\n" + "Возвращение мигрантов в Ош".encode("cp1251")
    assert "Возвращение мигрантов в Ош" in parsed(write(tmp_path, raw)).text


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: =?utf-8?B?////?=\nFrom: =?x?q?\nDate: not a date\n\nText",
        b"Content-Type: multipart/mixed\n\nno boundary, Text",
        b"Content-Type: text/plain; charset=nonsense\nContent-Transfer-Encoding: base64\n\nText",
        b"Content-Type: multipart/mixed; boundary=a\n\n"
        + b"--a\nContent-Type: text/plain\n\nText\n" * 3,
        b"\xff\xfe\x00Text\n\nText",
    ],
)
def test_broken_messages_are_read_as_far_as_they_go(tmp_path: Path, raw: bytes) -> None:
    path = write(tmp_path, raw)
    with suppress(NoText):
        assert parsed(path).text
    held(path, tmp_path)


def test_an_encrypted_message(tmp_path: Path) -> None:
    raw = b"Subject: x\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIAG"
    with pytest.raises(EncryptedFile, match="The message is encrypted"):
        eml.parse(write(tmp_path, raw))


@pytest.mark.shared
def test_outlook_messages(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "torture" / "docling"
    document = msg.parse(folder / "msg_with_attachment.msg")
    check_laws(document)
    assert texts(document)[-1] == "This email contains an attachment."
    assert "Alice Example" in texts(document)[1]
    out = tmp_path / "out"
    out.mkdir()
    into = Unpacker(out, Budget(), 100_000)
    msg.unpack(folder / "msg_with_attachment.msg", into)
    assert [m.name for m in into.held().members] == ["test.txt", "report.pdf"]
