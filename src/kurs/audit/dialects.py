"""What people count in several ways under one name: which of them is meant must stand in words.

Words are looked for by their beginnings, in the languages that kurs speaks; letters are folded first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.project.read_catalogue import catalogue
from kurs.words import language

if TYPE_CHECKING:
    from kurs.audit.rule import Evidence
    from kurs.audit.subject import Subject
    from kurs.model.text import Text


@dataclass(frozen=True, slots=True)
class Dialect:
    """A name that is counted in several ways; each of the ``said`` must be spoken of.

    ``name`` finds it in a key or label; ``not_of`` what makes it another thing. ``said``: a code, whose words
    are a term, and the beginnings of words.
    """

    name: str
    said: tuple[tuple[str, str], ...]
    not_of: str = "(?!)"

    def is_in(self, names: str) -> bool:
        """Say whether folded names speak of it."""
        return re.search(self.name, names) is not None and re.search(self.not_of, names) is None


_CLICKS = r"click|klik|klick|کلیک"
_OPEN_RATE = Dialect(
    r"open.?rate|wskaźnik\w* otwar|öppningsfrekvens|öppningsgrad|نرخ باز (?:کردن|شدن)",
    (
        (
            "of_which_mails",
            r"sent|deliver|recipient|wysłan|dostarcz|odbior|skicka|lever|mottag|ارسال|تحویل|گیرنده",
        ),
    ),
    _CLICKS,
)
DIALECTS = (
    _OPEN_RATE,
    Dialect(
        r"conversion.?rate|\bcvr\b|współczynnik\w* konwersji|konverteringsgrad|نرخ تبدیل",
        (
            (
                "of_whom",
                r"session|visit|user|people|person|lead|sesj|wizyt|użytkown|osob|besök|använd|نشست|بازدید|کاربر",
            ),
        ),
        _CLICKS,
    ),
    Dialect(
        r"revenue|turnover|net.?sales|przych|intäkt|omsättning|درآمد",
        (
            ("tax", r"tax|vat\b|net\b|gross|podat|netto|brutto|moms|skatt|مالیات|خالص"),
            ("shipping", r"shipping|freight|postage|wysył|dostaw|frakt|ارسال|حمل"),
            ("refunds", r"refund|return|zwrot|retur|återbet|återköp|مرجوع|بازپرداخت|بازگشت"),
        ),
        r"\bper\b|/|share|growth|rate|udział|andel|roas|roi\b|سهم",
    ),
    Dialect(
        r"\bcac\b|acquisition.?cost|koszt\w* pozyskania|kundanskaffningskostnad|هزینه جذب",
        (
            (
                "salaries",
                r"salar|wage|staff|people|ad spend|ads alone|wynagr|pensj|płac|lön|personal|حقوق|دستمزد",
            ),
        ),
        r"ltv|:",
    ),
    Dialect(
        r"bounce|odrzuce|avvisning|studs|نرخ پرش",
        (("bounce", r"ga4|engag|single|one page|zaangaż|jedn|engager|en sida|enda|تعامل|یک صفحه"),),
        r"mail|hard|soft|deliver|ایمیل|sent|wysłan",
    ),
)


def not_said(subject: Subject) -> list[str]:
    """Return the codes of what its name leaves open and no text of the KPI or its metric decides."""
    names = _names(subject)
    told = _folded(names, *_texts(subject.kpi.description), *_texts(subject.metric.description))
    open_to_doubt = ((code, words) for one in DIALECTS if one.is_in(names) for code, words in one.said)
    return [code for code, words in open_to_doubt if not re.search(rf"\b(?:{words})", told)]


def not_chosen(subject: Subject) -> Evidence | None:
    """Return the ways in which the catalogue counts the KPI, where no word of the plan's own chooses one.

    A KPI is one of the catalogue by its key or by that of its metric.
    """
    told = {words for text in (subject.kpi.description, subject.metric.description) for words in _texts(text)}
    keys = (subject.metric.key, subject.kpi.key)
    standard = next((one for one in catalogue() if one.name in keys and one.dialects), None)
    if standard is None:
        return None
    tags = ("en", *subject.project.settings.languages)
    if told - {language(tag).say(standard.definition) for tag in tags}:
        return None
    return {"standard": standard.name, "ways": list(standard.dialects)}


def is_open_rate(subject: Subject) -> bool:
    """Say whether it counts openings of e-mails."""
    return _OPEN_RATE.is_in(_names(subject))


def without_machines(subject: Subject) -> bool:
    """Say whether openings by machines are left out: by its formula, or in words."""
    metric, kpi = subject.metric, subject.kpi
    texts = (
        metric.expr,
        metric.where or "",
        kpi.where or "",
        *_texts(kpi.description),
        *_texts(metric.description),
    )
    return re.search(r"machine|apple|\bmpp\b|maszyn|maskin|ماشین|اپل", _folded(*texts)) is not None


def _names(subject: Subject) -> str:
    kpi, metric = subject.kpi, subject.metric
    return _folded(kpi.key, metric.key, *_texts(kpi.label), *_texts(metric.label))


def _texts(text: Text | None) -> tuple[str, ...]:
    return tuple(words for _, words in text.by_language) if text is not None else ()


def _folded(*texts: str) -> str:
    return " ".join(texts).casefold().replace("_", " ").replace("\N{ZERO WIDTH NON-JOINER}", " ")
