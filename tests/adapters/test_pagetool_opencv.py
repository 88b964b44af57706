"""Page images: put upright and straight, evenly lit, nothing lost; photographs judged; pages bound."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable, Iterator
from random import Random

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from app.adapters.pagetool_opencv import OpenCvPageTool
from app.cli.demo.ageing import Condition, wear
from app.cli.demo.photo import photograph
from app.domain.page_places import led_over
from app.ports import PageFailed, RestoredPage
from tests.adapters.drawn_pages import FONT, PAPER, as_jpeg, printed, prose

RED = (196, 40, 44)
BOUND = Condition(holes=True, fold=True)  # punched, and folded once


@pytest.fixture(scope="module")
def tool() -> Iterator[OpenCvPageTool]:
    """One tool for all of these tests: its children start once."""
    made = OpenCvPageTool()
    yield made
    made.restorers.close()
    made.judges.close()


def restored(tool: OpenCvPageTool, image: Image.Image) -> RestoredPage:
    [page] = tool.restore([as_jpeg(image)])
    assert isinstance(page, RestoredPage)
    return page


def opened(page: RestoredPage) -> Image.Image:
    return Image.open(io.BytesIO(page.image)).convert("RGB")


@pytest.mark.parametrize(("turn", "back"), [(0, 0), (90, 90), (180, 180), (270, 270)])
def test_a_page_is_turned_upright(tool: OpenCvPageTool, turn: int, back: int) -> None:
    page = restored(tool, prose().rotate(turn, expand=True))  # counterclockwise

    assert page.turned == back
    assert (page.width, page.height) == (1240, 1754)
    assert [flaw.code for flaw in page.flaws] == (["sideways"] if turn else [])


@pytest.mark.parametrize("degrees", [-6.0, -2.0, 0.0, 1.3, 4.0])
def test_a_page_that_lies_askew_is_put_straight(tool: OpenCvPageTool, degrees: float) -> None:
    askew = prose().rotate(-degrees, resample=Image.Resampling.BICUBIC, fillcolor=PAPER)

    page = restored(tool, askew)
    again = restored(tool, opened(page))

    assert abs(page.skew - degrees) <= 0.3
    assert abs(again.skew) <= 0.3


@pytest.mark.parametrize("is_photo", [False, True])
def test_the_way_leads_from_a_place_as_it_was_read_to_the_same_place_on_the_copy(
    tool: OpenCvPageTool, is_photo: bool
) -> None:
    page = prose()
    ImageDraw.Draw(page).rectangle((1000, 1500, 1080, 1560), fill=RED)
    came = (
        photograph(page, Random(2))
        if is_photo
        else page.rotate(-3, Image.Resampling.BICUBIC, fillcolor=PAPER).rotate(90, expand=True)
    )

    found = restored(tool, came)

    read = came.rotate(-found.turned, expand=True)
    led, there = led_over(_red_box(read), found.way), _red_box(opened(found))
    assert led is not None
    assert led == pytest.approx(there, abs=12)
    assert _red_box(read) != pytest.approx(there, abs=12)


def _red_box(image: Image.Image) -> tuple[int, int, int, int]:
    """Return where the red stands, in thousandths of the image."""
    red, green, blue = image.split()
    box = ImageChops.subtract(red, ImageChops.lighter(green, blue)).point(lambda v: 255 * (v > 70)).getbbox()
    assert box is not None
    left, top, right, bottom = (round(1000 * at / whole) for at, whole in zip(box, image.size * 2, strict=True))
    return left, top, right, bottom


def test_a_page_that_a_person_has_put_upright_is_turned_no_further(tool: OpenCvPageTool) -> None:
    [page] = tool.restore([as_jpeg(prose().rotate(180))], is_upright=True)

    assert isinstance(page, RestoredPage)
    assert page.turned == 0


def test_yellow_paper_becomes_white_and_a_seal_stays_red(tool: OpenCvPageTool) -> None:
    scan = prose()
    pen = ImageDraw.Draw(scan)
    pen.ellipse((800, 1200, 1080, 1480), outline=RED, width=12)
    yellow = Image.merge(
        "RGB", [band.point(lambda v, s=s: int(v * s)) for band, s in zip(scan.split(), (0.95, 0.88, 0.7), strict=True)]
    )

    shown = opened(restored(tool, yellow))

    paper, seal = shown.getpixel((1150, 1650)), shown.getpixel((806, 1340))
    assert min(paper) > 235 and max(paper) - min(paper) < 12
    assert seal[0] > 150 and seal[0] - max(seal[1:]) > 60


def seal_alone() -> Image.Image:
    page = Image.new("RGB", (900, 1273), PAPER)
    ImageDraw.Draw(page).ellipse((500, 800, 640, 940), outline=(240, 175, 175), width=7)
    return page


def one_row() -> Image.Image:
    """A page with one row of close letters from margin to margin, as long as a crease."""
    page = Image.new("RGB", (1240, 1754), PAPER)
    pen = ImageDraw.Draw(page)
    for left in range(110, 1130, 27):
        pen.rectangle((left, 700, left + 18, 722), outline=(40, 40, 48), width=2)
        pen.line((left, 711, left + 18, 711), fill=(40, 40, 48), width=3)
    return page


def pencil_alone() -> Image.Image:
    page = Image.new("RGB", (900, 1273), PAPER)
    ImageDraw.Draw(page).text((200, 300), "已阅 王芳", font=ImageFont.truetype(FONT, 48), fill=(196, 195, 192))
    return page


@pytest.mark.parametrize(
    ("page", "blank"),
    [
        (Image.new("RGB", (900, 1273), PAPER), True),
        (Image.effect_noise((900, 1273), 12).point(lambda v: min(255, v + 110)).convert("RGB"), True),
        (seal_alone(), False),
        (pencil_alone(), False),
        (one_row(), False),
        (wear(Image.new("RGB", (1240, 1754), PAPER), Random(1), BOUND), True),
        (wear(pencil_alone(), Random(1), BOUND), False),
        (printed(size=(900, 1273)), False),
    ],
)
def test_a_page_with_a_faint_seal_or_a_pencil_note_is_not_blank(
    tool: OpenCvPageTool, page: Image.Image, blank: bool
) -> None:
    assert restored(tool, page).blank is blank


def with_little(draw: Callable[[ImageDraw.ImageDraw], object], paper: tuple[int, int, int] = PAPER) -> Image.Image:
    page = Image.new("RGB", (1240, 1754), paper)
    draw(ImageDraw.Draw(page))
    return page


def small_rows(pen: ImageDraw.ImageDraw, size: int = 12, fill: int = 40) -> None:
    for y in range(300, 1400, 100):
        pen.text(
            (60, y),
            "本人已仔细阅读保险条款及投保须知并同意遵守" * 4,
            font=ImageFont.truetype(FONT, size),
            fill=(fill,) * 3,
        )


def dotted(pen: ImageDraw.ImageDraw) -> None:
    for x in range(100, 1140, 8):
        pen.rectangle((x, 900, x + 2, 902), fill=(60, 60, 60))


def name_seal(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((1150, 1500, 1190, 1540), fill=(40, 40, 40))
    pen.text((1153, 1502), "王", font=ImageFont.truetype(FONT, 32), fill=PAPER)


NUMBER = ImageFont.truetype(FONT, 20)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(with_little(lambda pen: pen.text((615, 1660), "3", font=NUMBER, fill=(30, 30, 30))), id="number"),
        pytest.param(
            with_little(lambda pen: pen.text((2, 5), "P2026", font=NUMBER, fill=(30, 30, 30))), id="at the edge"
        ),
        pytest.param(with_little(small_rows), id="rows of small print"),
        pytest.param(with_little(lambda pen: small_rows(pen, 24, 216)), id="a faded slip"),
        pytest.param(with_little(dotted), id="a dotted line"),
        pytest.param(with_little(name_seal), id="a square seal where holes are"),
        pytest.param(with_little(lambda pen: pen.rectangle((300, 300, 940, 700), fill=(205, 215, 225))), id="a card"),
        pytest.param(with_little(lambda pen: None, (25, 25, 28)), id="a black cover"),
    ],
)
def test_a_page_with_little_on_it_is_not_blank(tool: OpenCvPageTool, page: Image.Image) -> None:
    assert not restored(tool, page).blank


def test_a_lined_sheet_without_a_word_is_blank(tool: OpenCvPageTool) -> None:
    page = with_little(
        lambda pen: [pen.line((60, y, 1180, y), fill=(150, 170, 200), width=2) for y in range(160, 1650, 50)]
    )

    assert restored(tool, page).blank


def test_the_sheet_of_a_photograph_is_cut_out_and_a_scan_is_left_whole(tool: OpenCvPageTool) -> None:
    photo = restored(tool, photograph(prose(), Random(5)))
    scan = restored(tool, prose())

    assert 1050 < photo.width < 1200 and 1500 < photo.height < 1700
    assert (scan.width, scan.height) == (1240, 1754)
    assert min(opened(photo).getpixel((8, 8))) > 200


def shot() -> Image.Image:
    return photograph(prose(size=(1654, 2339)), Random(7))


def glared() -> Image.Image:
    dim = ImageEnhance.Brightness(shot()).enhance(0.8)
    lamp = Image.new("L", dim.size)
    ImageDraw.Draw(lamp).ellipse((600, 900, 1100, 1400), fill=255)
    dim.paste(Image.new("RGB", dim.size, (255, 255, 255)), (0, 0), lamp.filter(ImageFilter.GaussianBlur(40)))
    return dim


@pytest.mark.parametrize(
    ("photo", "worst"),
    [
        (shot(), None),
        (photograph(prose(22, size=(1654, 2339), seed=4), Random(2)), None),
        (shot().filter(ImageFilter.GaussianBlur(4)), "blurred"),
        (ImageEnhance.Brightness(shot()).enhance(0.35), "dark"),
        (glared(), "glare"),
        (shot().resize((560, 792)), "small"),
        (prose(size=(1654, 2339)).crop((140, 0, 1654, 2339)), "cut"),
        (shot().crop((260, 0, 1654, 2339)), "cut"),
        (shot().rotate(90, expand=True), "sideways"),
        (Image.new("RGB", (1654, 2339), PAPER), "blank"),
    ],
    ids=["good", "good too", "blurred", "dark", "glare", "small", "cut", "cut on a desk", "sideways", "blank"],
)
def test_a_bad_photograph_is_told_and_a_good_one_is_let_pass(
    tool: OpenCvPageTool, photo: Image.Image, worst: str | None
) -> None:
    flaws = [flaw.code for flaw in tool.judge(as_jpeg(photo))]

    assert (worst in flaws) if worst else flaws == []


def test_pages_are_bound_without_encoding_them_again(tool: OpenCvPageTool) -> None:
    pages = [as_jpeg(prose(3)), as_jpeg(prose(3).rotate(90, expand=True))]

    with pikepdf.open(io.BytesIO(tool.assemble(pages))) as pdf:
        kept = [bytes(page.images["/Im0"].read_raw_bytes()) for page in pdf.pages]
        sizes = [[round(float(value)) for value in page.MediaBox] for page in pdf.pages]

    assert kept == pages
    assert sizes == [[0, 0, 595, 842], [0, 0, 842, 595]]


def test_a_page_is_turned_by_hand(tool: OpenCvPageTool) -> None:
    image = Image.open(io.BytesIO(tool.turn(as_jpeg(prose(3)), 90)))

    assert image.size == (1754, 1240)
    assert max(Image.open(io.BytesIO(tool.thumbnail(as_jpeg(prose(3))))).size) == 240


def test_what_is_no_picture_costs_itself_alone(tool: OpenCvPageTool) -> None:
    bad, good = tool.restore([b"no picture", as_jpeg(prose(3))])

    assert isinstance(bad, PageFailed) and bad.reason == "damaged"
    assert isinstance(good, RestoredPage)
    for act in (tool.judge, tool.thumbnail, lambda data: tool.turn(data, 90), lambda data: tool.assemble([data])):
        with pytest.raises(PageFailed, match="damaged"):
            act(b"no picture")


def test_a_page_outlives_the_child_that_worked_on_it(tool: OpenCvPageTool) -> None:
    restored(tool, prose(3))
    [child] = tool.restorers.processes()
    os.kill(child, signal.SIGKILL)

    assert restored(tool, prose(3)).width == 1240
