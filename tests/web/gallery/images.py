"""Page images for the viewer: a form drawn with lines, so that no font is needed."""

from pathlib import Path

from PIL import Image, ImageDraw


def draw_sheet(number: int, size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    sheet = Image.new("RGB", size, "#fdfdfb")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((420, 110, 820, 170), fill="#444")
    for row in range(9 if number < 3 else 0):
        pen.rectangle((130, 260 + row * 82, 520 + (row * 137) % 500, 286 + row * 82), fill="#777")
    if number < 3:
        pen.ellipse((800, 1000, 1060, 1260), outline="#c33", width=8)
    return sheet


def draw_pages(folder: Path) -> None:
    """Write p1…p3.png and their thumbnails t1…t3.png into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in (1, 2, 3):
        sheet = draw_sheet(number)
        sheet.save(folder / f"p{number}.png")
        sheet.resize((168, 238)).save(folder / f"t{number}.png")
