"""Make the catalogues: `python -m kurs.words.catalogue extract | update | check | start LANGUAGE`.

`extract` writes kurs.pot from all texts in the source; `update` brings each .po up to date with it, and keeps
its translations; `check` says what they lack; `start` opens a new language. The .po files beside this file
are read at run time as they are. They carry no dates, so that they change only with the texts.
"""

import argparse
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import yaml
from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from kurs.words.filling import placeholders
from kurs.words.texts import CATALOGUES

SOURCE = Path(__file__).resolve().parents[1]
TEMPLATE = "kurs.pot"
KEYWORDS = {"say": (1,), "say_plural": (1, 2), "N_": (1,), "P_": ((1, "c"), 2)}
# What gettext's tools put at the head of a file: dates that change, and names that git knows better.
_HEADERS_LEFT_OUT = tuple(
    f'"{name}:'.encode()
    for name in (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        "Last-Translator",
        "Language-Team",
        "Report-Msgid-Bugs-To",
        "Project-Id-Version",
    )
)


# Babel says that Persian has one form. CLDR has two: nouns do not change behind a number, but verbs may.
_PLURALS = {"fa": "nplurals=2; plural=(n > 1);"}


class CatalogueError(Exception):
    """A command that cannot be done."""


def template(source: Path = SOURCE) -> Catalog:
    """All texts of the source, with their contexts and the files that they stand in."""
    catalog = Catalog(
        project="kurs",
        charset="utf-8",
        header_comment="# The texts of kurs. Written by: python -m kurs.words.catalogue extract",
    )
    found = extract_from_dir(
        source,
        [("**.py", "python"), ("**.html", "jinja2")],
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for file, _, message, comments, context in found:
        catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    for path in sorted((source / "catalogue").glob("*.yaml")):
        for text in _texts_of_standard_kpis(path):
            catalog.add(text, locations=[(path.relative_to(source).as_posix(), 0)])
    return catalog


def _texts_of_standard_kpis(path: Path) -> Iterator[str]:
    """The texts of a file of the catalogue of standard KPIs, which are data and not marked in code."""
    entries: dict[str, dict[str, str | list[str]]] = yaml.safe_load(path.read_text("utf-8"))
    for entry in entries.values():
        for key in ("label", "definition", "dialects", "caveats"):
            texts = entry.get(key, ())
            yield from [texts] if isinstance(texts, str) else texts


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
    path.write_bytes(b"".join(line for line in lines if not line.startswith(_HEADERS_LEFT_OUT)))


def extract(folder: Path = CATALOGUES, source: Path = SOURCE) -> Path:
    """Write the template from the source."""
    write(template(source), folder / TEMPLATE)
    return folder / TEMPLATE


def update(folder: Path = CATALOGUES) -> list[Path]:
    """Bring the catalogues of all languages up to date with the template.

    A new text is empty, or has the translation of a text that is much like it as a guess (fuzzy), which
    nobody is shown; what the source does not say any more is taken out.
    """
    texts = read(folder / TEMPLATE)
    paths = sorted(folder.glob("*.po"))
    for path in paths:
        catalog = read(path)
        catalog.update(texts)
        write(catalog, path)
    return paths


def start(language: str, folder: Path = CATALOGUES) -> Path:
    """Open the catalogue of a new language ("pl", "pt_BR"), with all its texts still empty."""
    path = folder / f"{language}.po"
    if path.exists():
        raise CatalogueError(f"{path.name} is there already")
    name = Locale.parse(language).english_name
    comment = f"# The texts of kurs in {name}; CONTRIBUTING.md says how to translate them."
    catalog = Catalog(locale=language, header_comment=comment, charset="utf-8", fuzzy=False)
    if language in _PLURALS:
        catalog.mime_headers = [("Plural-Forms", _PLURALS[language])]
    catalog.update(read(folder / TEMPLATE))
    write(catalog, path)
    return path


def missing(catalog: Catalog) -> list[str]:
    """The texts of a catalogue that have no translation, or only a guess."""
    return [
        _originals(message)[0]
        for message in catalog
        if message.id and (message.fuzzy or not all(_translations(message)))
    ]


def faults(catalog: Catalog) -> list[str]:
    """The translations that say something else than their texts, or lack a plural form: a line for each."""
    return [line for message in catalog if message.id for line in _faults(message, catalog)]


def _faults(message: Message, catalog: Catalog) -> list[str]:
    """What is wrong with one translation: a placeholder too many or too few, a plural form too few."""
    originals, translations = _originals(message), _translations(message)
    if message.fuzzy or not any(translations):
        return []
    asked = placeholders(" ".join(originals))
    # "One row" may stand for "1 row".
    needed = asked - {"n"} if len(originals) > 1 else asked
    said = [placeholders(translation) for translation in translations]
    strange = sorted({name for names in said for name in names - asked})
    absent = sorted({name for names in said for name in needed - names})
    lines = [f"{{{name}}} is not in the text" for name in strange]
    lines += [f"{{{name}}} of the text is not said" for name in absent]
    if len(originals) > 1 and not (all(translations) and len(translations) == catalog.num_plurals):
        lines.append(f"{catalog.num_plurals} plural forms are needed")
    return [f"{catalog.locale}: {line}: {originals[0]!r}" for line in lines]


def _originals(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def _translations(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ("",))


def check(folder: Path = CATALOGUES) -> tuple[str, list[str]]:
    """What each language has and lacks, as a report; and all faults."""
    lines: list[str] = []
    wrong: list[str] = []
    for path in sorted(folder.glob("*.po")):
        catalog = read(path)
        lacking = missing(catalog)
        lines.append(f"{path.stem}: {len(texts_of(catalog))} texts, {len(lacking)} without a translation")
        lines += [f"  {text!r}" for text in lacking]
        wrong += faults(catalog)
    return "".join(f"{line}\n" for line in [*lines, *wrong]), wrong


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands; 1 where it cannot be done, or `check` finds a fault."""
    parser = argparse.ArgumentParser(prog="python -m kurs.words.catalogue", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("extract")
    commands.add_parser("update")
    commands.add_parser("check")
    commands.add_parser("start").add_argument("language")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "check":
            report, wrong = check()
            sys.stdout.write(report)
            return 1 if wrong else 0
        if chosen.command == "update":
            written = update()
        else:
            written = [extract() if chosen.command == "extract" else start(chosen.language)]
    except CatalogueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{path.name}\n" for path in written))
    return 0


if __name__ == "__main__":
    sys.exit(main())
