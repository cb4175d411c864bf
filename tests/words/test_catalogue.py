"""The catalogues: the template holds every text of the source, and no translation says something else."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from kurs.words import language
from kurs.words.catalogue import (
    SOURCE,
    TEMPLATE,
    CatalogueError,
    extract,
    faults,
    missing,
    read,
    start,
    template,
    texts_of,
    update,
    write,
)
from kurs.words.filling import fill, isolated, placeholders
from kurs.words.texts import CATALOGUES, understood

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


PATHS = sorted(CATALOGUES.glob("*.po"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_translations_say_what_the_texts_say(path: Path) -> None:
    assert faults(read(path)) == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_no_text_lacks_a_translation(path: Path) -> None:
    catalog = read(path)
    assert texts_of(catalog) == texts_of(read(CATALOGUES / TEMPLATE)), "run: make words"
    assert missing(catalog) == []


def test_polish_swedish_and_persian_are_there() -> None:
    assert [path.stem for path in PATHS] == ["fa", "pl", "sv"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_we_read_a_catalogue_as_babel_does(path: Path) -> None:
    catalog = read(path)
    ours = understood(path.read_text("utf-8"))
    theirs: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        if message.id and not message.fuzzy and message.string and all(message.string):
            msgid = message.id if isinstance(message.id, str) else message.id[0]
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
            theirs[f"{message.context}\4{msgid}" if message.context else msgid] = forms
    assert ours.sayings == theirs
    assert {ours.plural_form(n) for n in range(1000)} == set(range(catalog.num_plurals))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_translation_can_be_filled(path: Path) -> None:
    def filled(text: str) -> str:
        return fill(isolated(text), dict.fromkeys(placeholders(text), "x"), str)

    for message in read(path):
        originals = [message.id] if isinstance(message.id, str) else message.id
        for form in [message.string] if isinstance(message.string, str) else message.string:
            if message.id and form:
                assert filled(form).count("{") == filled(originals[0]).count("{"), form
                assert placeholders(isolated(form)) == placeholders(form)


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
    update(folder)
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
    update(folder)
    polish = language("pl", folder)
    assert polish.say("Marked in two parts") == "Zaznaczone"
    assert polish.say("Told of a file {name}", name="x") == "Told of a file x"  # a guess is not shown


def test_a_language_is_not_started_twice(source: Path, folder: Path) -> None:
    extract(folder, source)
    start("pl", folder)
    with pytest.raises(CatalogueError, match=r"pl\.po"):
        start("pl", folder)


def test_only_a_finished_translation_is_one() -> None:
    catalog = Catalog(locale="sv", fuzzy=False)
    catalog.add("done", "klart")
    catalog.add("empty")
    catalog.add("guessed", "gissat", flags=["fuzzy"])
    catalog.add(("{n} row", "{n} rows"), ("{n} rad", ""))
    assert missing(catalog) == ["empty", "guessed", "{n} row"]


def _faults_of(locale: str, text: str | tuple[str, str], said: str | tuple[str, ...]) -> list[str]:
    catalog = Catalog(locale=locale, fuzzy=False)
    catalog.add(text, said)
    return [fault.split(": ")[1] for fault in faults(catalog)]


def test_a_translation_says_each_value_of_its_text() -> None:
    assert _faults_of("sv", "{a} here", "här {a}") == []
    assert _faults_of("sv", "{a} here", "{b} här") == [
        "{b} is not in the text",
        "{a} of the text is not said",
    ]


def test_each_plural_form_is_there_and_says_each_value() -> None:
    rows = ("{n} row of {t}", "{n} rows of {t}")
    assert _faults_of("sv", rows, ("en rad av {t}", "{n} rader av {t}")) == []  # "one" says the number
    assert _faults_of("sv", rows, ("{n} rad av {t}", "{n} rader")) == ["{t} of the text is not said"]
    assert _faults_of("pl", rows, ("{n} wiersz {t}", "{n} wiersze {t}")) == ["3 plural forms are needed"]


def test_what_translators_tools_write_is_understood() -> None:
    po = """
msgid ""
msgstr ""
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : "
"2);\\n"

# a remark that says fuzzy
#: a.py
#, python-brace-format
msgctxt "stage"
msgid "Reach"
msgstr "Dotarcie"

#, fuzzy, python-brace-format
#| msgid "an older text"
msgid "a guess"
msgstr "domysł"

msgid ""
"two \\"lines\\"\\n"
"and a \\\\n"
msgstr "dwa\\t\\"wiersze\\""

#~ msgid "gone"
#~ msgstr "było"

msgid "{n} row"
msgid_plural "{n} rows"
msgstr[0] "{n} wiersz"
msgstr[1] "{n} wiersze"
msgstr[2] "{n} wierszy"
"""
    texts = understood(po)
    assert texts.sayings == {
        "stage\4Reach": ("Dotarcie",),
        'two "lines"\nand a \\n': ('dwa\t"wiersze"',),
        "{n} row": ("{n} wiersz", "{n} wiersze", "{n} wierszy"),
    }
    assert [texts.say_plural("{n} row", "{n} rows", n) for n in (1, 22, 12)] == [
        "{n} wiersz",
        "{n} wiersze",
        "{n} wierszy",
    ]
