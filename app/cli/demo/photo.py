"""Pages photographed by telephone: lying askew on a desk, seen in perspective."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw, ImageFilter

from app.cli.demo.textures import cut, desk

Corners = tuple[tuple[float, float], ...]


def photograph(image: Image.Image, rng: Random) -> Image.Image:
    """Return the page lying on a desk, seen from a little aside; same size."""
    width, height = image.size
    scene = cut(desk(image.size, rng.randrange(3)), image.size, rng)
    corners = _lying(width, height, rng)
    numbers = perspective(corners, ((0, 0), (width, 0), (width, height), (0, height)))
    page = image.transform(image.size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR)
    _cast_shadow(scene, corners)
    scene.paste(page, (0, 0), _cover(image.size, corners))
    return scene


def _cover(size: tuple[int, int], corners: Corners) -> Image.Image:
    """Return the mask of the page, a pixel inside of its corners and with soft edges."""
    cover = Image.new("L", size)
    middle = (size[0] / 2, size[1] / 2)
    inside = [(x + (1.5 if x < middle[0] else -1.5), y + (1.5 if y < middle[1] else -1.5)) for x, y in corners]
    ImageDraw.Draw(cover).polygon(inside, fill=255)
    return cover.filter(ImageFilter.BoxBlur(0.7))


def _lying(width: int, height: int, rng: Random) -> Corners:
    margin = 0.045
    turn = rng.uniform(-0.02, 0.02)

    def near(x: float, y: float) -> tuple[float, float]:
        return (
            (x + rng.uniform(-0.02, 0.02) - turn * (y - 0.5)) * width,
            (y + rng.uniform(-0.015, 0.015) + turn * (x - 0.5)) * height,
        )

    return (near(margin, margin), near(1 - margin, margin), near(1 - margin, 1 - margin), near(margin, 1 - margin))


def perspective(seen: Corners, flat: Corners) -> tuple[float, ...]:
    """Return the eight numbers by which `Image.transform` maps the four `seen` corners to the four `flat` ones."""
    rows = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solved(rows)


def _solved(rows: list[list[float]]) -> tuple[float, ...]:
    """Solve the linear equations by elimination with pivots."""
    count = len(rows)
    for column in range(count):
        pivot = max(range(column, count), key=lambda r: abs(rows[r][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for other in range(count):
            if other != column:
                factor = rows[other][column]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[column], strict=True)]
    return tuple(row[-1] for row in rows)


def _cast_shadow(scene: Image.Image, corners: Corners) -> None:
    """Darken the desk just beside the page."""
    reach = max(4, scene.width // 130)
    pen = ImageDraw.Draw(scene, "RGBA")
    for step in range(reach, 0, -2):
        pen.polygon([(x + step, y + step) for x, y in corners], fill=(0, 0, 0, 34))
