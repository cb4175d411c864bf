"""Make the catalogues: `python -m kurs.words.catalogue extract | start LANGUAGE | compile`.

`extract` writes kurs.pot from all texts in the source and brings each .po up to date; `start` opens a
new language; `compile` checks the translations and writes the .mo files that are read at run time.
The catalogues live beside this file and carry no dates, so that they change only with the texts.
"""

import argparse
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from kurs.words.filling import placeholders
from kurs.words.texts import CATALOGUES

SOURCE = Path(__file__).resolve().parents[1]
TEMPLATE = "kurs.pot"
KEYWORDS = {"say": (1,), "say_plural": (1, 2), "N_": (1,), "P_": ((1, "c"), 2)}
_CHANGING_HEADERS = (b'"POT-Creation-Date', b'"Generated-By')


class CatalogueError(Exception):
    """A translation that would say something else than the text: one line for each."""


def template(source: Path = SOURCE) -> Catalog:
    """All texts of the source, with their contexts and the files that they stand in."""
    catalog = Catalog(
        project="kurs",
        charset="utf-8",
        header_comment="# The texts of kurs. Written by: python -m kurs.words.catalogue extract",
    )
    found = extract_from_dir(
        source,
        [("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for file, _, message, comments, context in found:
        catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalog


def texts_of(catalog: Catalog) -> frozenset[tuple[str | None, str | tuple[str, ...]]]:
    """The contexts and texts of a catalogue, without its header."""
    return frozenset(
        (message.context, message.id if isinstance(message.id, str) else tuple(message.id))
        for message in catalog
        if message.id
    )


def read(path: Path) -> Catalog:
    """A catalogue from its file; the language is the file's name, none for the template."""
    locale = None if path.suffix == ".pot" else path.stem
    with path.open("rb") as stream:
        return read_po(stream, locale=locale, abort_invalid=True)


def write(catalog: Catalog, path: Path) -> None:
    """A catalogue as text, sorted, without line numbers and dates, which would change with every edit."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=100, sort_output=True, include_lineno=False, ignore_obsolete=True)
    lines = buffer.getvalue().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not line.startswith(_CHANGING_HEADERS)))


def extract(folder: Path = CATALOGUES, source: Path = SOURCE) -> list[Path]:
    """Write the template from the source, and bring the catalogues of all languages up to date."""
    texts = template(source)
    written = [folder / TEMPLATE]
    write(texts, written[0])
    for path in sorted(folder.glob("*.po")):
        catalog = read(path)
        catalog.update(texts)
        write(catalog, path)
        written.append(path)
    return written


def start(language: str, folder: Path = CATALOGUES) -> Path:
    """Open the catalogue of a new language ("pl", "pt_BR"), with all its texts still empty."""
    path = folder / f"{language}.po"
    if path.exists():
        raise CatalogueError(f"{path.name} is there already")
    catalog = Catalog(locale=language, project="kurs", charset="utf-8", fuzzy=False)
    catalog.update(read(folder / TEMPLATE))
    write(catalog, path)
    return path


def compiled(catalog: Catalog) -> bytes:
    """The catalogue in gettext's binary form; raises CatalogueError for wrong placeholders or plurals."""
    wrong = [line for message in catalog if message.id for line in _faults(message, catalog)]
    if wrong:
        raise CatalogueError("\n".join(wrong))
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def compile_all(folder: Path = CATALOGUES) -> list[Path]:
    """Write the binary form of each language's catalogue beside it."""
    written: list[Path] = []
    for path in sorted(folder.glob("*.po")):
        target = path.with_suffix(".mo")
        target.write_bytes(compiled(read(path)))
        written.append(target)
    return written


def _faults(message: Message, catalog: Catalog) -> list[str]:
    """What is wrong with one translation: a placeholder too many, or a plural form too few."""
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    translations = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if message.fuzzy or not any(translations):
        return []
    faults = [
        f"{catalog.locale}: {{{name}}} is not in the text: {originals[0]!r}"
        for translation in translations
        for name in sorted(placeholders(translation) - placeholders(" ".join(originals)))
    ]
    if len(originals) > 1 and not (all(translations) and len(translations) == catalog.num_plurals):
        faults.append(f"{catalog.locale}: {catalog.num_plurals} plural forms are needed: {originals[0]!r}")
    return faults


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands and name the files that it wrote."""
    parser = argparse.ArgumentParser(prog="python -m kurs.words.catalogue", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("extract")
    commands.add_parser("compile")
    commands.add_parser("start").add_argument("language")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "extract":
            written = extract()
        elif chosen.command == "start":
            written = [start(chosen.language)]
        else:
            written = compile_all()
    except CatalogueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{path.name}\n" for path in written))
    return 0


if __name__ == "__main__":
    sys.exit(main())
