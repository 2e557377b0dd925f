from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import ManifestError
from ingest.manifest import Manifest, Overrides, find_manifest, is_manifest, load, strictest
from ingest.types import AccessLevel, Metadata, SourceFile

RESTRICTED = AccessLevel.RESTRICTED
HEADER = "file,title,year,kind,languages,countries,publisher,access,groups,source_url"
READ = Metadata(title="Read", year=2001, kind="report", languages=("en",), publisher=("IOM",))


def write(folder: Path, text: str, name: str = "manifest.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def rows(folder: Path, *lines: str, header: str = HEADER) -> Path:
    return write(folder, "\n".join([header, *lines]) + "\n")


def source(folder: Path, file: str) -> SourceFile:
    return SourceFile(path=folder / file, root=folder, file=file)


def test_a_row_overrides_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    path = rows(
        tmp_path,
        'a.pdf,"A guide, revised",2017,Guideline,en;fr, Moldova ; Serbia ,IOM;UNDP,'
        "restricted,board;staff,https://example.org/a",
        "b.pdf,,,,,,,,,",
    )
    manifest = load(path)
    assert manifest.warnings == ()
    applied = manifest.entries["a.pdf"].apply(READ)
    assert {why.place for why in applied.why} == {"manifest"}
    assert replace(applied, why=()) == Metadata(
        title="A guide, revised",
        year=2017,
        kind="guideline",
        languages=("en", "fr"),
        countries=("Moldova", "Serbia"),
        publisher=("IOM", "UNDP"),
        access=AccessLevel.RESTRICTED,
        groups=("board", "staff"),
        source_url="https://example.org/a",
    )
    assert manifest.entries["b.pdf"] == Overrides()
    assert manifest.entries["b.pdf"].apply(READ) == READ


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiters_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = delimiter.join(["file", "title", "year"]) + "\r\n"
    text += delimiter.join(["é.pdf", "Résumé", "2020"]) + "\r\n"
    manifest = load(write(tmp_path, text, encoding=encoding))
    assert manifest.entries == {"é.pdf": Overrides(title="Résumé", year=2020)}


def test_yaml_as_a_list_and_as_a_mapping_say_the_same(tmp_path: Path) -> None:
    listed = "- file: a.pdf\n  year: 2017\n  languages: [en, fr]\n  access: internal\n"
    mapped = "a.pdf:\n  year: 2017\n  languages: en;fr\n  access: internal\n"
    said = Overrides(year=2017, languages=("en", "fr"), access=AccessLevel.INTERNAL)
    for name, text in (("manifest.yaml", listed), ("manifest.yml", mapped)):
        assert load(write(tmp_path, text, name)).entries == {"a.pdf": said}


def test_all_mistakes_are_reported_together_with_row_and_column(tmp_path: Path) -> None:
    path = rows(
        tmp_path,
        "a.pdf,A,20l7,,en,,,public,,",
        "b.pdf,B,2017,,English,,,publik,,",
        ",C,1850,,,,,,,",
        "a.pdf,again,,,,,,,,",
        "d.pdf,One, two,three,en,,,public,,,too many",
        "e.pdf,,,,,,,public,board,",
    )
    with pytest.raises(ManifestError, match="nothing of it was used") as caught:
        load(path)
    text = str(caught.value)
    for expected in (
        "manifest.csv, row 2, column 'year': '20l7' is not a year between 1900 and 2100",
        "manifest.csv, row 3, column 'languages': 'english' is not an ISO 639-1 code",
        "manifest.csv, row 3, column 'access': 'publik' is none of public, internal, restricted;"
        " did you mean 'public'?",
        "manifest.csv, row 4, column 'file': the cell is empty",
        "manifest.csv, row 4, column 'year': '1850'",
        "manifest.csv, row 5, column 'file': 'a.pdf' stands in row 2 already",
        "manifest.csv, row 6: it has 11 cells and the header 10",
        "manifest.csv, row 7, column 'groups': groups are named, so column 'access' must say",
    ):
        assert expected in text


def test_many_mistakes_are_counted(tmp_path: Path) -> None:
    path = rows(tmp_path, *(f"{n}.pdf,,x,,,,,,," for n in range(80)))
    with pytest.raises(ManifestError, match=r"80 mistakes(.|\n)*… and 30 more"):
        load(path)


def test_a_missing_file_column_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="there is no column 'file'"):
        load(write(tmp_path, "name,title\na.pdf,A\n"))


def test_an_unknown_column_is_a_warning_that_names_the_nearest(tmp_path: Path) -> None:
    manifest = load(write(tmp_path, "file,countrys,colour\na.pdf,Moldova,red\n"))
    assert manifest.entries == {"a.pdf": Overrides()}
    near, far = manifest.warnings
    assert "'countrys' is not known and is passed over; did you mean 'countries'?" in near
    assert "'colour' is not known and is passed over (known: file, title" in far


@pytest.mark.parametrize("column", ["acess", "Acces", "group"])
def test_a_misspelt_column_about_access_is_a_mistake(tmp_path: Path, column: str) -> None:
    with pytest.raises(ManifestError, match=r"did you mean '(access|groups)'"):
        load(write(tmp_path, f"file,{column}\na.pdf,restricted\n"))


def test_a_column_twice_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="column 'year' stands there 2 times"):
        load(write(tmp_path, "file,year,year\na.pdf,2001,2002\n"))


def test_restricted_without_groups_is_allowed(tmp_path: Path) -> None:
    said = load(rows(tmp_path, "a.pdf,,,,,,,Restricted,,")).entries["a.pdf"]
    assert said == Overrides(access=AccessLevel.RESTRICTED)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("manifest.csv", 'file,title\na.pdf,"never closed\n', "is not CSV"),
        ("manifest.yaml", "a: [1, 2", "is not YAML"),
        ("manifest.yaml", "just words", "expected a list of mappings"),
        ("manifest.yaml", "- file: a.pdf\n  year: 2017-13-45\n", "is not YAML"),
        ("manifest.yaml", "- file: a.pdf\n  title: {a: b}\n", "must be text or a list"),
        ("manifest.yaml", "a.pdf: {year: 2001}\na.pdf: {year: 2002}\n", "more than once"),
        ("manifest.yaml", "- file: a.pdf\n- words\n", "entry 2: it is not a mapping"),
        ("manifest.yaml", "[" * 1500, "is not YAML"),
        (
            "manifest.yaml",
            "- file: a.pdf\n  x: !!python/object/apply:os.getcwd []\n",
            "is not YAML",
        ),
        ("manifest.csv", "", "there is no column 'file'"),
    ],
)
def test_a_broken_manifest_says_what_is_wrong(
    tmp_path: Path, name: str, text: str, expected: str
) -> None:
    with pytest.raises(ManifestError, match=expected):
        load(write(tmp_path, text, name))


def test_a_manifest_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        load(tmp_path / "manifest.csv")


def test_a_file_is_found_by_its_place_beside_the_manifest(tmp_path: Path) -> None:
    manifest = load(rows(tmp_path, "iom/a.pdf,By place,,,,,,,,", "a.pdf,By name,,,,,,,,"))
    by_place = manifest.find(tmp_path / "iom" / "a.pdf", "a.pdf")
    elsewhere = manifest.find(Path("/elsewhere/a.pdf"), "a.pdf")
    assert by_place is not None
    assert by_place.title == "By place"
    assert elsewhere is not None
    assert elsewhere.title == "By name"
    assert manifest.find(tmp_path / "b.pdf", "b.pdf") is None


def test_names_are_compared_in_nfc_and_with_forward_slashes(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "été/résumé.pdf")
    manifest = load(rows(tmp_path, "./été\\résumé.pdf,T,,,,,,,,"))
    assert manifest.find(tmp_path / decomposed, decomposed) == Overrides(title="T")


def test_case_does_not_count_unless_it_must(tmp_path: Path) -> None:
    manifest = load(rows(tmp_path, "A.pdf,one,,,,,,,,", "a.pdf,two,,,,,,,,", "B.pdf,b,,,,,,,,"))
    assert manifest.find(tmp_path / "b.PDF", "b.PDF") == Overrides(title="b")
    assert manifest.find(tmp_path / "a.pdf", "a.pdf") == Overrides(title="two")
    assert manifest.find(tmp_path / "a.PDF", "a.PDF") is None


def test_unmatched_names_are_listed_in_order(tmp_path: Path) -> None:
    manifest = load(rows(tmp_path, "c.pdf,,,,,,,,,", "a.pdf,,,,,,,,,", "b.pdf,,,,,,,,,"))
    assert manifest.unmatched([source(tmp_path, "A.PDF")]) == ["c.pdf", "b.pdf"]
    assert manifest.unmatched([source(tmp_path, f"{n}.pdf") for n in "abc"]) == []


def test_overrides_survive_json() -> None:
    said = Overrides(
        title="T", year=2017, countries=("Moldova",), access=AccessLevel.RESTRICTED, groups=("a",)
    )
    stored = json.loads(json.dumps(said.to_json()))
    assert Overrides.from_json(stored) == said
    assert Overrides.from_json({}) == Overrides()
    assert Overrides.from_json({"later": 1, "title": None}) == Overrides()


def test_find_manifest_takes_one_with_a_file_column(tmp_path: Path) -> None:
    assert find_manifest(tmp_path) is None
    write(tmp_path, "name,age\nx,3\n")
    assert find_manifest(tmp_path) is None
    other = write(tmp_path, "name: a package\nversion: 2\n", "manifest.yaml")
    assert find_manifest(tmp_path) is None
    other.write_text("a.pdf: {year: 2001}\n", "utf-8")
    assert find_manifest(tmp_path) == other
    ours = rows(tmp_path)
    assert find_manifest(tmp_path) == ours


def test_a_broken_manifest_is_found_so_that_it_is_not_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path, 'file\n"never closed\n')
    assert find_manifest(tmp_path) == path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("manifest.csv", True),
        ("Manifest.YAML", True),
        ("manifest.yml", True),
        ("manifest.json", True),
        ("manifest.pdf", False),
        ("my-manifest.csv", False),
    ],
)
def test_is_manifest(name: str, expected: bool) -> None:
    assert is_manifest(Path("/x") / name) is expected


@pytest.mark.shared
def test_the_programme_s_manifest(shared_data: Path) -> None:
    folder = shared_data.resolve() / "programme"  # as a walk gives it
    manifest = load(folder / "manifest.csv")
    assert isinstance(manifest, Manifest)
    assert manifest.warnings == ()
    said = manifest.find(
        folder / "iom" / "aap-management-response-2025.docx", "aap-management-response-2025.docx"
    )
    assert said is not None
    assert said.access is AccessLevel.INTERNAL
    files = [path for path in folder.rglob("*") if path.is_file() and not is_manifest(path)]
    assert (
        manifest.unmatched([source(folder, p.relative_to(folder).as_posix()) for p in files]) == []
    )


def test_a_file_in_another_has_what_is_said_of_the_other() -> None:
    holder = Overrides(
        title="The archive", year=2020, languages=("fr",), access=RESTRICTED, groups=("hr",)
    )
    assert Overrides().within(holder) == Overrides(year=2020, access=RESTRICTED, groups=("hr",))
    own = Overrides(title="Own", year=2021, access=AccessLevel.PUBLIC)
    assert own.within(holder) == own
    assert own.within(None) == own
    closer = Overrides(access=RESTRICTED)
    assert closer.within(holder) == Overrides(year=2020, access=RESTRICTED)


def test_the_strictest_of_several() -> None:
    internal = Overrides(title="T", access=AccessLevel.INTERNAL)
    one = Overrides(access=RESTRICTED, groups=("hr", "board"))
    other = Overrides(access=RESTRICTED, groups=("board", "haiti"))
    assert strictest([]) == strictest([Overrides(title="T")]) == Overrides()
    assert strictest([Overrides(access=AccessLevel.PUBLIC), internal]) == Overrides(
        access=AccessLevel.INTERNAL
    )
    assert strictest([internal, one, other]) == Overrides(access=RESTRICTED, groups=("board",))
