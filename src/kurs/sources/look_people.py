"""Which columns are likely to hold personal data, by their header and by what their values look like."""

from __future__ import annotations

import re

from kurs.model.source import Keep

_MAIL = re.compile(
    r"(?:^|[\W_])(?:e[-_ ]?mails?|mail|epost|e[-_ ]?post|adres[-_ ]e?mail)(?:$|[\W_])", re.IGNORECASE
)
_MAIL_NOT = re.compile(
    r"verified|consent|client|campaign|opt|status|type|count|sent|open|click|marketing|rate|id$|_id\b|automation",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:^|[\W_])(?:phone|phone[-_ ]?number|telephone|telefon\w*|mobile[-_ ]?(?:number|phone)"
    r"|handy|fax)(?:$|[\W_])",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:^|[\W_])(?:first|last|full|middle|given|family|maiden)[-_ ]?name(?:$|[\W_])|^(?:customer|contact"
    r"|recipient|billing|shipping(?:_address)?|cardholder|buyer|guest|patient)[-_ ]name$"
    r"|(?:^|[\W_])(?:surname|vorname"
    r"|nachname|imi[eę]|nazwisko|förnamn|efternamn|fornamn)(?:$|[\W_])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:^|[\W_])(?:street|stra(?:ß|ss)e|ulica|gata|address(?:[-_ ]?(?:line)?[-_ ]?[12])?"
    r"|adresse?|ip|ip[-_ ]?address)$",
    re.IGNORECASE,
)
MAIL_VALUE = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"
PHONE_VALUE = r"\+\d[\d ()/.-]{6,18}\d"


def personal(header: str, mails: float, phones: float) -> Keep | None:
    """Say what is to become of a column with personal data; None for any other column.

    ``mails`` and ``phones`` are the shares of its values that look like one. What can still tell people
    apart when hashed is hashed; names and addresses are dropped.
    """
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", header.strip())
    if mails >= 0.5 or phones >= 0.8:
        return Keep.HASHED
    if (_MAIL.search(plain) and not _MAIL_NOT.search(plain)) or _PHONE.search(plain):
        return Keep.HASHED
    if _NAME.search(plain) or _ADDRESS.search(plain):
        return Keep.DROPPED
    return None
