"""A card as a picture: always whole, or none."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image

from bot.domain import Mention, Status, Urgency
from bot.notifiers.base import Quote
from bot.notifiers.card import card_of
from bot.notifiers.fonts import BUILT_IN, face_for, installed, written
from bot.notifiers.picture import _BANDS, HEIGHT, WIDTH, _Pen, _pieces, picture_of
from tests.fakes.alerts import make_alert
from tests.fakes.telegram import _picture
from tests.fakes.wild import alerts
from tests.unit.test_telegram_html import story_of


def drawn(alert, **options):
    """The picture, opened."""
    png = picture_of(card_of(alert, **options))
    assert png is not None
    return Image.open(io.BytesIO(png)).convert("RGB")


def ink(image, box, colour, near=40):
    """How many pixels of a box have about that colour."""
    pixels = image.crop(box).tobytes()
    return sum(all(abs(pixels[i + c] - colour[c]) <= near for c in range(3)) for i in range(0, len(pixels), 3))


@pytest.mark.parametrize("urgency", Urgency)
def test_a_picture_is_one_that_telegram_takes(urgency):
    """A PNG in a shape that every client shows uncropped, its band as loud as the alert."""
    png = picture_of(card_of(make_alert(urgency=urgency)))
    assert png is not None
    assert (_picture(png)["width"], _picture(png)["height"]) == (WIDTH, HEIGHT)
    assert len(png) < 200_000
    image = drawn(make_alert(urgency=urgency))
    assert image.getpixel((5, 5)) == image.getpixel((WIDTH - 5, 60)) == _BANDS[urgency]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(alerts)
def test_any_words_are_drawn_or_not_at_all(alert):
    """No words break it; what no font can write is no picture."""
    png = picture_of(card_of(alert))
    assert png is None or _picture(png)["width"] == WIDTH


def test_arrows_have_their_colours():
    """Green for up, red for down: seen before a word is read."""
    row = (0, 440, WIDTH, 520)
    up = drawn(make_alert(mentions=(Mention("Nvidia", "NVDA", 1),)))
    down = drawn(make_alert(mentions=(Mention("Nvidia", "NVDA", -1),)))
    flat = drawn(make_alert(mentions=(Mention("Nvidia", "NVDA", 0),)))
    green, red = (63, 205, 110), (255, 96, 90)
    assert ink(up, row, green) > 500 > ink(up, row, red)
    assert ink(down, row, red) > 500 > ink(down, row, green)
    assert ink(flat, row, red) == ink(flat, row, green) == 0


def test_a_denied_claim_looks_like_no_other():
    """Another band, the headline struck out, the arrows without colour."""
    alert = make_alert()
    image = drawn(alert, standing=story_of(alert, status=Status.DENIED))
    assert image.getpixel((5, 5)) not in _BANDS.values()
    struck = (0, 120, WIDTH, 430)
    assert ink(image, struck, (255, 96, 90)) > 3_000
    assert ink(drawn(alert), struck, (255, 96, 90)) == 0
    assert ink(image, (0, 440, WIDTH, 520), (63, 205, 110)) == 0


def test_a_price_stands_in_its_ticker_s_frame():
    """The frame is wider for it, and the company that then finds no room is counted."""
    quotes = {"NVDA": Quote(181.2, 2.1), "BABA": Quote(92.1, -0.3)}
    alert = make_alert()
    assert picture_of(card_of(alert)) != picture_of(card_of(alert, quotes=quotes))
    row = (300, 440, WIDTH, 520)
    assert ink(drawn(alert, quotes=quotes), row, (255, 96, 90)) > 200


def test_lines_stay_in_the_picture():
    """Words are broken at spaces; a word that is wider than a line is broken inside, and nothing is lost."""
    pen = _Pen.__new__(_Pen)
    pen._face = BUILT_IN
    text = "Beijing said to weigh " + "H" * 90 + " letting Alibaba buy"
    lines = pen.wrap(text, 60, 1_088, bold=True)
    assert all(pen.width(line, 60, bold=True) <= 1_088 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert lines[0] == "Beijing said to weigh"
    assert pen.cut(text, 60, 300, bold=True).endswith("…")
    assert pen.width(pen.cut(text, 60, 300, bold=True), 60, bold=True) <= 300


def test_scripts_without_spaces_break_between_signs():
    """But no line begins with a comma or a full stop."""
    assert _pieces("中国拟H200，允许") == ["中", "国", "拟", "H200，", "允", "许"]
    assert _pieces("one two") == ["one", " two"]


def test_the_small_font_writes_what_it_can():
    """Other dashes and signs for those that it lacks; pictographs go, letters do not."""
    assert written(BUILT_IN, "Entity List — €5 🚀 “soon”") == "Entity List - EUR 5  “soon”"
    assert face_for("Entity List — €5 🚀 “soon”") is BUILT_IN
    assert written(BUILT_IN, "半") == "半"


def test_letters_that_no_font_has_are_no_picture():
    """Rather the words alone than boxes; a word without its accents is still the word."""
    assert face_for("\U00012000") is None  # cuneiform
    assert picture_of(card_of(make_alert(text="\U00012000\U00012001"))) is None
    accents = face_for("Société européenne")
    assert accents is not None
    assert written(accents, "Société") == ("Société" if accents.regular else "Societe")


@pytest.mark.skipif(not installed(), reason="no font of those that we know is installed")
def test_a_font_of_the_machine_writes_what_the_small_one_cannot():
    """Greek and Cyrillic are in every large font."""
    face = face_for("Импорт чипов")
    assert face is not None
    assert face.regular
    assert drawn(make_alert(text="Импорт чипов")).size == (WIDTH, HEIGHT)
