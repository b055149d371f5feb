"""Letters for pictures: the fonts that this machine has, and which of them can write a text.

Pillow brings one font that has ASCII and little else. For other words a font of the machine is looked for; a text that
none can write is not drawn.
"""

from __future__ import annotations

import functools
import os
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFont

# Files by the name that they are installed under, without the ending; the first that can write a text is taken.
# The regular one first, then its bold one where that is a file of its own.
_WANTED = (
    ("NotoSansCJK-Regular", "NotoSansCJK-Bold"),
    ("NotoSansCJKsc-Regular", "NotoSansCJKsc-Bold"),
    ("NotoSansCJKjp-Regular", "NotoSansCJKjp-Bold"),
    ("NotoSansSC-Regular", "NotoSansSC-Bold"),
    ("NotoSansJP-Regular", "NotoSansJP-Bold"),
    ("NotoSansKR-Regular", "NotoSansKR-Bold"),
    ("SourceHanSans-Regular", "SourceHanSans-Bold"),
    ("SourceHanSansSC-Regular", "SourceHanSansSC-Bold"),
    ("wqy-microhei", ""),
    ("wqy-zenhei", ""),
    ("DroidSansFallbackFull", ""),
    ("PingFang", ""),
    ("Hiragino Sans GB", ""),
    ("ヒラギノ角ゴシック W3", "ヒラギノ角ゴシック W6"),
    ("AppleSDGothicNeo", ""),
    ("Arial Unicode", ""),
    ("msyh", "msyhbd"),
    ("YuGothR", "YuGothB"),
    ("meiryo", "meiryob"),
    ("malgun", "malgunbd"),
    ("NotoSans-Regular", "NotoSans-Bold"),
    ("DejaVuSans", "DejaVuSans-Bold"),
    ("LiberationSans-Regular", "LiberationSans-Bold"),
)
_LATIN = ("NotoSans-Regular", "DejaVuSans", "LiberationSans-Regular")  # better for words with accents than the others
_ENDINGS = {".ttf", ".ttc", ".otf"}
_DEEP = 6  # folders below a font folder that are looked into
_PROBE = 32  # size at which letters are looked for
# Signs that the small font lacks and that another sign says as well.
_PLAIN = str.maketrans({
    "–": "-", "—": "-", "‒": "-", "‐": "-", "‑": "-", "−": "-", "•": "·", "×": "x", "′": "'", "″": '"',
    "„": '"', "‚": "'", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "、": ", ", "。": ". ",
    "€": "EUR ", "£": "GBP ", "¥": "JPY ", "₩": "KRW ", "®": "",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Face:
    """A font that can write the text that it was chosen for."""

    regular: str  # its file; empty: the one that Pillow brings
    bold: str  # empty: the regular one, drawn thicker
    folds: bool = False  # letters lose their accents

    def at(self, size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
        """The font in a size in pixels."""
        return _font((bold and self.bold) or self.regular, size)

    @property
    def thickens(self) -> bool:
        """Whether bold has to be drawn."""
        return not self.bold


BUILT_IN = Face("", "")
_BARE = Face("", "", folds=True)  # rather a word without its accent than no picture


def face_for(text: str) -> Face | None:
    """A font for the words; None where this machine has none. Signs that are no letters need not be in it."""
    if _writes(BUILT_IN, written(BUILT_IN, text)):  # most words: no need to look at the machine's fonts
        return BUILT_IN
    return next((face for face in (*installed(), _BARE) if _writes(face, written(face, text))), None)


def written(face: Face, text: str) -> str:
    """The text as the font can write it: other signs for some, and none for pictographs that it lacks."""
    if not face.regular:
        text = text.translate(_PLAIN)
    if face.folds:
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(c for c in text if c.isspace() or _has(face.regular, c) or _matters(c))


@functools.cache
def installed() -> tuple[Face, ...]:
    """The fonts of the machine that we know by name, those for Latin words first."""
    files = {path.stem: str(path) for folder in _folders() for path in _files(folder)}
    faces = {name: Face(files[name], files.get(bold, "")) for name, bold in _WANTED if name in files}
    return tuple(faces[name] for name in (*(n for n in _LATIN if n in faces), *(n for n in faces if n not in _LATIN)))


def _writes(face: Face, text: str) -> bool:
    return all(c.isspace() or _has(face.regular, c) for c in text)


def _matters(char: str) -> bool:
    """Whether words would be other words without it."""
    return unicodedata.category(char)[0] in "LNM" and not 0xFE00 <= ord(char) <= 0xFE0F


@functools.lru_cache(maxsize=4_096)
def _has(path: str, char: str) -> bool:
    font = _font(path, _PROBE)
    return bytes(font.getmask(char)) != _missing(path)


@functools.cache
def _missing(path: str) -> bytes:
    return bytes(_font(path, _PROBE).getmask("\U0010fffe"))


@functools.lru_cache(maxsize=64)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    if path:
        return ImageFont.truetype(path, size)
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise OSError("Pillow was built without FreeType")
    return font


def _folders() -> tuple[Path, ...]:
    """Where fonts are installed."""
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), Path.home() / "Library/Fonts")
    if sys.platform == "win32":
        return (Path("C:/Windows/Fonts"),)
    return (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")


def _files(folder: Path) -> Iterator[Path]:
    for at, folders, names in os.walk(folder):
        if len(Path(at).relative_to(folder).parts) >= _DEEP:
            folders.clear()
        for name in names:
            path = Path(at, name)
            if path.suffix.lower() in _ENDINGS:
                yield path
