"""What stands before every page: who may ask, by which name, in which way; and what a browser may do."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
HEALTH = "/healthz"
_METHODS = ("GET", "HEAD")
_HEADERS: Mapping[str, str] = {
    # Own scripts and styles only: no inline script, no other site, no frame around it.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True, slots=True)
class Door:
    """Who is let in: ``names`` of this server in the Host header, and the ``token``, if one is needed.

    ``by_address`` lets any address in as its name: this server is for more than this machine.
    """

    names: frozenset[str] = LOOPBACK_NAMES
    token: str | None = None
    by_address: bool = False

    def knows(self, host: str) -> bool:
        """Say whether a Host header names this server.

        A page of another site can give its own name our address, and then read us as if we were it. It
        cannot do so with an address.
        """
        name = _name_of(host)
        return name in self.names or (self.by_address and _is_address(name))

    def admits(self, authorization: str) -> bool:
        """Say whether an Authorization header has the token: as a bearer, or as a password of any user."""
        if self.token is None:
            return True
        kind, _, given = authorization.partition(" ")
        if kind.lower() == "basic":
            try:
                decoded = base64.b64decode(given.strip(), validate=True).decode("utf-8")
            except (binascii.Error, UnicodeDecodeError):
                return False
            given = decoded.partition(":")[2]
        elif kind.lower() != "bearer":
            return False
        return hmac.compare_digest(given.strip().encode(), self.token.encode())


class Safety:
    """Refuses what must not come in, and adds the headers of safety to all that goes out."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        is_head = scope["method"] == "HEAD"
        send = _guarded(send, without_body=is_head)
        if scope["method"] not in _METHODS:
            await _refuse(send, 405, "Only GET and HEAD: the dashboard is read-only.", {"allow": "GET, HEAD"})
        elif not self._door.knows(headers.get("host", "")):
            await _refuse(send, 421, "This server does not know itself by that name; see --allow-host.")
        elif scope["path"] != HEALTH and not self._door.admits(headers.get("authorization", "")):
            asks = {"www-authenticate": 'Basic realm="kurs", charset="UTF-8"'}
            await _refuse(send, 401, "A password is needed: the token of kurs serve.", asks)
        else:
            await self._app({**scope, "method": "GET"} if is_head else scope, receive, send)


def _guarded(send: Send, *, without_body: bool) -> Send:
    """Add the headers to an answer; to HEAD, leave its body out."""
    own = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *own]}
        elif message["type"] == "http.response.body" and without_body:
            message = {**message, "body": b""}
        await send(message)

    return guarded


async def _refuse(send: Send, status: int, why: str, more: Mapping[str, str] | None = None) -> None:
    body = f"{why}\n".encode()
    headers = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(body)), **(more or {})}
    named = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": body})


def _name_of(host: str) -> str:
    """Take the port and the brackets off a Host header."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.rpartition(":")[0].lower() if host.count(":") == 1 else host.lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Say whether a server that is bound to ``host`` is seen by this machine alone."""
    if host.lower() in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
