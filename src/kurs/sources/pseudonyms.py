"""A keyed hash in the place of personal data: the same for one person everywhere, and in no table of hashes.

It is HMAC-SHA256 (RFC 2104) with the project's key, over the value in one way of writing it: Unicode's
composed form, small letters, no blanks around it; of a phone number that begins with + its digits alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.model.table import ColumnType
from kurs.sources.forms import named, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BLOCK = 64  # bytes that SHA-256 takes at once
_INNER, _OUTER = 0x36, 0x5C
_BLANKS = r"[\s\p{Z}\p{Cf}]"
_PHONE = r"\+[0-9 ()./\-\p{Z}]+"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One person by the hash of a value; ``column`` limits it to columns of that name.

    ``finished`` is false while not every copy is removed.
    """

    hash: str
    column: str | None = None
    finished: bool = True

    def condition(self, name: str, kind: ColumnType) -> str | None:
        """Return SQL that is true where a column holds the person, plain or hashed; None: it is passed over.

        Without ``column`` those of text are looked at: a number may be anything.
        """
        if (self.column is None and kind is not ColumnType.TEXT) or self.column not in (None, name):
            return None
        text = named(name) if kind is ColumnType.TEXT else f"CAST({named(name)} AS VARCHAR)"
        return f"coalesce({quoted(self.hash)} IN ({text}, {pseudonym(text)}), FALSE)"


def use_key(connection: DuckDBPyConnection, key: bytes) -> None:
    """Let ``pseudonym`` work on a connection; the key stands in no statement, which an error might show."""
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    for name, pad in (("kurs_inner", _INNER), ("kurs_outer", _OUTER)):
        connection.execute(f"SET VARIABLE {name} = $1", [bytes(byte ^ pad for byte in block)])


def normalised(text: str) -> str:
    """Return SQL for the one way of writing a value; null where nothing is left of it."""
    plain = f"regexp_replace(lower(nfc_normalize({text})), {quoted(f'^{_BLANKS}+|{_BLANKS}+$')}, '', 'g')"
    digits = f"'+' || regexp_replace({text}, '[^0-9]', '', 'g')"
    phone = f"regexp_full_match({plain}, {quoted(_PHONE)})"
    return f"nullif(CASE WHEN {phone} THEN {digits} ELSE {plain} END, '')"


def pseudonym(text: str) -> str:
    """Return SQL for the hash of a text, 64 hexadecimal digits; null where it is null or blank."""
    inner = f"unhex(sha256(getvariable('kurs_inner') || encode({normalised(text)})))"
    return f"sha256(getvariable('kurs_outer') || {inner})"


def pseudonym_of(value: str, key: bytes) -> str | None:
    """Return the hash of one value, as the sources have it; None for a blank one."""
    import duckdb

    with duckdb.connect() as connection:
        use_key(connection, key)
        ((found,),) = connection.execute(f"SELECT {pseudonym('v')} FROM (SELECT $1 AS v)", [value]).fetchall()
    return found


def fingerprint(key: bytes) -> str:
    """Tell a key from others without telling it."""
    return hashlib.sha256(b"fingerprint of " + key).hexdigest()[:16]
