"""Invented people are right in every number, papers say what their text says, and files are what scanners deliver."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from random import Random

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from app.cli.demo import fonts
from app.cli.demo.ageing import Condition, age, invent_condition, turned, wear
from app.cli.demo.barcodes import bars, module_count
from app.cli.demo.contracts import Facts, invent_facts
from app.cli.demo.encoding import as_jpeg, as_png, as_scanned_pdf, as_tiff
from app.cli.demo.fonts import Face, font, is_rare
from app.cli.demo.forms import KINDS, Need, UnknownKind, compose
from app.cli.demo.measures import fit, measure, wrap
from app.cli.demo.pages import draw_document, page_texts
from app.cli.demo.people import Person, invent_organisation, invent_people, invent_person
from app.cli.demo.photo import perspective
from app.cli.demo.sheets import HEIGHT, WIDTH, Text
from app.cli.demo.textpdf import as_text_pdf
from app.domain.business_numbers import check_business_number
from app.domain.categories import SEED as CATEGORIES
from app.domain.contact_numbers import check_bank_card, check_mobile, check_phone
from app.domain.identity_numbers import IdKind, Sex, check_identity, compare_with_typed

TODAY = date(2025, 6, 1)
SMALL_DPI = 60


def make_facts(seed: int = 7) -> Facts:
    return invent_facts(Random(seed), seed, on=TODAY)


def make_page(kind: str = "complaint", seed: int = 7) -> Image.Image:
    return draw_document(kind, make_facts(seed), Random(seed), dpi=SMALL_DPI)[0]


def squeezed(text: str) -> str:
    return "".join(text.split())


def difference(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def brightness(image: Image.Image) -> float:
    return ImageStat.Stat(image.convert("L")).mean[0]


# --- people ----------------------------------------------------------------------------------------


def test_the_same_seed_invents_the_same_people() -> None:
    first = list(invent_people(Random(3), 20, on=TODAY))

    second = list(invent_people(Random(3), 20, on=TODAY))

    assert first == second
    assert first != list(invent_people(Random(4), 20, on=TODAY))


def test_every_number_of_a_person_passes_the_portal_s_own_checks() -> None:
    for person in invent_people(Random(1), 500, on=TODAY):
        read = check_identity(IdKind.RESIDENT_ID, person.identity_number, TODAY)

        assert compare_with_typed(read, person.born, Sex.FEMALE if person.female else Sex.MALE) == []
        assert check_mobile(person.mobile) == person.mobile
        assert check_bank_card(person.bank_card) == person.bank_card


def test_no_invented_number_can_belong_to_anybody() -> None:
    for person in invent_people(Random(1), 200, on=TODAY):
        assert person.identity_number[4:6] == "98"
        assert person.mobile[:3] in {"161", "163", "164", "168", "169", "179"}


def test_no_two_invented_people_share_a_number() -> None:
    people = list(invent_people(Random(2), 20_000, on=TODAY))

    assert len({p.identity_number for p in people}) == len(people)
    assert len({p.mobile for p in people}) == len(people)


def test_names_are_of_all_sorts() -> None:
    names = [p.name for p in invent_people(Random(2), 5_000, on=TODAY)]

    assert any(len(n) == 2 for n in names)
    assert any(n.startswith(("欧阳", "上官", "司马", "诸葛")) for n in names)
    assert any("·" in n for n in names)
    assert any(is_rare(c) and ord(c) > 0xFFFF for n in names for c in n)


def test_the_age_asked_for_is_kept() -> None:
    ages = [invent_person(Random(s), on=TODAY, youngest=20, oldest=24).age(TODAY) for s in range(200)]

    assert set(ages) <= {20, 21, 22, 23, 24}


def test_a_card_was_good_before_the_policies_of_a_grown_customer() -> None:
    grown = [p for p in invent_people(Random(6), 300, on=TODAY) if p.age(TODAY) > 30]

    assert all(p.identity_from <= TODAY - timedelta(days=2600) for p in grown)
    assert all(p.identity_until is None or p.identity_until > TODAY for p in grown)


def test_an_organisation_has_a_right_credit_code() -> None:
    for seed in range(200):
        firm = invent_organisation(Random(seed), on=TODAY)

        check_identity(IdKind.USCC, firm.credit_code, TODAY)
        check_phone(firm.telephone)


# --- policies and claims ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(0, 300, 3))
def test_the_dates_of_a_file_follow_each_other(seed: int) -> None:
    facts = make_facts(seed)
    policy, claim = facts.policy, facts.claim

    days = [policy.applied, policy.effective, claim.occurred, claim.admitted, claim.discharged, claim.decided, TODAY]

    assert days == sorted(days)
    assert claim.occurred <= claim.reported
    assert policy.applicant.age(policy.applied) >= 18
    assert policy.insured.born <= policy.applied
    assert policy.expires is None or policy.expires > policy.effective


def test_serial_numbers_make_business_numbers_unique_and_well_formed() -> None:
    files = [make_facts(seed) for seed in range(300)]

    for numbers in (
        [f.policy.number for f in files],
        [f.policy.application_number for f in files],
        [f.claim.number for f in files],
        [f.claim.report_number for f in files],
    ):
        assert len(set(numbers)) == len(numbers)
        assert [check_business_number(n) for n in numbers] == numbers


def test_a_refused_claim_pays_nothing_and_has_a_reason() -> None:
    claims = [make_facts(seed).claim for seed in range(200)]

    assert {bool(c.refusal) for c in claims} == {True, False}
    assert all((c.paid == 0) == bool(c.refusal) and bool(c.refusal_code) == bool(c.refusal) for c in claims)
    assert all(c.paid <= c.claimed for c in claims)


def test_nobody_has_an_illness_that_only_the_other_sex_has() -> None:
    claims = [make_facts(seed).claim for seed in range(400)]

    women = [c.policy.insured.female for c in claims if c.ailment.women_only]

    assert women
    assert all(women)


# --- forms -----------------------------------------------------------------------------------------


def test_there_are_at_least_twenty_kinds_of_paper_in_known_categories() -> None:
    codes = {row.code for row in CATEGORIES}

    assert len(KINDS) >= 20
    assert {kind.category for kind in KINDS.values()} <= codes


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UnknownKind):
        compose("love_letter", make_facts(), Random(1))


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_leaves_the_paper(kind: str) -> None:
    for seed in range(6):
        for sheet in compose(kind, make_facts(seed), Random(seed)):
            for text in (m for m in sheet.printed + sheet.written if isinstance(m, Text)):
                width = measure(text.text, text.size)
                left = text.x - {"l": 0, "m": width / 2, "r": width}[text.anchor]

                assert left >= 5, text
                assert left + width <= WIDTH - 5, text
                assert 5 <= text.y <= HEIGHT - 5, text


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_says_that_it_is_a_sample_and_counts_itself(kind: str) -> None:
    texts = page_texts(kind, make_facts(), Random(7))

    for number, text in enumerate(texts, 1):
        assert "样本 · 合成数据" in text
        assert f"第 {number} 页  共 {len(texts)} 页" in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_names_the_people_it_is_about(kind: str) -> None:
    facts = make_facts()
    text = squeezed("".join(page_texts(kind, facts, Random(7))))

    somebody = (facts.person, facts.policy.insured, facts.policy.applicant)

    assert any(p.name in text for p in somebody) or facts.organisation.name in text


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_is_left_nearly_empty(kind: str) -> None:
    for seed in range(12):
        for sheet in compose(kind, make_facts(seed), Random(seed)):
            assert len(sheet.rows()) >= 6, (seed, sheet.text())


def test_a_policy_copy_quotes_the_policy() -> None:
    policy = make_facts().policy

    page = page_texts("policy_copy", make_facts(), Random(7))[0]
    text = squeezed(page)

    assert f"投保人 {policy.applicant.name} 性别 {policy.applicant.sex}" in page
    assert policy.number in text
    assert policy.applicant.identity_number in text
    assert squeezed(policy.product.name) in text


def test_the_charges_of_a_hospital_add_up_to_the_invoice() -> None:
    for seed in range(20):
        facts = make_facts(seed)
        total = f"¥ {facts.claim.claimed:,.2f}"

        text = "\n".join(page_texts("charge_list", facts, Random(seed)))

        charged = [Decimal(m.replace(",", "")) for m in re.findall(r" \d ([\d,]+\.\d\d) [甲乙丙]$", text, re.MULTILINE)]
        assert total in text
        assert sum(charged) == facts.claim.claimed


def test_a_paper_can_be_longer_or_shorter_than_it_needs_to_be() -> None:
    facts = make_facts()

    assert len(compose("endorsement", facts, Random(1), pages=3)) == 3
    assert len(compose("charge_list", facts, Random(1), pages=1)) == 1
    assert "附  页" in page_texts("endorsement", facts, Random(1), pages=2)[1]


def test_a_property_policy_is_given_no_life_insurance_papers() -> None:
    files = [make_facts(seed) for seed in range(80)]

    for facts in files:
        fitting = {kind.code for kind in KINDS.values() if kind.fits(facts)}

        assert ("notice" in fitting) == facts.policy.product.is_life
        assert ("refusal_notice" in fitting) == bool(facts.claim.refusal)
        assert "identity_card" in fitting
    assert {kind.needs for kind in KINDS.values()} == set(Need)


def test_the_blank_of_a_form_is_the_same_for_all_customers() -> None:
    blanks = {compose("notice", make_facts(seed), Random(seed))[0].printed for seed in (1, 2, 3)}

    assert len(blanks) == 1


def test_lines_break_before_the_edge_but_not_before_a_comma_or_in_a_number() -> None:
    lines = wrap("保险合同，" * 30, 10, 60)

    assert "".join(lines) == "保险合同，" * 30
    assert all(measure(line.rstrip("，"), 10) <= 60 and not line.startswith("，") for line in lines)
    assert wrap("保单号812012000000007", 10, 40) == ["保单号", "812012000000007"]
    assert fit("保险" * 20, 10, 30) == pytest.approx(10 * 30 / measure("保险" * 20, 10))


# --- pictures --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_as_a4_pages(kind: str) -> None:
    facts = make_facts()

    images = draw_document(kind, facts, Random(7), dpi=SMALL_DPI)

    assert len(images) == len(page_texts(kind, facts, Random(7)))
    assert {image.size for image in images} == {(496, 702)}
    assert all(image.mode == "RGB" and 170 < brightness(image) < 252 for image in images)


def test_equal_seeds_draw_equal_pages_and_other_customers_other_ones() -> None:
    assert make_page(seed=5).tobytes() == make_page(seed=5).tobytes()
    assert make_page(seed=5).tobytes() != make_page(seed=6).tobytes()


def test_stamps_are_red_and_handwriting_is_not_black() -> None:
    reds, _greens, blues = make_page().split()

    more_red = ImageChops.subtract(reds, blues).getextrema()[1]
    more_blue = ImageChops.subtract(blues, reds).getextrema()[1]

    assert more_red > 90
    assert more_blue > 20


def test_a_rare_character_is_drawn_by_a_font_that_has_it() -> None:
    for rare in "䶮𬱖𫖯㛃":
        mask = font(Face.HAND, 40, rare).getmask(rare)

        assert mask.getbbox() is not None
        assert bytes(mask) != bytes(font(Face.HAND, 40).getmask("\uffff"))


def test_without_any_chinese_font_the_reader_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fonts, "_FONTS", tmp_path)
    fonts._installed.cache_clear()

    with pytest.raises(fonts.FontMissing, match="fonts-noto-cjk"):
        font(Face.SONG, 99)

    fonts._installed.cache_clear()


def test_a_barcode_has_the_bars_of_its_digits() -> None:
    widths = [width for _, width in bars("2504", 0, 0, unit=1)]

    # Start two narrow bars; 2 has its second and fifth bar wide, 0 (of "04", in bars) its third and fourth; stop.
    assert widths == [1, 1, 1, 3, 1, 1, 3, 1, 1, 3, 3, 1, 3, 1]
    assert module_count("2504") == 4 + 2 * (6 * 1 + 4 * 3) + 5


# --- wear ------------------------------------------------------------------------------------------


def test_yellowing_takes_blue_first() -> None:
    aged = age(make_page(), Random(1), yellow=0.8)

    red, green, blue = ImageStat.Stat(aged).mean

    assert red > green > blue


def test_noise_and_shadow_change_a_page_but_not_its_size() -> None:
    page = make_page()

    noisy, shaded = age(page, Random(1), noise=0.6), age(page, Random(1), shadow=0.8)

    assert noisy.size == shaded.size == page.size
    assert brightness(shaded) < brightness(page) - 15
    assert difference(noisy, page) > 1


def test_turning_by_shears_agrees_with_a_true_rotation() -> None:
    page = make_page()

    sheared = turned(page, 1.2)
    rotated = page.rotate(1.2, Image.Resampling.BICUBIC, fillcolor=(228, 229, 227))

    assert difference(sheared, rotated) < 5 < difference(page, rotated)


def test_a_page_that_is_not_askew_is_left_alone() -> None:
    page = make_page()

    assert turned(page, 0.0) is page


def test_perspective_maps_the_seen_corners_to_the_flat_ones() -> None:
    seen = ((12.0, 20.0), (480.0, 30.0), (470.0, 690.0), (25.0, 670.0))
    flat = ((0.0, 0.0), (496.0, 0.0), (496.0, 702.0), (0.0, 702.0))

    a, b, c, d, e, f, g, h = perspective(seen, flat)

    for (x, y), (u, v) in zip(seen, flat, strict=True):
        depth = g * x + h * y + 1
        assert ((a * x + b * y + c) / depth, (d * x + e * y + f) / depth) == pytest.approx((u, v), abs=1e-6)


def test_a_photograph_shows_the_desk_around_the_page() -> None:
    shot = wear(make_page(), Random(2), Condition(photo=True))

    corner = shot.crop((0, 0, 8, 8))

    assert 30 < brightness(corner) < brightness(shot) - 40


def test_a_grey_copy_has_no_colour() -> None:
    assert wear(make_page(), Random(2), Condition(grey=True, noise=0.5, skew_degrees=0.4)).mode == "L"


def test_conditions_are_of_all_sorts_and_old_papers_are_yellower() -> None:
    fresh = [invent_condition(Random(s)) for s in range(200)]
    old = [invent_condition(Random(s), years=20) for s in range(200)]

    assert {c.photo for c in fresh} == {c.grey for c in fresh} == {c.holes for c in fresh} == {True, False}
    assert sum(c.yellow for c in old) > 3 * sum(c.yellow for c in fresh)


# --- files -----------------------------------------------------------------------------------------


def test_a_scanned_pdf_holds_pictures_and_no_text() -> None:
    images = draw_document("application", make_facts(), Random(7), dpi=SMALL_DPI)

    scanned = pypdfium2.PdfDocument(as_scanned_pdf(images, dpi=SMALL_DPI))

    assert len(scanned) == len(images)
    assert scanned[0].get_size() == pytest.approx((595, 842), abs=1)
    assert scanned[0].get_textpage().get_text_range() == ""


def test_a_text_pdf_says_what_the_page_says() -> None:
    facts = make_facts()
    wanted = page_texts("policy_copy", facts, Random(7))

    printed = pypdfium2.PdfDocument(as_text_pdf("policy_copy", facts, Random(7)))
    found = [squeezed(page.get_textpage().get_text_range()) for page in printed]

    assert len(found) == len(wanted)
    for have, want in zip(found, wanted, strict=True):
        assert all(number in have for number in re.findall(r"[0-9A-Z.,]{4,}", want))
        assert set(squeezed(want)) <= set(have)
    assert f"投保人{facts.policy.applicant.name}" in found[0]


def test_equal_pages_make_equal_files() -> None:
    assert as_scanned_pdf([make_page()]) == as_scanned_pdf([make_page()])
    assert as_jpeg(make_page()) == as_jpeg(make_page())


def test_a_worn_page_is_a_jpeg_of_modest_size() -> None:
    page = draw_document("claim_request", make_facts(), Random(7))[0]

    stored = as_jpeg(wear(page, Random(3), Condition(noise=0.5, yellow=0.2, skew_degrees=0.5)))

    assert stored[:3] == b"\xff\xd8\xff"
    assert 50_000 < len(stored) < 200_000


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_turned_photograph_says_how_to_turn_it_back(orientation: int) -> None:
    from PIL import ImageOps

    page = make_page()

    stored = Image.open(BytesIO(as_jpeg(page, orientation=orientation, quality=90)))

    assert stored.getexif()[0x0112] == orientation
    assert difference(ImageOps.exif_transpose(stored), page) < 4


def test_a_png_keeps_the_page() -> None:
    page = make_page()

    stored = Image.open(BytesIO(as_png(page, dpi=SMALL_DPI)))

    assert (stored.format, stored.mode) == ("PNG", "P")
    assert difference(stored.convert("RGB"), page) < 6


@pytest.mark.parametrize(("fax", "compression", "mode"), [(True, "group4", "1"), (False, "tiff_lzw", "L")])
def test_a_tiff_has_a_frame_for_each_page(fax: bool, compression: str, mode: str) -> None:
    images = draw_document("application", make_facts(), Random(7), dpi=SMALL_DPI)

    stored = Image.open(BytesIO(as_tiff(images, dpi=SMALL_DPI, fax=fax)))

    assert (stored.n_frames, stored.info["compression"], stored.mode) == (len(images), compression, mode)


def test_people_on_a_page_are_the_ones_given() -> None:
    person: Person = make_facts().person

    text = squeezed(page_texts("identity_card", make_facts(), Random(1))[0])

    assert person.identity_number in text
    assert person.name in text
