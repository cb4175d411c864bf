"""What to write so that everybody knows what is meant, and who answers for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from sqlglot import exp

from kurs.audit.dialects import not_said
from kurs.audit.mends.guess import free_name, in_words, new_person, owner_for, speaks, standard
from kurs.audit.mends.place import of_kpi
from kurs.audit.naming import is_empty_name, names_of_several
from kurs.metrics.check import check_plan
from kurs.metrics.expression import parse_metric
from kurs.model.metric import Unit
from kurs.model.text import Text
from kurs.problems import errors
from kurs.project.entry import Doubt, Entry
from kurs.project.spelling import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kurs.audit.rule import Evidence
    from kurs.audit.subject import Subject
    from kurs.words import Language

    Entries = tuple[Entry, ...]

_SHARES = ("rate", "share", "percent", "pct", "ratio", "conversion")


def label(subject: Subject, _evidence: Evidence) -> Entries:
    """Write the KPI's name in words."""
    return (of_kpi(subject.kpi, "label", spelled(in_words(subject.project, subject.kpi.key))),)


def telling_label(subject: Subject, _evidence: Evidence) -> Entries:
    """Write the name of the KPI's key, else of its metric's; nothing where these say no more."""
    names = (in_words(subject.project, key) for key in (subject.kpi.key, subject.metric.key))
    telling = next((name for name in names if not is_empty_name(name)), None)
    return (of_kpi(subject.kpi, "label", spelled(telling), Doubt.IN_WORDS),) if telling is not None else ()


def definition(subject: Subject, _evidence: Evidence) -> Entries:
    """Write what the catalogue says of it, else its formula: the words are still to be found."""
    known = standard(subject.project, subject.kpi.key, subject.metric.key)
    formula = " ".join((subject.metric.expr or subject.metric.key).split())
    told, doubt = (known.definition, Doubt.IS_IT_SO) if known is not None else (formula, Doubt.IN_WORDS)
    ways = [known.dialects[0].rstrip(".")] if known is not None and known.dialects else []
    doubt = Doubt.WHICH if ways else doubt
    text = _with(Text.plain(told), [*_open_phrases(subject, told), *ways], speaks(subject.project))
    return (of_kpi(subject.kpi, "description", text, doubt),)


def dialect(subject: Subject, evidence: Evidence) -> Entries:
    """Put to the description what is open, said in one of the usual ways."""
    told = subject.kpi.description or subject.metric.description
    if told is None:
        return definition(subject, evidence)
    text = _with(told, _open_phrases(subject), speaks(subject.project))
    return (of_kpi(subject.kpi, "description", text, Doubt.WHICH),)


def _open_phrases(subject: Subject, told: str = "") -> list[str]:
    """Say what is left open, in the plan's language; not what ``told`` says already."""
    kpi = replace(subject.kpi, description=Text.plain(told)) if told else subject.kpi
    language = speaks(subject.project)
    return [language.term(f"said.{code}") for code in not_said(replace(subject, kpi=kpi))]


def _with(told: Text, phrases: Iterable[str], language: Language) -> str:
    """Write a text with more behind it, in the language of the plan where it speaks several."""
    more = "".join(f"; {phrase}" for phrase in phrases)
    tags = [tag for tag, _ in told.by_language]
    longer = language.tag if language.tag in tags else tags[0]
    texts = {tag: text.rstrip(".") + more if tag == longer else text for tag, text in told.by_language}
    if tags == [""]:
        return spelled(texts[""])
    return "{" + ", ".join(f"{tag}: {spelled(text)}" for tag, text in texts.items()) + "}"


def unit(subject: Subject, _evidence: Evidence) -> Entries:
    """Write the unit of a quotient: money by a number is money, a part of a whole a percentage."""
    metric = subject.metric
    path = ("metrics", metric.key, "unit")
    known = standard(subject.project, metric.key)
    if known is not None and known.unit is not Unit.NUMBER:
        return (Entry(path, str(known.unit)),)
    tree = parse_metric(metric.expr, per_entity=metric.per is not None).unnest()
    above, below = (_unit(subject, part.unnest()) for part in (tree.this, tree.expression))
    if above is Unit.CURRENCY and below is not Unit.CURRENCY:
        return (Entry(path, str(Unit.CURRENCY)),)
    if any(metric.key.endswith(word) for word in _SHARES):
        return (Entry(path, str(Unit.PERCENT), Doubt.IS_IT_SO),)
    return (Entry(path, str(Unit.RATIO), Doubt.WHICH),)


def _unit(subject: Subject, part: exp.Expr) -> Unit | None:
    """Return the unit of a metric that a part of the formula names; None of anything else."""
    if isinstance(part, exp.Nullif):
        part = part.this.unnest()
    named = part.name if isinstance(part, exp.Column) and not part.table else ""
    metric = subject.project.metrics.get(named)
    return metric.unit if metric is not None else None


def other_label(subject: Subject, _evidence: Evidence) -> Entries:
    """Put to the label what the KPI has of its own: its segment, its period, else its key."""
    kpi, plan = subject.kpi, subject.project
    if kpi.label is None:
        return ()
    segment = plan.segments.get(kpi.segment) if kpi.segment is not None else None
    own = kpi.segment or kpi.where or kpi.key
    if segment is not None and segment.label is not None:
        own = segment.label.in_language(speaks(plan).tag)
    taken = {text for other in plan.kpis.values() if other.label for _, text in other.label.by_language}
    texts = {
        tag: f"{text} ({own})" if f"{text} ({own})" not in taken else free_name(f"{text} {kpi.key}", taken)
        for tag, text in kpi.label.by_language
    }
    if list(texts) == [""]:
        return (of_kpi(kpi, "label", spelled(texts[""]), Doubt.IN_WORDS),)
    value = "{" + ", ".join(f"{tag}: {spelled(text)}" for tag, text in texts.items()) + "}"
    return (of_kpi(kpi, "label", value, Doubt.IN_WORDS),)


def owner(subject: Subject, _evidence: Evidence) -> Entries:
    """Name who is likely to answer for it; a new person where the plan has none."""
    likely = owner_for(subject.project, subject.kpi)
    if likely is not None:
        return (of_kpi(subject.kpi, "owner", likely, Doubt.WHO),)
    new, entries = new_person(subject.project)
    return (*entries, of_kpi(subject.kpi, "owner", new, Doubt.WHO))


def one_owner(subject: Subject, _evidence: Evidence) -> Entries:
    """Name one person or role instead of several; a new one where the plan has no other."""
    people = subject.project.people.values()
    single = [
        one.key for one in people if not any(names_of_several(name) for _, name in one.name.by_language)
    ]
    likely = owner_for(subject.project, subject.kpi)
    if single:
        return (of_kpi(subject.kpi, "owner", likely if likely in single else single[0], Doubt.WHO),)
    new, entries = new_person(subject.project)
    return (*entries, of_kpi(subject.kpi, "owner", new, Doubt.WHO))


def scope(subject: Subject, _evidence: Evidence) -> Entries:
    """Say that it is of the whole business."""
    return (of_kpi(subject.kpi, "segment", "all", Doubt.IS_IT_SO),)


def named_segment(subject: Subject, evidence: Evidence) -> Entries:
    """Say that it is of the segment in its name, where its metric can be filtered so."""
    named = (name for name in cast("Sequence[str]", evidence["segments"]) if _reaches(subject, name))
    segment = next(named, None)
    return (of_kpi(subject.kpi, "segment", segment, Doubt.IS_IT_SO),) if segment is not None else ()


def _reaches(subject: Subject, segment: str) -> bool:
    kpi = replace(subject.kpi, segment=segment, of_all=False, versions=())
    return not errors(check_plan(replace(subject.project, kpis={kpi.key: kpi}), {}))


def owner_here(subject: Subject, evidence: Evidence) -> Entries:
    """Name somebody of the KPI's department, else write down the owner's department as the KPI's."""
    kpi = subject.kpi
    here = [one.key for one in subject.project.people.values() if one.department == kpi.department]
    if here:
        return (of_kpi(kpi, "owner", here[0], Doubt.WHO),)
    return (of_kpi(kpi, "department", spelled(str(evidence["of_owner"])), Doubt.IS_IT_SO),)
