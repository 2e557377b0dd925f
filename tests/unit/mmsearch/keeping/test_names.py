import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmsearch.keeping.errors import BadName
from mmsearch.keeping.names import upload_name


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("report.pdf", "report.pdf"),
        ("annex/b/report.pdf", "annex/b/report.pdf"),
        ("../../etc/passwd.txt", "etc/passwd.txt"),
        ("C:\\Users\\me\\report.docx", "Users/me/report.docx"),
        ("/absolute.pdf", "absolute.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("line\nbreak\x00.pdf", "linebreak.pdf"),
        (".hidden/..x./a.pdf", "hidden/x/a.pdf"),
        ("cafe\u0301.txt", "café.txt"),
        ("می‌روم.txt", "می‌روم.txt"),
        ("<img src=x onerror=alert(1)>.html", "<img src=x onerror=alert(1)>.html"),
    ],
)
def test_a_name_is_made_safe_and_stays_readable(given, expected):
    assert upload_name(given) == expected


@pytest.mark.parametrize("name", ["", "..", "///", "\u202e", " . ", "a/manifest.csv", "Thumbs.db"])
def test_what_is_no_name_of_a_document_is_refused(name):
    with pytest.raises(BadName, match=r"name|helper file"):
        upload_name(name)


@given(st.text(max_size=600))
def test_no_name_climbs_hides_or_is_too_long(name):
    try:
        safe = upload_name(name)
    except BadName:
        return
    parts = safe.split("/")
    assert all(part and not part.startswith((".", "~")) for part in parts)
    assert all(len(part.encode()) <= 255 for part in parts)
    assert safe.isprintable() or "\u200c" in safe or "\u200d" in safe
    assert upload_name(safe) == safe
