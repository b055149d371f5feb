"""The look-alikes of the README's pictures: they draw what was sent, and refuse what they cannot draw."""

import pytest

from tests.pictures import slack, telegram


@pytest.mark.parametrize(
    ("given", "drawn"),
    [
        ("*▲ NVDA* up", "<b>▲ NVDA</b> up"),
        ("~no longer so~", "<s>no longer so</s>"),
        ("a_b_c and 2*3*4", "a_b_c and 2*3*4"),
        ("`*as it is*` _slanted_", "<code>*as it is*</code> <i>slanted</i>"),
        ("<https://x.example/a_b_|Kite *Wire*>\n&lt;not a tag&gt;", "<a>Kite <b>Wire</b></a><br>&lt;not a tag&gt;"),
    ],
)
def test_slacks_markup(given, drawn):
    """Marks stand at the edges of words, code is left alone, escapes stay escaped."""
    assert slack.mrkdwn(given) == drawn


def test_a_block_without_a_drawing_is_an_error():
    """Nothing that was sent is left out of a picture in silence."""
    with pytest.raises(ValueError, match="no drawing of a block 'image'"):
        slack.blocks([{"type": "image"}])


def test_telegrams_entities():
    """Places are counted as Telegram does: a character outside the basic plane is two units."""
    entities = [
        {"type": "bold", "offset": 3, "length": 5},
        {"type": "text_link", "offset": 9, "length": 6},
        {"type": "strikethrough", "offset": 9, "length": 6},
    ]
    assert telegram.words("🟠 ALERT A<B up\nend", entities) == "🟠 <b>ALERT</b> <a><s>A&lt;B up</s></a><br>end"
