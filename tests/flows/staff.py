"""The way in: people come to their desks, at a PC or with a telephone in hand, with scripts or without."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser

from tests.flows.desk import Desk
from tests.flows.office import Office

PATIENCE_MILLISECONDS = 20_000
PC: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


class Staff:
    """Who sits where in one test."""

    def __init__(self, office: Office, browser: Browser, sessions: dict[str, Any]) -> None:
        self.office = office
        self.browser = browser
        self.sessions = sessions
        self.desks: list[Desk] = []

    def visitor(self, screen: dict[str, Any] = PC, *, scripts: bool = True, cookies: Any = None) -> Desk:
        """Return the window of somebody who has not signed in."""
        context = self.browser.new_context(
            base_url=self.office.base,
            ignore_https_errors=True,
            java_script_enabled=scripts,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            storage_state=cookies,
            accept_downloads=True,
            **screen,
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        desk = Desk(context)
        self.desks.append(desk)
        return desk

    def desk(self, username: str, screen: dict[str, Any] = PC, *, scripts: bool = True) -> Desk:
        """Return the window of somebody who has signed in, now or in an earlier test."""
        desk = self.visitor(screen, scripts=scripts, cookies=self.sessions.get(username))
        desk.username = username
        if username not in self.sessions:
            self.sign_in(desk, username)
            self.sessions[username] = desk.context.storage_state()
        return desk

    def sign_in(self, desk: Desk, username: str) -> None:
        """Go through the door: the password, then a fresh code of the telephone."""
        desk.go("/login")
        self.give_password(desk, username, self.office.people[username]["password"])
        desk.page.fill("#code", self.office.code_of(username))
        desk.page.click("main button.primary")
        desk.page.wait_for_url(re.compile(r"/(agent)?$"))

    def give_password(self, desk: Desk, username: str, password: str) -> None:
        """Give user name and password on the page that asks for them."""
        desk.page.fill("#username", username)
        desk.page.fill("#password", password)
        desk.page.click("main button.primary")
        desk.page.wait_for_url("**/login/*")

    def close(self) -> None:
        """Let everybody go; complaints come last, so that no window stays open."""
        told = []
        for desk in self.desks:
            try:
                desk.leave()
            except AssertionError as complaint:
                told.append(str(complaint))
        assert not told, "\n".join(told)
