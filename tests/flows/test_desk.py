"""The desk itself: what it must complain of, it complains of."""

from __future__ import annotations

import pytest

from tests.flows.staff import PHONE, Staff

pytestmark = pytest.mark.browser

# What a careless change of a page would bring, done to a page that is well.
FLAWS = {
    "script": "setTimeout(() => { throw new Error('broken') })",
    "console": "console.error('something is wrong')",
    "Content Security Policy": "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">red</p>')",
    "color-contrast": "document.querySelector('h1').style.color = '#ccd'",
    "label": "document.querySelectorAll('label').forEach(label => label.remove())",
    "pixels wide": "document.querySelector('main').style.minWidth = '500px'",
}


@pytest.mark.parametrize(("complaint", "flaw"), FLAWS.items(), ids=list(FLAWS))
def test_a_flaw_of_a_page_is_told(staff: Staff, complaint: str, flaw: str) -> None:
    desk = staff.visitor(PHONE)
    desk.go("/login")
    desk.look()
    assert desk.complaints == []

    desk.page.evaluate(f"() => {{ {flaw} }}")
    desk.page.wait_for_timeout(50)
    desk.look()

    assert [said for said in desk.complaints if complaint in said], desk.complaints
    desk.complaints.clear()


def test_a_refusal_that_nobody_expected_is_told(staff: Staff) -> None:
    desk = staff.visitor()

    desk.go("/nowhere")

    with pytest.raises(AssertionError):
        desk.expect_refusals()
