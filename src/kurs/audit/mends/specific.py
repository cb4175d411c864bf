"""What to write so that everybody knows what is meant, and who answers for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from sqlglot import exp

from kurs.audit.dialects import not_said
from kurs.audit.mends.guess import free_name, in_words, owner_for, says_words, somebody, speaks, standard
from kurs.audit.mends.place import of_kpi
from kurs.audit.naming import is_empty_name, names_of_several
from kurs.metrics.check import check_plan
from kurs.metrics.expression import parse_metric
from kurs.metrics.nature import all_behind
from kurs.model.metric import Unit
from kurs.model.text import Text
from kurs.problems import errors
from kurs.project.entry import Doubt, Entry
from kurs.project.spelling import spelled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kurs.audit.rule import Entries, Evidence
    from kurs.audit.subject import Subject
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project


_SHARES = ("rate", "share", "percent", "pct", "ratio", "conversion")


def label(subject: Subject, _evidence: Evidence) -> Entries:
    """Write the KPI's key in words; in doubt where they are not in common use, or of another language."""
    key = subject.kpi.key
    is_english = speaks(subject.project).tag == "en"
    is_sure = standard(subject.project, key) is not None or (is_english and says_words(key))
    doubt = None if is_sure else Doubt.IN_WORDS
    return (of_kpi(subject.kpi, "label", spelled(in_words(subject.project, key)), doubt),)


def telling_label(subject: Subject, _evidence: Evidence) -> Entries:
    """Write the name of the KPI's key, else of its metric's; nothing where these say no more."""
    names = (in_words(subject.project, key) for key in (subject.kpi.key, subject.metric.key))
    telling = next((name for name in names if not is_empty_name(name)), None)
    if telling is None:
        return ()
    label = subject.kpi.label or Text.plain("")
    texts = {tag: telling if is_empty_name(text) else text for tag, text in label.by_language}
    return _in_languages(subject.kpi, "label", subject.kpi.label, texts, Doubt.IN_WORDS)


def definition(subject: Subject, _evidence: Evidence) -> Entries:
    """Write what the catalogue says of it, else its formula: the words are still to be found."""
    known = standard(subject.project, subject.kpi.key, subject.metric.key)
    formula = " ".join((subject.metric.expr or subject.metric.key).split())
    told, doubt = (known.definition, Doubt.IS_IT_SO) if known is not None else (formula, Doubt.IN_WORDS)
    ways = [known.dialects[0].rstrip(".")] if known is not None and known.dialects else []
    doubt = Doubt.WHICH if ways else doubt
    text = "; ".join([told.rstrip("."), *_open_phrases(subject, told), *ways])
    return (of_kpi(subject.kpi, "description", spelled(text), doubt),)


def dialect(subject: Subject, evidence: Evidence) -> Entries:
    """Put to the description what is open, said in one of the usual ways."""
    told = subject.kpi.description or subject.metric.description
    if told is None:
        return definition(subject, evidence)
    tags = [tag for tag, _ in told.by_language]
    plan_tag = speaks(subject.project).tag
    longer = plan_tag if plan_tag in tags else tags[0]
    more = "".join(f"; {phrase}" for phrase in _open_phrases(subject))
    texts = {tag: text.rstrip(".") + more if tag == longer else text for tag, text in told.by_language}
    return _in_languages(subject.kpi, "description", subject.kpi.description, texts, Doubt.WHICH)


def _open_phrases(subject: Subject, told: str = "") -> list[str]:
    """Say what is left open, in the plan's language; not what ``told`` says already."""
    kpi = replace(subject.kpi, description=Text.plain(told)) if told else subject.kpi
    language = speaks(subject.project)
    return [language.term(f"said.{code}") for code in not_said(replace(subject, kpi=kpi))]


def _in_languages(kpi: Kpi, key: str, there: Text | None, texts: Mapping[str, str], doubt: Doubt) -> Entries:
    """Write a text by language; of one that the KPI has already, those languages that change."""
    if list(texts) == [""]:
        return (of_kpi(kpi, key, spelled(texts[""]), doubt),)
    if there is None:
        value = ", ".join(f"{tag}: {spelled(text)}" for tag, text in texts.items())
        return (of_kpi(kpi, key, f"{{{value}}}", doubt),)
    before = dict(there.by_language)
    changed = {tag: text for tag, text in texts.items() if before.get(tag) != text}
    return tuple(of_kpi(kpi, key, spelled(text), doubt, below=tag) for tag, text in changed.items())


def unit(subject: Subject, _evidence: Evidence) -> Entries:
    """Write the unit of a quotient: money by a number is money, a part of a whole a percentage.

    In doubt is what only a name tells, and all that is multiplied: 100 * orders / visits is no fraction.
    """
    metric = subject.metric
    path = ("metrics", metric.key, "unit")
    known = standard(subject.project, metric.key)
    tree = parse_metric(metric.expr, per_entity=metric.per is not None).unnest()
    if _is_scaled(subject.project, metric.key):
        return (Entry(path, str(Unit.RATIO), Doubt.WHICH),)
    if known is not None and known.unit is not Unit.NUMBER:
        return (Entry(path, str(known.unit)),)
    parts = (tree.this, tree.expression) if isinstance(tree, exp.Div) else ()
    if [_unit(subject, part.unnest()) is Unit.CURRENCY for part in parts] == [True, False]:
        return (Entry(path, str(Unit.CURRENCY)),)
    if any(metric.key.endswith(word) for word in _SHARES):
        return (Entry(path, str(Unit.PERCENT), Doubt.IS_IT_SO),)
    return (Entry(path, str(Unit.RATIO), Doubt.WHICH),)


def _is_scaled(plan: Project, metric: str) -> bool:
    """Say whether a formula, or one that it is made of, has a number other than 0 and 1 in it."""
    trees = (
        parse_metric(one.expr, per_entity=one.per is not None)
        for one in all_behind(plan, (metric,))
        if one.expr
    )
    literals = (literal for tree in trees for literal in tree.find_all(exp.Literal))
    return any(not one.is_string and one.name not in ("0", "1") for one in literals)


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
    return _in_languages(kpi, "label", kpi.label, texts, Doubt.IN_WORDS)


def owner(subject: Subject, _evidence: Evidence) -> Entries:
    """Name who is likely to answer for it; a new person where the plan has none."""
    who, entries = somebody(subject.project, owner_for(subject.project, subject.kpi))
    return (*entries, of_kpi(subject.kpi, "owner", who, Doubt.WHO))


def one_owner(subject: Subject, _evidence: Evidence) -> Entries:
    """Name one person or role instead of several; a new one where the plan has no other."""
    people = subject.project.people.values()
    single = [
        one.key for one in people if not any(names_of_several(name) for _, name in one.name.by_language)
    ]
    likely = owner_for(subject.project, subject.kpi)
    who, entries = somebody(subject.project, likely if likely in single else next(iter(single), None))
    return (*entries, of_kpi(subject.kpi, "owner", who, Doubt.WHO))


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
