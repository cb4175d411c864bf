"""What every answer goes through: the version that is shown, the reader, and what is known already."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.responses import Response

from kurs.problems import EngineError, KursError, Problem, ProjectError, SourceError
from kurs.release import __version__
from kurs.web.reader import COOKIE, PARAMETER, YEAR_SECONDS, reader_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from kurs.web.showing import Edition, Showing
    from kurs.words import Language
    from kurs.workflows.opening import Opened

HTML = "text/html; charset=utf-8"
JSON = "application/json"
_MOST_BYTES = 64 * 1024 * 1024
_STALE = {"cache-control": "private, no-cache", "vary": "Accept-Language, Cookie, Authorization"}


class NotFoundError(KursError):
    """An address that names nothing of the plan."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request about an open project, by one reader. ``problems`` are what is wrong with the plan now."""

    request: Request
    edition: Edition
    opened: Opened
    language: Language
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Memory:
    """Answers that were given, by their tag; the oldest are forgotten when they are too much."""

    most_bytes: int = _MOST_BYTES
    _kept: OrderedDict[str, bytes] = field(default_factory=OrderedDict[str, bytes])
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, tag: str) -> bytes | None:
        """Return an answer that is kept."""
        with self._lock:
            if tag in self._kept:
                self._kept.move_to_end(tag)
            return self._kept.get(tag)

    def keep(self, tag: str, answer: bytes) -> None:
        """Keep an answer."""
        with self._lock:
            self._bytes += len(answer) - len(self._kept.pop(tag, b""))
            self._kept[tag] = answer
            while self._bytes > self.most_bytes:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest)


@dataclass(frozen=True, slots=True)
class Site:
    """A server's project and what it remembers."""

    showing: Showing
    memory: Memory = field(default_factory=Memory)

    def answer(self, request: Request, media: str, write: Callable[[Asked], str], also: str = "") -> Response:
        """Answer by ``write``, unless the reader or the memory has this very answer. Raises KursError.

        ``also`` is what the answer depends on beside the project's version.
        """
        edition = self.showing.edition()
        problems = self.showing.problems
        language = reader_of(request, edition.project.settings.languages)
        tag = _tag(request, edition, problems, language, also)
        headers = {**_STALE, "etag": tag, "content-language": language.tag}
        if tag in [one.strip() for one in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=headers)
        body = self.memory.get(tag)
        if body is None:
            with self.showing.opened(edition) as opened:
                # While this thread waited, another one may have answered the same.
                body = self.memory.get(tag)
                if body is None:
                    body = write(Asked(request, edition, opened, language, problems)).encode()
                    self.memory.keep(tag, body)
        response = Response(body, media_type=media, headers=headers)
        if request.query_params.get(PARAMETER) == language.tag:
            response.set_cookie(COOKIE, language.tag, max_age=YEAR_SECONDS, httponly=True, samesite="lax")
        return response


def status_of(error: KursError) -> int:
    """Return the status of HTTP for what stopped an answer."""
    if isinstance(error, NotFoundError):
        return 404
    if isinstance(error, EngineError | SourceError):
        return 503
    return 422 if isinstance(error, ProjectError) else 400


def _tag(
    request: Request, edition: Edition, problems: Sequence[Problem], language: Language, also: str
) -> str:
    """Name an answer by all that it depends on."""
    wrong = repr([(one.code, dict(one.values), one.place) for one in problems])
    parts = (__version__, edition.version, also, wrong, language.tag, request.url.path, request.url.query)
    hashed = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape"))
    return f'"{hashed.hexdigest()[:24]}"'
