"""What names say: a KPI's whether anything, an owner's whether it is one, a segment's where it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.audit.subject import Subject

# Words that can stand before any number at all, in the languages that kurs speaks.
_EMPTY = re.compile(
    r"kpi|kpis|metric|metrics|measure|indicator|number|value|figure|score|index|result|results|performance|success"
    r"|growth|marketing|seo|sem|test|todo|tbd|new|main|key|our|my|the|of|total|overall|general|misc|other"
    r"|miernik|wskaźnik|liczba|wartość|wynik|wyniki|sukces|wzrost|nowy|główny|inne|ogólny|skuteczność"
    r"|mått|nyckeltal|tal|värde|resultat|framgång|tillväxt|ny|nytt|övrigt|allmänt"
    r"|شاخص|ها|های|کلیدی|عدد|مقدار|نتیجه|نتایج|عملکرد|موفقیت|رشد|بازاریابی|آزمایشی|جدید|کلی"
)
_WORD = re.compile(r"[^\W\d_]+")
_AS_KEY = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
_JOINED = re.compile(r"&|/|;|\s(?:\+|and|i|oraz|och|و)\s", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:head|chief|lead|manager|director|officer|vp|owner|dyrektor|kierownik|szef|chef|ansvarig)|مدیر|رئیس"
)
_MANY = re.compile(
    r"\b(?:team|teams|department|everybody|everyone|all|zespół|dział|wszyscy|avdelning\w*|alla)\b|تیم|همه"
)
_LEAST = 4  # letters of a segment's name: of fewer it may be part of anything


def is_empty_name(label: str) -> bool:
    """Say whether a label is written as a key, or has no word that tells one number from another."""
    words = [word.casefold() for word in _WORD.findall(label)]
    return _AS_KEY.fullmatch(label.strip()) is not None or all(_EMPTY.fullmatch(word) for word in words)


def names_of_several(name: str) -> bool:
    """Say whether a person's name is that of several: Anna & Piotr, a team; not the head of two things."""
    folded = name.casefold()
    return not _ROLE.search(folded) and bool(_JOINED.search(folded) or _MANY.search(folded))


def segments_named(subject: Subject) -> list[str]:
    """Return the segments whose own name stands in the label of a KPI, in the same language."""
    label = dict(subject.kpi.label.by_language) if subject.kpi.label is not None else {}
    named: list[str] = []
    for key, segment in subject.project.segments.items():
        called = dict(segment.label.by_language) if segment.label is not None else {"": key.replace("_", " ")}
        if any(_stands_in(text, said) for tag, text in called.items() for said in _like(label, tag)):
            named.append(key)
    return named


def _like(label: dict[str, str], tag: str) -> list[str]:
    """Return the texts to look in: a text without a language speaks any, and is looked for in all."""
    return [text for language, text in label.items() if tag in ("", language) or not language]


def _stands_in(name: str, label: str) -> bool:
    return (
        len(name) >= _LEAST and re.search(rf"\b{re.escape(name.casefold())}\b", label.casefold()) is not None
    )
