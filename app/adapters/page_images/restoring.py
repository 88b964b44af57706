"""A page made easy to read for people: upright, straight, evenly lit, clean at its edges; nothing that was written is lost."""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2

from .blank import is_blank
from .ink import ink_of, reduced
from .light import border_of, calmed, deepened, flattened, grain_of, without_border
from .sheet import corners_of, cut_out, way_flat
from .upright import HeadFinder, lies_on_its_side, skew_of, straightened, way_straight
from .ways import Way

SKEWED = 0.7  # degrees from which a scan counts as lying askew
NOISY = 5.0
_STRAIGHT = 0.15  # degrees: less is left as it is
_QUARTERS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


class Restored(NamedTuple):
    """A restored page: the image, degrees turned, degrees of skew, whether it is blank, what was wrong with it.

    `way` leads from a place on the page, turned by `turned`, to the same place on the image: see `Way.told`.
    """

    image: Any
    turned: int
    skew: float
    blank: bool
    flaws: list[tuple[str, float]]
    way: list[float]


def restore(image: Any, heads: HeadFinder | None) -> Restored:
    """Return what people are shown of a page; without `heads` it is upright, as a person said, and not turned."""
    way = Way(image)
    blank, flaws = is_blank(image), []
    border = border_of(cv2.cvtColor(reduced(image), cv2.COLOR_BGR2GRAY))
    if border.any():
        flaws.append(("border", round(float((border > 0).mean()), 4)))
    turned, skew = 0, 0.0
    if not blank:
        corners = corners_of(image)
        page = cut_out(image, corners) if corners is not None else without_border(image, border)
        if corners is not None:
            way.step(way_flat(corners)[0])
        turned = _quarter(page, heads) if heads is not None else 0
        if turned:
            way.turn(page, turned)
            page = cv2.rotate(page, _QUARTERS[turned])
        skew = skew_of(_ink(page))
        if abs(skew) >= _STRAIGHT:
            way.step(way_straight(page.shape[1::-1], skew))
            page = straightened(page, skew)
    else:
        page = without_border(image, border)
    grain = grain_of(cv2.cvtColor(page[::2, ::2], cv2.COLOR_BGR2GRAY))
    flaws += [("noisy", round(grain, 1))] if grain >= NOISY else []
    flaws += [("skewed", skew)] if abs(skew) >= SKEWED else []
    flaws += [("sideways", float(turned))] if turned else []
    page = flattened(calmed(page, grain))
    return Restored(page if blank else deepened(page), turned, skew, blank, flaws, way.told(page, turned))


def _quarter(page: Any, heads: HeadFinder) -> int:
    """Return by how many degrees clockwise a page has to be turned to stand upright."""
    if lies_on_its_side(_ink(page)):
        standing = cv2.rotate(page, cv2.ROTATE_90_CLOCKWISE)
        return 270 if heads.is_upside_down(standing, _ink(standing)) else 90
    return 180 if heads.is_upside_down(page, _ink(page)) else 0


def _ink(page: Any) -> Any:
    return ink_of(cv2.cvtColor(reduced(page), cv2.COLOR_BGR2GRAY))
