"""Every pair of colours that a screen puts together, computed in all four themes (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

STYLESHEET = Path(__file__).parents[2] / "app" / "static" / "app.css"

TEXT = """
ink on paper card hover soft mute-soft found well warn-soft
muted on paper card hover soft mute-soft well
link on paper card hover soft
on-brand on brand brand-hover
on-brand-quiet on brand brand-hover
rail-ink on deep deep-on
rail-muted on deep
seal on paper card hover soft seal-soft
on-seal on seal-fill
ok on paper card hover soft ok-soft
warn on paper card hover soft warn-soft
info on card hover soft info-soft
"""
SHAPES = """
edge on paper card
focus on paper card soft well
brand on paper card well
seal on card
ok-fill on well
warn-fill on well
seal-fill on well
rail-ink on deep
"""
LIGHT, DARK, MORE = "", "(prefers-color-scheme: dark)", "(prefers-contrast: more)"
THEMES = {
    "light": (LIGHT,),
    "dark": (LIGHT, DARK),
    "light, more contrast": (LIGHT, MORE),
    "dark, more contrast": (LIGHT, DARK, MORE, f"{MORE} and {DARK}"),
}


def root_tokens(css: str) -> dict[str, dict[str, str]]:
    """Return the colour tokens of each `:root` block, by the media condition around it."""
    blocks = re.findall(r"(?:@media ([^{]+?) \{\s*)?:root \{(.*?)\}", css, re.DOTALL)
    return {media: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body)) for media, body in blocks if media != "print"}


def pairs(table: str) -> list[tuple[str, str]]:
    lines = [line.split() for line in table.strip().splitlines()]
    return [(front, ground) for front, _on, *grounds in lines for ground in grounds]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_faint(theme: str, table: str, least: float) -> list[str]:
    blocks = root_tokens(STYLESHEET.read_text(encoding="utf-8"))
    tokens = {name: colour for media in THEMES[theme] for name, colour in blocks[media].items()}
    ratios = {pair: contrast(tokens[pair[0]], tokens[pair[1]]) for pair in pairs(table)}
    return [f"{front} on {ground}: {ratio:.2f}" for (front, ground), ratio in ratios.items() if ratio < least]


def test_contrast_is_computed_as_wcag_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_all_text_can_be_read(theme: str) -> None:
    assert too_faint(theme, TEXT, 4.5) == []


@pytest.mark.parametrize("theme", THEMES)
def test_all_shapes_that_mean_something_can_be_seen(theme: str) -> None:
    assert too_faint(theme, SHAPES, 3.0) == []


def test_more_contrast_means_seven_to_one_for_what_is_read_most() -> None:
    much_read = "ink on paper card\nmuted on paper card\nlink on paper card\nseal on card\nok on card\nwarn on card"

    assert too_faint("light, more contrast", much_read, 7.0) == []
    assert too_faint("dark, more contrast", much_read, 7.0) == []


def test_colours_stand_only_in_tokens() -> None:
    css = re.sub(r":root \{.*?\}", "", STYLESHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    before_print = css.split("@media print")[0]

    strays = set(re.findall(r"#[0-9a-f]{3,6}\b(?=[;\s,)])", before_print)) - {"#fff"}

    assert strays == set(), "only the white of paper behind a page image is not a token"
