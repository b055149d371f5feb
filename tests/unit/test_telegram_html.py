"""Whatever the words are, Telegram accepts the message."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import Mention
from bot.notifiers.telegram.markup import MAX_TEXT, Text, finished, text_of
from tests.fakes.alerts import SEEN, make_alert, make_update
from tests.fakes.telegram import parse_html, utf16
from tests.fakes.wild import alerts


def _squeezed(text):
    return " ".join(text.split())


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(alerts, st.booleans())
def test_any_words_are_accepted(alert, maybe_sent):
    """Balanced, escaped and at most 4,096 UTF-16 units after parsing; the plain form has the same words."""
    text = finished(text_of(alert), alert, SEEN, maybe_sent=maybe_sent)
    seen, _ = parse_html(text.html)
    assert 0 < utf16(seen) <= MAX_TEXT
    assert 0 < utf16(text.plain) <= MAX_TEXT
    link = [line for line in text.plain.split("\n") if line.startswith(("http://", "https://"))]
    without = "\n".join(line for line in text.plain.split("\n") if line not in link)
    assert seen == text.plain or _squeezed(seen) == _squeezed(without)


def test_the_headline_is_the_link():
    """Markup in the words stays words, and the address is an attribute."""
    text = text_of(make_alert(text='Nvidia <b>& "AMD"</b>', url='https://x.example/?a=1&b="2"'))
    assert '<a href="https://x.example/?a=1&amp;b=%222%22">Nvidia &lt;b&gt;&amp; "AMD"&lt;/b&gt;</a>' in text.html
    seen, entities = parse_html(text.html)
    assert 'Nvidia <b>& "AMD"</b>' in seen
    assert [e["url"] for e in entities if e["type"] == "text_link"] == ["https://x.example/?a=1&b=%222%22"]


def test_too_much_is_told_in_short():
    """A card that would not fit is told with fewer companies, not refused."""
    crowd = tuple(Mention(f"{i}" + "😀" * 60, None, 1, primary=i % 2 == 0, role="😀" * 60) for i in range(40))
    text = text_of(make_alert(mentions=crowd, text="😀" * 900))
    assert utf16(parse_html(text.html)[0]) <= MAX_TEXT
    assert "+ 16 more" in text.plain


def test_a_resend_warns_first():
    """What may be there already says so in its first line."""
    alert = make_update()
    text = finished(text_of(alert), alert, SEEN, maybe_sent=True)
    assert text.html.startswith("<i>(may have been sent before)</i>\n<b>FLASH · UPDATE ▲ NVDA")
    assert text.plain.startswith("(may have been sent before)\nFLASH")


def test_the_sent_time_ends_the_last_line():
    """Seen and sent stand in one line, in italics."""
    alert = make_alert()
    text = finished(text_of(alert), alert, SEEN, maybe_sent=False)
    assert text.html.endswith(" · sent 14:02:13 (+0.00 s)</i>")
    assert isinstance(text, Text)
