"""``kurs serve``: the dashboard, for a browser."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from kurs.cli.desk import desk
from kurs.cli.options import Asked, with_shared_options
from kurs.problems import Problem, UsageError
from kurs.words.phrases import N_
from kurs.workflows.understanding import Understanding, names

if TYPE_CHECKING:
    from kurs.web.safety import Door
    from kurs.web.showing import Showing

HELP = N_("Show the dashboard in a browser, for this machine alone.")
EPILOG = N_(
    "Example: kurs serve --port 8400\n\n"
    "For other machines: KURS_TOKEN=... kurs serve --host 0.0.0.0 --allow-host kurs.example.com"
)
_LAST_PORT = 65535


@with_shared_options()
def serve(
    asked: Asked,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help=N_("Where to listen; else this machine alone."))
    ] = "127.0.0.1",
    port: Annotated[str, typer.Option("--port", metavar="N", help=N_("The port to listen at."))] = "8400",
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            envvar="KURS_TOKEN",
            metavar="SECRET",
            help=N_("What readers must give, as a password; better as KURS_TOKEN, which nobody else sees."),
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="NAME,...", help=N_("Names by which readers know this server.")),
    ] = None,
) -> None:
    """Open the project, so that a broken one is told here, and serve it until it is interrupted."""
    with desk(asked, ("table",)) as at:
        from kurs.web.safety import LOOPBACK_NAMES, Door, is_loopback

        words = Understanding()
        number = words.count("--port", port) or 0
        words.done()
        if number > _LAST_PORT:
            raise UsageError(Problem("bad_limit", {"option": "--port", "value": port}))
        if not is_loopback(host) and not token:
            raise UsageError(Problem("token_needed", {"host": host}))
        folder = at.folder()

        from kurs.web.showing import Showing

        showing = Showing(folder, at.as_of)
        at.speak(showing.edition().project)
        known = {name.lower() for name in (host, *names(allow_host))}
        door = Door(LOOPBACK_NAMES | known, token or None, by_address=not is_loopback(host))
        shown = f"[{host}]" if ":" in host else host
        listening = _listening(host, number)
        if not asked.quiet:
            at.note(at.language.say("The dashboard: {address}", address=f"http://{shown}:{number}/"))
        _serve(showing, door, listening)


def _serve(showing: Showing, door: Door, listening: socket.socket) -> None:
    """Serve until it is interrupted; the KPIs are read before anybody asks."""
    from threading import Thread

    import uvicorn

    from kurs.web.answers import read_ahead
    from kurs.web.app import create_app

    Thread(target=read_ahead, args=(showing,)).start()
    application = create_app(showing, door, stops=lambda: server.should_exit)
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=3,
        )
    )
    with suppress(KeyboardInterrupt):  # that is how it is meant to end
        server.run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    """Listen at an address. Raises UsageError where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        values = {"host": host, "port": str(port), "reason": error.strerror or str(error)}
        raise UsageError(Problem("cannot_listen", values)) from error
    # Connections take it over. Without it the body of an answer waits for the reader's receipt of its head,
    # 40 ms: asyncio sets it on sockets alone that name their protocol, which those of create_server do not.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
