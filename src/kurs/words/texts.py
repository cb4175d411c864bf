"""Find the compiled catalogues of a language and chain them: pt_BR, then pt, then English."""

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

CATALOGUES = Path(__file__).parent / "catalogues"


@lru_cache(maxsize=64)
def texts(locale: str, folder: Path = CATALOGUES) -> NullTranslations:
    """The texts for a locale such as "pl", "pt_BR" or "zh_Hans"; English where a catalogue lacks one."""
    chain = NullTranslations()
    parts = locale.split("_")
    for length in range(1, len(parts) + 1):
        compiled = folder / f"{'_'.join(parts[:length])}.mo"
        if compiled.is_file():
            with compiled.open("rb") as stream:
                catalogue = GNUTranslations(stream)
            catalogue.add_fallback(chain)
            chain = catalogue
    return chain


def available(folder: Path = CATALOGUES) -> tuple[str, ...]:
    """The languages that have texts, English first."""
    return ("en", *sorted(path.stem for path in folder.glob("*.mo")))
