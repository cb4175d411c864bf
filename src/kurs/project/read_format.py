"""Reads ``format:``, the profile by which a source's files are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.source import Bounds, Digits, Format, Negatives, is_text_encoding
from kurs.model.written_days import CalendarKind, WrittenDays, directives

if TYPE_CHECKING:
    from kurs.project.section import Section

_KINDS = {
    "csv": "csv",
    "tsv": "tsv",
    "parquet": "parquet",
    "jsonl": "jsonl",
    "json": "json",
    "sheet": "sheet",
}
_UNTIL = {"blank_row": "blank_row"}
_WORDS = {"\\t": "\t", "tab": "\t", "space": " "}  # without quotes, what their writer meant
_NOT_IN_SIGNS = frozenset("0123456789+-−()<>≤≥=%٪")


def read_format(parent: Section) -> Format:
    """Read the keys below ``format:``; a plain one where there are none."""
    section = parent.section("format")
    if section is None:
        return Format()
    plain = Format()
    header_row = section.whole("header_row", 0, 1000)
    read = Format(
        kind=section.one_of("kind", _KINDS),
        encoding=_encoding(section) or plain.encoding,
        delimiter=_character(section, "delimiter"),
        quote=_character(section, "quote") or plain.quote,
        header_row=plain.header_row if header_row is None else header_row,
        decimal=_character(section, "decimal") or plain.decimal,
        thousands=_character(section, "thousands"),
        date=section.text("date"),
        timestamp=section.text("timestamp"),
        nulls=tuple(dict.fromkeys((*plain.nulls, *section.texts("nulls")))),  # a blank stays null
        totals=section.text("totals"),
        totals_in=section.text("totals_in"),
        sums_where_empty=section.text("sums_where_empty"),
        until_blank=section.one_of("until", _UNTIL) is not None,
        comment=_character(section, "comment"),
        digits=section.choice("digits", Digits) or plain.digits,
        currency_signs=currency_signs(section),
        negatives=section.choice("negatives", Negatives) or plain.negatives,
        bounds=section.choice("bounds", Bounds),
        member=section.text("member"),
        calendar=section.choice("calendar", CalendarKind) or plain.calendar,
        locale=section.text("locale") or plain.locale,
        years_from=section.whole("years_from", 1200, 2200),
        sheet=section.text("sheet"),
        rows=section.text("rows"),
    )
    if read.thousands is not None and read.thousands == read.decimal:
        section.report.error("same_marks", section.key_node("thousands"), mark=read.decimal)
    for key in ("date", "timestamp"):
        check_form(section, key, read)
    if section.has("locale") or read.calendar is not plain.calendar:
        from kurs.words.months import has_months

        if not has_months(read.locale, jalali=read.calendar is CalendarKind.JALALI):
            section.report.error("unknown_locale", section.key_node("locale"), locale=read.locale)
    section.close()
    return read


def check_form(section: Section, key: str, said: Format) -> None:
    """Note what is wrong with a form of days that stands at ``key``."""
    node = section.scalar(key)
    if node is None:
        return
    days = WrittenDays(said.calendar, said.locale, said.years_from)
    fault = days.fault(node.text.strip())
    if fault is not None:
        section.report.error("bad_date_form", node, form=node.text, part=fault)
    elif said.years_from is None and "y" in directives(node.text):
        section.report.error("two_digit_years", node, form=node.text)


def currency_signs(section: Section) -> tuple[str, ...]:
    """Read the signs and codes that stand beside numbers: no digit, and nothing that has another meaning."""
    signs: list[str] = []
    for node in section.scalars("currency_signs"):
        sign = node.text.strip()
        if not sign or len(sign) > 10 or sign in (".", ",", "٫", "٬", "'") or _NOT_IN_SIGNS & set(sign):
            section.report.error("bad_currency_sign", node, value=node.text)
        else:
            signs.append(sign)
    return tuple(signs)


def _encoding(section: Section) -> str | None:
    node = section.scalar("encoding")
    if node is None:
        return None
    if not is_text_encoding(node.text):
        section.report.error("unknown_encoding", node, encoding=node.text)
        return None
    return node.text


def _character(section: Section, key: str) -> str | None:
    """Return a single character, which may be given by a word."""
    node = section.scalar(key)
    if node is None:
        return None
    character = _WORDS.get(node.text, node.text)
    if len(character) != 1:
        section.report.error("expected_character", node, key=key, value=node.text)
        return None
    return character
