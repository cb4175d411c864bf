"""The catalogues: the template holds every text of the source, and no translation says something else."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from kurs.words import language
from kurs.words.catalogue import (
    SOURCE,
    TEMPLATE,
    CatalogueError,
    compile_all,
    compiled,
    extract,
    read,
    start,
    template,
    texts_of,
    write,
)
from kurs.words.filling import fill, placeholders
from kurs.words.texts import CATALOGUES

ROOM = """
from kurs.words import N_, P_
TEXT = N_("Marked "
          "in two parts")
LABEL = P_("stage", "Reach")
def show(lang, n, name):
    # Translators: the name of a file
    lang.say("Said of {name}", name=name)
    lang.say(name)
    lang.say_plural("{n} file", "{n} files", n)
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    room = tmp_path / "src" / "room"
    room.mkdir(parents=True)
    (room / "words_of_room.py").write_text(ROOM, "utf-8")
    return tmp_path / "src"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "catalogues"
    made.mkdir()
    return made


def test_the_template_is_up_to_date() -> None:
    kept, now = texts_of(read(CATALOGUES / TEMPLATE)), texts_of(template(SOURCE))
    assert kept == now, "run: python -m kurs.words.catalogue extract"


def test_each_catalogue_is_compiled() -> None:
    paths = sorted(CATALOGUES.glob("*.po"))
    stale = [path.name for path in paths if path.with_suffix(".mo").read_bytes() != compiled(read(path))]
    assert stale == [], "run: python -m kurs.words.catalogue compile"


def test_every_text_can_be_filled() -> None:
    found = [[ids] if isinstance(ids, str) else ids for _, ids in texts_of(template(SOURCE))]
    texts = [text for ids in found for text in ids]
    assert len(texts) > 100
    for text in texts:
        filled = fill(text, dict.fromkeys(placeholders(text), "x"), str)
        assert "{" not in filled.replace("${", "").replace("' { }", ""), text


def test_marked_and_said_texts_are_found(source: Path) -> None:
    found = template(source)
    assert texts_of(found) == {
        (None, "Marked in two parts"),
        ("stage", "Reach"),
        (None, "Said of {name}"),
        (None, ("{n} file", "{n} files")),
    }
    said = found.get("Said of {name}")
    assert said is not None
    assert said.auto_comments == ["the name of a file"]
    assert said.locations == [("room/words_of_room.py", 0)]


def test_extracting_twice_changes_nothing(source: Path, folder: Path) -> None:
    extract(folder, source)
    start("pl", folder)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    extract(folder, source)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert b"Date" not in before[folder / TEMPLATE].replace(b"PO-Revision-Date", b"")


def test_a_changed_text_keeps_the_other_translations(source: Path, folder: Path) -> None:
    extract(folder, source)
    catalog = read(start("pl", folder))
    for text, translation in (("Said of {name}", "O {name}"), ("Marked in two parts", "Zaznaczone")):
        message = catalog.get(text)
        assert message is not None
        message.string = translation
    write(catalog, folder / "pl.po")
    file = source / "room" / "words_of_room.py"
    file.write_text(ROOM.replace("Said of {name}", "Told of a file {name}"), "utf-8")
    extract(folder, source)
    compile_all(folder)
    polish = language("pl", folder)
    assert polish.say("Marked in two parts") == "Zaznaczone"
    assert polish.say("Told of a file {name}", name="x") == "Told of a file x"  # a guess is not shown


def test_a_language_is_not_started_twice(source: Path, folder: Path) -> None:
    extract(folder, source)
    start("pl", folder)
    with pytest.raises(CatalogueError, match=r"pl\.po"):
        start("pl", folder)


def test_a_placeholder_too_many_is_refused() -> None:
    catalog = Catalog(locale="sv", fuzzy=False)
    catalog.add("{a} here", "{b} här")
    with pytest.raises(CatalogueError, match=r"\{b\} is not in the text"):
        compiled(catalog)


def test_a_placeholder_less_is_a_translators_choice() -> None:
    catalog = Catalog(locale="sv", fuzzy=False)
    catalog.add(("{n} row", "{n} rows"), ("en rad", "{n} rader"))
    assert compiled(catalog)


def test_a_plural_form_too_few_is_refused() -> None:
    catalog = Catalog(locale="pl", fuzzy=False)
    catalog.add(("{n} row", "{n} rows"), ("{n} wiersz", "{n} wiersze"))
    with pytest.raises(CatalogueError, match="3 plural forms"):
        compiled(catalog)
