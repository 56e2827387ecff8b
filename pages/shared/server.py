"""What the server does beside running pages: how it starts, and the headers it sends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware
from streamlit import App
from streamlit.runtime.pages_manager import PagesManager

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

#: Streamlit sends none of these. Scripts and styles of its own stand in the page, so both need
#: 'unsafe-inline'; its charts compile their specifications, so scripts need 'unsafe-eval'.
HEADERS = {
    b"content-security-policy": (
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
        b"style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        b"connect-src 'self' ws: wss: data: blob:; worker-src 'self' blob:; "
        b"frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
    ),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
}


@asynccontextmanager
async def lifespan(_: App) -> AsyncIterator[None]:
    """Start with the navigation of `frame.run` as the only one.

    Streamlit looks for pages in a folder `pages` until some visitor has run app.py, and tells the
    first who comes by a deep link that there is no such page.
    """
    PagesManager.uses_pages_directory = False
    yield


class SecurityHeaders:
    """Adds HEADERS to every response."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the head of its response."""

        async def complete(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS.items()]
            await send(message)

        await self._app(scope, receive, complete if scope["type"] == "http" else send)


MIDDLEWARE = [Middleware(SecurityHeaders)]
