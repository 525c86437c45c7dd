"""A real Chromium against a real server, with real commits."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from riskreview.accounts.models import User
from tests.conftest import PASSWORD

# Playwright's synchronous interface runs an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "section508", "best-practice"]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# A refused act answers 403 or 409, and Chromium notes every such answer on its console.
EXPECTED = ("status of 403", "status of 409", "status of 422")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser, on real commits."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this run: CHROMIUM, or the first one on the path."""
    found = os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("No Chromium found. Run `apt-get install chromium`, or set CHROMIUM to the program.", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


class Visitor:
    """Somebody at a browser; remembers what its console said."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url, self.console = context, url, []
        self.page: Page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.console.append(str(error)))

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning") and not any(word in message.text for word in EXPECTED):
            self.console.append(message.text)

    def sign_in(self, user: User) -> Visitor:
        """Through the form, like anybody."""
        self.go("/login/")
        self.page.get_by_label("E-mail address").fill(user.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.url}/queue/")
        return self

    def go(self, path: str) -> Page:
        """Open a page."""
        self.page.goto(self.url + path, wait_until="load")
        return self.page

    def violations(self) -> list[str]:
        """What axe finds wrong with the page as it is."""
        run = f"{AXE};axe.run(document,{{runOnly:{{type:'tag',values:{json.dumps(TAGS)}}}}})"
        found = self.page.evaluate(run)["violations"]
        return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]

    def sideways(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.fixture
def visit(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Visitor]]:
    """Open a browser window of its own for somebody."""
    contexts: list[BrowserContext] = []

    def arrive(user: User | None = None, **options: Any) -> Visitor:
        context = chromium.new_context(**({"reduced_motion": "reduce"} | options))
        context.set_default_timeout(8_000)
        contexts.append(context)
        visitor = Visitor(context, live_server.url)
        return visitor.sign_in(user) if user else visitor

    yield arrive
    for context in contexts:
        context.close()
