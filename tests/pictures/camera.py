"""Photographs of web pages by Chromium without a screen."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

SCALE = 1.5  # so that text is sharp on most screens
MOST_HEIGHT = 4_000
COLOURS = 256  # enough for text and flat areas, and a third of the bytes
_BACKGROUND = (246, 248, 250)
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--hide-scrollbars", f"--force-device-scale-factor={SCALE}",
)  # fmt: skip

CSS = f"""
* {{ box-sizing: border-box; }}
body {{ margin: 0; padding: 24px; background: rgb{_BACKGROUND}; }}
.columns {{ display: flex; gap: 22px; align-items: flex-start; }}
.columns > div {{ flex: 1; min-width: 0; }}
.caption {{ font: 600 14px "DejaVu Sans", "Liberation Sans", sans-serif; color: #57606a; margin: 0 2px 8px; }}
.caption + div + .caption {{ margin-top: 20px; }}
"""


def find() -> str:
    """Chromium's name here.

    Raises:
        FileNotFoundError: there is none; says how to get one.
    """
    for name in _NAMES:
        if (path := shutil.which(name)) is not None:
            return path
    raise FileNotFoundError("no Chromium here: apt-get install chromium fonts-noto-color-emoji")


def page(css: str, columns: list[list[tuple[str, str]]]) -> str:
    """A page of columns, each of panels under their captions."""
    drawn = ["".join(f'<div class="caption">{caption}</div>{panel}' for caption, panel in column) for column in columns]
    inner = "".join(f"<div>{column}</div>" for column in drawn)
    return f'<!doctype html><meta charset="utf-8"><style>{CSS}{css}</style><div class="columns">{inner}</div>'


def photograph(html: str, to: Path, *, width: int) -> None:
    """Save a picture of a page, as high as it is.

    Args:
        html: the whole page; it fetches nothing.
        to: a PNG.
        width: of the window, in CSS pixels.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, shot = Path(folder, "page.html"), Path(folder, "page.png")
        source.write_text(html, encoding="utf-8")
        subprocess.run(
            [
                find(), *_FLAGS, f"--user-data-dir={folder}/profile", f"--window-size={width},{MOST_HEIGHT}",
                f"--screenshot={shot}", source.as_uri(),
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        with Image.open(shot) as opened:
            picture = opened.convert("RGB")
    drawn = ImageChops.difference(picture, Image.new("RGB", picture.size, _BACKGROUND)).getbbox()
    assert drawn is not None, "nothing was drawn"
    picture = picture.crop((0, 0, picture.width, min(drawn[3] + round(24 * SCALE), picture.height)))
    to.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(COLOURS, kmeans=2, dither=Image.Dither.NONE).save(to, optimize=True)
