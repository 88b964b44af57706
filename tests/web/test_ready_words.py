"""Words that come ready-made from below are shown in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import pytest

from app.domain.categories import SEED
from app.domain.devices import device_name
from app.domain.masking import HIDDEN_HEALTH, income_band, mask_income
from app.queries.customers import CustomerDetail, missing_particulars
from app.services import setup
from app.services.customers import HIDDEN
from app.web.cookies import LANGUAGE_COOKIE
from app.web.ready_words import BASES, BROWSERS, CLASSES, MASKS, PERIODS, spoken
from tests.client import Portal

YUAN = 100


def test_every_mask_has_its_words() -> None:
    bands = {mask_income(wan * 10_000 * YUAN) for wan in range(200)}

    assert bands | {HIDDEN, HIDDEN_HEALTH} == set(MASKS)
    assert income_band(0) == (0, 5)


@pytest.mark.parametrize("expires_on", [None, date(2026, 11, 1), date(2026, 12, 1)])
def test_every_reason_for_a_particular_has_its_words(expires_on: date | None) -> None:
    customer: Any = Bare(id_expires_on=expires_on, id_number="*" if expires_on else "")

    reasons = {gap.basis for gap in missing_particulars(customer, (), date(2026, 11, 22))}

    assert reasons
    assert reasons <= set(BASES)


@pytest.mark.parametrize("agent", ["MicroMessenger/8 Android 14", "MicroMessenger/8"])
def test_a_browser_with_a_chinese_name_is_known(agent: str) -> None:
    assert set(device_name(agent).split(" · ")) & set(BROWSERS)


def test_the_classification_and_the_periods_that_are_shipped_have_their_words() -> None:
    assert {row.name for row in SEED} == set(CLASSES)
    assert {label for _, label, *_ in setup.PERIODS} == set(PERIODS)


def test_a_class_and_its_sub_class_are_said_one_after_the_other(portal: Portal) -> None:
    with portal.app.test_request_context(
        "/", base_url="https://localhost", headers={"Cookie": f"{LANGUAGE_COOKIE}=en"}
    ):
        assert spoken("基本信息类 › 身份信息") == "Basic particulars › Identity"
        assert spoken("本单位自设类 › 身份信息") == "本单位自设类 › Identity"
        assert str(spoken("10年")) == "10 years"


def test_other_words_stay_as_they_are() -> None:
    assert spoken("138****6120") == "138****6120"
    assert spoken("Chrome · Windows") == "Chrome · Windows"
    assert spoken("微信 · Android") == "微信 · Android"
    assert spoken(None) is None


@dataclass(frozen=True, slots=True)
class Bare:
    """A customer of whom next to nothing is known."""

    id_number: str
    id_expires_on: date | None
    kind: str = "person"
    birth_date: date | None = None
    mobile: str = ""
    phone: str = ""
    address: str = ""
    id_never_expires: bool = False


def test_the_bare_customer_is_made_of_a_customers_fields() -> None:
    assert {field.name for field in fields(Bare)} <= {field.name for field in fields(CustomerDetail)}
