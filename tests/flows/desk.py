"""A person's browser window, which complains of what a person would only notice later.

Everything in its console, every script error, every breach of the content policy, every answer of 400 and more that the
test did not expect; and where the test looks closely, every barrier that axe calls serious, and pages wider than the screen.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

AXE = Axe().axe_script
# Chosen in the page: all that axe has to tell of a long list is a megabyte. A dozen rows stand for those that follow.
GRAVE = """options => axe.run({exclude: [["tbody > tr:nth-child(n+13)"]]}, options).then(found => found.violations
  .filter(rule => ["serious", "critical"].includes(rule.impact))
  .flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary.slice(0, 300)}`)))"""
# The answer itself is noted with its status; a page that is left in the middle of loading is no fault.
SAID_ELSEWHERE = ("Failed to load resource", "Response Status Error Code")
OF_COLOUR = ("color-contrast", "link-in-text-block")
LEFT = "net::ERR_ABORTED"
NARROW = 600  # pixels: a telephone


class Desk:
    """One window of one person."""

    def __init__(self, context: BrowserContext, username: str = "") -> None:
        self.context = context
        self.username = username
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.refusals: list[tuple[int, str]] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("requestfailed", self._note_failure)
        self.page.on("response", self._note_answer)

    def go(self, path: str) -> Response:
        """Open a page."""
        answer = self.page.goto(path)
        assert answer is not None
        return answer

    def look(self) -> None:
        """Look closely at the page as it stands: for its width, and in both colour schemes at a PC; a telephone has the same."""
        self.page.wait_for_load_state()
        path = urlsplit(self.page.url).path
        wide, screen = self.page.evaluate("document.documentElement.scrollWidth"), self.page.viewport_size
        # Not innerWidth: a telephone zooms out to show a page that is too wide.
        if screen and wide > screen["width"]:
            self.complaints.append(f"{path}: {wide} pixels wide on a screen of {screen['width']}")
        if screen and screen["width"] > NARROW:
            self.page.emulate_media(color_scheme="dark")
            self.complaints += [f"{path} dark: {barrier}" for barrier in barriers(self.page, *OF_COLOUR)]
            self.page.emulate_media(color_scheme="light")
        self.complaints += [f"{path}: {barrier}" for barrier in barriers(self.page)]

    def expect_refusals(self, *statuses: int) -> None:
        """Take note that the portal refused so, and nothing else, since the last time."""
        found, self.refusals = self.refusals, []
        assert [status for status, _ in found] == list(statuses), found

    def leave(self) -> None:
        """Close the window; what it has to complain of fails the test."""
        self.context.close()
        assert not self.complaints, "\n".join(self.complaints)
        assert not self.refusals, self.refusals

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(SAID_ELSEWHERE):
            self.complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def _note_failure(self, request: Request) -> None:
        if request.failure and LEFT not in request.failure:
            self.complaints.append(f"network: {request.method} {request.url}: {request.failure}")

    def _note_answer(self, response: Response) -> None:
        if response.status >= 400:
            self.refusals.append((response.status, urlsplit(response.url).path))


def barriers(page: Page, *rules: str) -> list[str]:
    """Return what axe finds grave on the page, by these rules or by all."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options: dict[str, Any] = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found: list[str] = page.evaluate(GRAVE, options)
    return found
