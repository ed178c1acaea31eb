"""The tokens: the document's to the letter in both themes, and text that can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "frontend" / "css" / "tokens" / "tokens.css"

DOCUMENT_LIGHT = {
    "bg-primary": "#FFFFFF",
    "bg-secondary": "#F8FAFC",
    "bg-tertiary": "#F1F5F9",
    "text-primary": "#000000",
    "text-secondary": "#1D1D1F",
    "text-tertiary": "#48484A",
    "border": "#E2E8F0",
    "border-hover": "#CBD5E1",
    "accent": "#2E8ECE",
    "accent-hover": "#2577AD",
    "accent-light": "#E8F4FB",
    "accent-dark": "#1A3A52",
    "success": "#27AE60",
    "success-bg": "#D5F5E3",
    "warning": "#F1C40F",
    "warning-bg": "#FEF9E7",
    "danger": "#E74C3C",
    "danger-bg": "#FADBD8",
    "info": "#2E8ECE",
}
# text-tertiary is the one dark value that the design replaces: #64748B is too faint for text.
DOCUMENT_DARK = {
    "bg-primary": "#030712",
    "bg-secondary": "#0F172A",
    "bg-tertiary": "#1E293B",
    "text-primary": "#F8FAFC",
    "text-secondary": "#94A3B8",
    "text-tertiary": "#8392A6",
    "border": "#1E293B",
    "border-hover": "#334155",
    "accent-light": "#172554",
    "success-bg": "#052E16",
    "warning-bg": "#422006",
    "danger-bg": "#450A0A",
}
BACKGROUNDS = ("bg-primary", "bg-secondary", "bg-tertiary")
TEXTS = ("text-primary", "text-secondary", "text-tertiary", "accent-text", "success-text")
TINTED = {
    "accent-text": "accent-light",
    "success-text": "success-bg",
    "warning-text": "warning-bg",
    "danger-text": "danger-bg",
}


HEX = r"#[0-9A-Fa-f]{6}"


def themes() -> dict[str, dict[str, str]]:
    """Every token that is a plain color, by theme: one value for both, or `light-dark(light, dark)`."""
    found: dict[str, dict[str, str]] = {"light": {}, "dark": {}}
    pattern = rf"--color-([a-z-]+): (?:light-dark\(({HEX}), ({HEX})\)|({HEX}));"
    for name, light, dark, both in re.findall(pattern, CSS.read_text()):
        found["light"][name], found["dark"][name] = light or both, dark or both
    return found


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_light_tokens_are_the_documents() -> None:
    assert DOCUMENT_LIGHT.items() <= themes()["light"].items()


def test_dark_tokens_are_the_documents() -> None:
    assert DOCUMENT_DARK.items() <= themes()["dark"].items()


def test_a_theme_is_chosen_by_color_scheme_alone() -> None:
    """A dark system and a dark choice look the same, because each token is written once."""
    css = CSS.read_text()
    schemes = re.findall(r"([^{}\n]+) \{ color-scheme: (light|dark); \}", css)
    chosen = {selector.strip(): scheme for selector, scheme in schemes}
    assert chosen == {
        '.light, [data-theme="light"]': "light",
        '.dark, [data-theme="dark"]': "dark",
        ':root:root, .dark, [data-theme="dark"]': "light",  # on paper
    }
    assert "color-scheme: light dark;" in css and "prefers-color-scheme" not in css
    tokens = [
        name
        for name in re.findall(r"(--[a-z0-9-]+):", css)
        if name.startswith(("--color", "--heat"))
    ]
    assert len(tokens) == len(set(tokens)) > 40


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("text", [*TEXTS, "warning-text", "danger-text"])
def test_text_is_readable_on_every_background(theme: str, background: str, text: str) -> None:
    tokens = themes()[theme]
    assert contrast(tokens[text], tokens[background]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "tint"), TINTED.items())
def test_text_is_readable_on_its_own_tint(theme: str, text: str, tint: str) -> None:
    tokens = themes()[theme]
    assert contrast(tokens[text], tokens[tint]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("fill", ["button", "button-hover", "danger-button"])
def test_buttons_with_white_words_are_readable(theme: str, fill: str) -> None:
    assert contrast("#FFFFFF", themes()[theme][fill]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_edge_of_a_control_can_be_seen(theme: str) -> None:
    tokens = themes()[theme]
    surface = tokens["bg-primary"] if theme == "light" else tokens["bg-secondary"]
    assert contrast(tokens["control-border"], surface) >= 3
