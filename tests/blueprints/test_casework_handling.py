"""The page of a case and the steps of handling it, driven as people do."""

from __future__ import annotations

from typing import Any

from tests.blueprints.casework_browsing import arrange, typed
from tests.client import Portal


def test_the_page_shows_the_register_masked_and_the_clock(portal: Portal) -> None:
    path, _ = arrange(portal)

    page = portal.browser("clerk").get(path).text

    assert "申屠*" in page
    assert "申屠望舒" not in page
    assert "139****0001" in page
    assert "clock-bar" in page
    assert "第十八条" in page


def step(portal: Portal, who: str, path: str, name: str, *, status: int = 303, **fields: Any) -> Any:
    """Take a step with the version that the page shows."""
    browser = portal.browser(who)
    page = browser.get(path).text
    return browser.post(f"{path}/{name}", {**typed(page), **fields}, status=status)
