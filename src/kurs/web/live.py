"""News for open pages: that the plan, the journal or the data have changed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from starlette.requests import Request

    from kurs.web.showing import Showing

LOOK_SECONDS = 1.0
_SIGN_OF_LIFE = 15  # looks without news, after which a comment keeps the connection open


def events(
    request: Request, showing: Showing, stops: Callable[[], bool], look_seconds: float = LOOK_SECONDS
) -> StreamingResponse:
    """Tell the version that is there, and each that comes after it, as server-sent events.

    It ends with the reader, or when the server ``stops``: that would wait for it otherwise.
    """

    async def stream() -> AsyncGenerator[str]:
        told = ""
        quiet = 0
        while not stops() and not await request.is_disconnected():
            version = await asyncio.to_thread(showing.version)
            if version != told:
                told, quiet = version, 0
                yield f"event: version\ndata: {version}\n\n"
            elif quiet >= _SIGN_OF_LIFE:
                quiet = 0
                yield ": still here\n\n"
            quiet += 1
            await asyncio.sleep(look_seconds)

    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)
