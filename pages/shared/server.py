"""What the server does beside running pages: how it starts, and the headers it sends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any
from urllib.parse import quote

from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from streamlit import App
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

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


#: What pages, and what they call, import only when it is needed, to keep the command line quick.
#: These packages import each other in circles: two visitors of a cold server who need one at the
#: same moment would each meet it half imported.
AT_FIRST_USE = (
    "pandas", "scipy.special", "scipy.stats", "statsmodels.regression.linear_model",
    "statsmodels.tsa.seasonal", "kpi_core.report.docx", "kpi_core.report.html",
    "kpi_core.report.pdf", "kpi_core.report.xlsx",
)  # fmt: skip


@asynccontextmanager
async def lifespan(_: App) -> AsyncIterator[None]:
    """Start with the navigation of `frame.run` as the only one, and with everything imported.

    Streamlit looks for pages in a folder `pages` until some visitor has run app.py, and tells the
    first who comes by a deep link that there is no such page.
    """
    for name in AT_FIRST_USE:
        import_module(name)
    PagesManager.uses_pages_directory = False
    yield


class SecurityHeaders:
    """Adds HEADERS to every response."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the head of its response."""

        async def complete(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS.items()]
            await send(message)

        await self._app(scope, receive, complete if scope["type"] == "http" else send)


#: What the server itself has in folders; every page is one part long.
_FOLDERS = {"_stcore", "app", "component", "media", "static"}


class PagesAreOnePart:
    """Sends `/indicator/CS07` and `/method/` on to the page of their first part.

    On such an address the browser would look for scripts and styles in a folder that is not there,
    and show a blank page.
    """

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a page of several parts with the way to the first; pass on all else."""
        if scope["type"] == "http" and scope["method"] == "GET":
            first, *more = scope["path"].strip("/").split("/")
            asks_for_page = b"text/html" in dict(scope["headers"]).get(b"accept", b"")
            is_file = first in _FOLDERS or "." in (more or [first])[-1]
            in_parts = more or scope["path"].endswith("/")
            if first and in_parts and asks_for_page and not is_file:
                query = scope["query_string"].decode("latin-1")
                way = f"/{quote(first, safe='')}" + (f"?{query}" if query else "")
                await RedirectResponse(way)(scope, receive, send)
                return
        await self._app(scope, receive, send)


MIDDLEWARE = [Middleware(SecurityHeaders), Middleware(PagesAreOnePart)]


def asked_page() -> str:
    """The address of the page that a visitor came by; empty for the first page, or on the way."""
    run = get_script_run_ctx()
    return (run.pages_manager.intended_page_name or "") if run else ""
