"""One server and one browser for all tests of this folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    WebSocket,
    expect,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as Late

from kpi_core.store import Store
from tests.browser.serving import AT_REST, CHROMIUM, DRAWN, chromium, serving

Scheme = Literal["light", "dark"]
SIZES = {1280: 900, 400: 800}
#: Milliseconds until something is missing: the first page draws its charts while others do, too.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
#: Times that a list is opened before it is given up.
_TRIES = 4

#: On a deep link Streamlit's frontend does not know yet where the server's root is. It asks in the
#: page's own folder first, gets a 404, and goes on to the root. Nothing is wrong then.
_PROBE = re.compile(r"^/[^/]+/_stcore/(health|host-config)$")


@dataclass
class Visitor:
    """A browser window, and everything that went wrong in it."""

    page: Page
    server: str
    wrong: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    sent: int = 0  #: messages that the page has sent to the server

    def __post_init__(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("request", lambda request: self._on_request(request.url))
        self.page.on("websocket", self._on_socket)

    def _on_console(self, message: ConsoleMessage) -> None:
        url = message.location["url"] if message.location else ""
        if message.type == "error" and not (
            _PROBE.match(urlsplit(url).path) and "404" in message.text
        ):
            self.wrong.append(f"console: {message.text} {url}")

    def _on_request(self, url: str) -> None:
        if urlsplit(url).scheme not in ("data", "blob"):
            self.hosts.add(urlsplit(url).netloc)

    def _on_socket(self, socket: WebSocket) -> None:
        self._on_request(socket.url)
        socket.on("framesent", lambda _: setattr(self, "sent", self.sent + 1))

    def go(self, path: str, **parameters: str) -> None:
        """Load an address anew, and wait until the page stands."""
        query = "&".join(f"{name}={quote(text)}" for name, text in parameters.items())
        self.page.goto(f"{self.server}/{path}?{query}", wait_until="commit")
        self.page.locator(".kpi h1").wait_for()
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run to its end and every picture is drawn."""
        self.page.locator(AT_REST).wait_for()
        self.page.wait_for_function(DRAWN)

    def at(self, heading: str) -> None:
        """Wait for the page of that heading."""
        expect(self.page.locator(".kpi h1")).to_have_text(heading, timeout=PATIENCE)
        self.settle()

    def follow(self, link: str, heading: str) -> None:
        """Click a link of the page, and wait for the page of that heading."""
        self.page.locator(".kpi a").get_by_text(link, exact=True).first.click()
        self.at(heading)

    def menu(self, link: str, heading: str) -> None:
        """Click a link of the menu, and wait for the page of that heading."""
        self.page.get_by_test_id("stSidebarNavLink").get_by_text(link, exact=True).click()
        self.at(heading)

    def choose(self, label: str, option: str) -> None:
        """Choose in a box of the sidebar."""
        self._choose(self.page.get_by_test_id("stSidebar"), label, option)

    def choose_here(self, label: str, option: str) -> None:
        """Choose in a box of the page itself."""
        self._choose(self.page.get_by_test_id("stMain"), label, option)

    def _choose(self, part: Locator, label: str, option: str) -> None:
        """Open a box by the keyboard and choose. A list closes when the page is drawn anew: open it
        again.
        """
        box = part.get_by_role("combobox", name=label)
        entry = self.page.get_by_role("option", name=option, exact=True)
        for _ in range(_TRIES):
            box.press("ArrowDown")
            try:
                entry.click(timeout=PATIENCE / _TRIES)
            except Late:
                continue
            return
        entry.click()


Visit = Callable[..., Visitor]


@pytest.fixture(scope="package")
def store_home(kent_store: Store) -> Path:
    """The folder of the stores, with that of Kent built."""
    return kent_store.home.parent


@pytest.fixture(scope="package")
def server(store_home: Path) -> Iterator[str]:
    """The address of the running dashboard."""
    with serving(store_home) as address:
        yield address


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Open windows; at the end of the test nothing may have gone wrong in any of them."""
    visitors: list[Visitor] = []

    def open_window(width: int = 1280, scheme: Scheme = "light", server: str = "") -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": SIZES[width]},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        address = server or request.getfixturevalue("server")
        visitors.append(Visitor(context.new_page(), address))
        return visitors[-1]

    yield open_window
    for visitor in visitors:
        visitor.page.context.close()
    for visitor in visitors:
        assert visitor.wrong == []
        assert visitor.hosts <= {urlsplit(visitor.server).netloc}
