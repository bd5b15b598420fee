"""The one table of colors and lines of the pictures: as variables of a page, and as plain values for paper."""

from collections.abc import Mapping

INK = {
    "ink": ("#1f2426", "#e7e4dd"),
    "quiet": ("#565d61", "#a9adae"),
    "line": ("#d5d0c4", "#3c4348"),
    "surface": ("#ffffff", "#1c2024"),
    "accent": ("#0b6b68", "#63c7bf"),
    "heat1": ("#edf5f3", "#1f2f2e"),
    "heat2": ("#c8e2de", "#21494a"),
    "heat3": ("#93c7c1", "#266b67"),
    "heat4": ("#2a7a75", "#5db1aa"),
    "heat5": ("#07504d", "#a5e4dc"),
    "on-pale": ("#1f2426", "#e7e4dd"),
    "on-deep": ("#ffffff", "#0d1f1e"),
    "low2": ("#6f6a61", "#b9b2a4"),
    "low1": ("#c9c3b5", "#5f5b53"),
    "mid": ("#ece8dd", "#34383b"),
    "high1": ("#93c7c1", "#266b67"),
    "high2": ("#0b6b68", "#63c7bf"),
}  # light and dark; each step differs in lightness too, so that it is told apart in black and white

RULES = """
.mc-text { font: 13px FONT; fill: {ink}; }
.mc-small { font: 12px FONT; fill: {quiet}; }
.mc-name { font: 600 13px FONT; fill: {ink}; }
.mc-strong { font: 600 13px FONT; fill: {ink}; }
.mc-end { text-anchor: end; }
.mc-middle { text-anchor: middle; }
.mc-axis { stroke: {line}; stroke-width: 1; }
.mc-zero { stroke: {quiet}; stroke-width: 1; stroke-dasharray: 3 3; }
.mc-link { stroke: {accent}; stroke-width: 4; opacity: .4; }
.mc-interval { stroke: {ink}; stroke-width: 1.6; }
.mc-before { fill: {surface}; stroke: {ink}; stroke-width: 2; }
.mc-after { fill: {accent}; stroke: {accent}; stroke-width: 2; }
.mc-clear { fill: {ink}; stroke: {ink}; stroke-width: 2; }
.mc-course { stroke: {accent}; stroke-width: 2.5; fill: none; }
.mc-cell { stroke: {surface}; stroke-width: 2; }
.mc-part { stroke: {surface}; stroke-width: 1.5; }
.mc-hatch-field { fill: {surface}; stroke: {line}; stroke-width: 1; }
.mc-hatch { stroke: {quiet}; stroke-width: 1.2; }
.mc-on-pale { fill: {on-pale}; }
.mc-on-deep { fill: {on-deep}; }
""" + "".join(
    f".mc-{name} {{ fill: {{{name}}}; }}\n" for name in INK if name.startswith(("heat", "low", "high")) or name == "mid"
)
SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif'
ON_PAPER = "'Libertinus Serif', serif"


def looks_on_screen() -> str:
    """The rules for a page, in both color schemes: they need `color-scheme` to be set there."""
    variables = "".join(f"--mc-{name}: light-dark({light}, {dark}); " for name, (light, dark) in INK.items())
    return f":root {{ {variables}}}\n{_filled({name: f'var(--mc-{name})' for name in INK}, SANS)}"


def looks_on_paper() -> str:
    """The rules inside an SVG that stands alone, light."""
    return _filled({name: light for name, (light, _) in INK.items()}, ON_PAPER)


def _filled(colors: Mapping[str, str], font: str) -> str:
    rules = RULES.replace("FONT", font)
    for name, color in colors.items():
        rules = rules.replace(f"{{{name}}}", color)
    return rules
