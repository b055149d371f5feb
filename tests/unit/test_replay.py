"""An archive through the path: the contract's records, the same again, and an end for every headline."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.companies import load_companies
from bot.desk import Desk
from bot.domain import Cap, Destination, Event, Outcome, Reason, SourceSpec, Status, Tier, Topic
from bot.errors import BotError
from bot.replay import (
    MAX_LINE,
    differences,
    embed_told,
    play,
    quantile,
    read_archive,
    score_archive,
    summarise,
    told_to,
)
from bot.subscriptions import make_subscription
from classifiers.api import Thresholds
from tests.fakes.classifier import FakeClassifier
from tests.fakes.values import make_score

COMPANIES = load_companies()
CONSOLE = make_subscription(Destination.parse("console"), topics=list(Topic), origin="default")
NOON = "2026-06-01T12:00:00Z"
NEWS = "US grants Nvidia licence to sell H20 chips to China"
KEYS = {"id", "outcome", "reason", "story", "urgency", "tickers", "event", "status", "chip_export"}


def row(id_="1", headline=NEWS, published=NOON, **more):
    return {"id": id_, "headline": headline, "published": published, **more}


def write(folder, *rows):
    path = folder / "archive.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


def read(folder, *rows, specs=()):
    return read_archive(write(folder, *rows), {spec.name: spec for spec in specs})


def played(archive, classifier=None, subscriptions=(CONSOLE,), **desk):
    classifier = classifier or FakeClassifier()
    fresh = Desk(COMPANIES, classifier.thresholds, embed=classifier.embed, **desk)
    return list(play(archive, score_archive(archive, classifier), fresh, subscriptions))


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("published", "at"),
    [
        ("2026-06-01T12:00:00Z", datetime(2026, 6, 1, 12, tzinfo=UTC)),
        ("2026-06-01T12:00:00+08:00", datetime(2026, 6, 1, 4, tzinfo=UTC)),
        ("2026-06-01 12:00", datetime(2026, 6, 1, 12, tzinfo=UTC)),
        ("2026-06-01", datetime(2026, 6, 1, tzinfo=UTC)),
        ("Mon, 01 Jun 2026 12:00:00 GMT", datetime(2026, 6, 1, 12, tzinfo=UTC)),
    ],
)
def test_times(tmp_path, published, at):
    """With a zone or in UTC, a day alone is its first moment, and the dates of feeds are read too."""
    (archived,) = read(tmp_path, row(published=published))
    assert (archived.published_at, archived.headline.first_seen_at) == (at, at)


def test_what_an_archive_knows_is_used(tmp_path):
    """Publisher, page and when it was seen; the decision falls when it was seen."""
    (archived,) = read(
        tmp_path,
        row(publisher="Kite Wire", url="https://www.wire.example/a?utm_source=x", source="kite",
            seen="2026-06-01T12:00:05Z"),
    )  # fmt: skip
    headline = archived.headline
    assert (headline.publisher, headline.source) == ("Kite Wire", "kite")
    assert headline.canonical_url == "https://wire.example/a"
    assert headline.first_seen_at - archived.published_at == timedelta(seconds=5)


@pytest.mark.parametrize(
    ("more", "tier"),
    [
        ({"publisher": "Reuters"}, Tier.WIRE),
        ({"publisher": "Harbour Daily"}, Tier.PRESS),
        ({}, Tier.PRESS),
        ({"publisher": "Reuters", "tier": "social"}, Tier.SOCIAL),
        ({"source": "agency"}, Tier.PRIMARY),
        ({"source": "agency", "tier": "press"}, Tier.PRESS),
    ],
)
def test_whose_word_it_is(tmp_path, more, tier):
    """The archive's own word first, then the catalogue's, then the publisher's name."""
    agency = SourceSpec("agency", "feed", "", timedelta(minutes=1), "Agency", Tier.PRIMARY)
    (archived,) = read(tmp_path, row(**more), specs=[agency])
    assert archived.headline.tier is tier
    assert archived.headline.official is (tier is Tier.PRIMARY)


def test_an_archive_is_played_in_time_order(tmp_path):
    """However its lines stand; blank ones are passed over, a byte order mark hides nothing, ids may be numbers."""
    path = tmp_path / "archive.jsonl"
    lines = [json.dumps(row(n, published=f"2026-06-0{5 - n}")) for n in (1, 2, 3)]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n\r\n".join(lines).encode())
    assert [archived.id for archived in read_archive(path, {})] == ["3", "2", "1"]


BAD = [
    (b"", "empty"),
    (b"\n \n", "empty"),
    (b"{}\n", "line 1: no `id`"),
    (json.dumps(row(True)).encode(), "line 1: no `id`"),
    (json.dumps(row("")).encode(), "line 1: no `id`"),
    (json.dumps(row(headline="  ")).encode(), "line 1: no `headline`"),
    (json.dumps(row(headline=3)).encode(), "line 1: no `headline`"),
    (json.dumps(row(published=None)).encode(), "line 1: no `published`"),
    (json.dumps(row(published="soon")).encode(), "line 1: `published` 'soon' is no time"),
    (json.dumps(row(published=1780315200)).encode(), "line 1: `published` 1780315200 is no time"),
    (json.dumps(row(published="0001-01-01T00:00:00+14:00")).encode(), "is no time"),
    (json.dumps(row(published="x" * 9_000)).encode(), "x…"),
    (json.dumps(row(seen="later")).encode(), "line 1: `seen` 'later' is no time"),
    (json.dumps(row(tier="best")).encode(), "line 1: `tier` 'best' is unknown; known: primary"),
    (json.dumps(row(tier=["best"])).encode(), "line 1: `tier`"),
    (json.dumps(row(headline="half \ud800")).encode(), "line 1: holds half a character"),
    (json.dumps(row("\udfff")).encode(), "line 1: holds half a character"),
    (b"\n" + json.dumps(row()).encode() + b"\n\n" + json.dumps(row()).encode(), "line 4 has the id '1' of line 2"),
    (json.dumps(row(1)).encode() + b"\n" + json.dumps(row("1")).encode(), "line 2 has the id '1' of line 1"),
    (json.dumps(row()).encode() + b'\n{"id": "\xff"}\n', "line 2 is not UTF-8 text (byte 9)"),
    (b'{"id": ', "line 1: not valid JSON"),
    (b"[1]", "line 1: not an object"),
    (b"[" * 60_000, "line 1: not valid JSON"),
    (b'{"id": ' + b"1" * 5_000 + b"}", "line 1: not valid JSON"),
    (json.dumps(row()).encode() + b"\n" + b"x" * (MAX_LINE + 1), "line 2 is longer than 64 KB"),
]


@pytest.mark.parametrize(("content", "words"), BAD, ids=range(len(BAD)))
def test_what_cannot_be_read_is_told_in_one_line(tmp_path, content, words):
    """With the file, the line and what is wrong; a long value is not quoted in full."""
    path = tmp_path / "archive.jsonl"
    path.write_bytes(content)
    with pytest.raises(BotError) as caught:
        read_archive(path, {})
    text = str(caught.value)
    assert text.startswith(f"{path}: ")
    assert words in text
    assert len(text.splitlines()) == 1
    assert len(text) < len(str(path)) + 300


def test_a_file_that_is_not_there(tmp_path):
    """A missing file and a folder are named."""
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(BotError, match=r": cannot be read: \w"):
            read_archive(path, {})


# ── playing ──────────────────────────────────────────────────────────────────────────────────────


def test_records_are_the_contracts(tmp_path):
    """Each has the contract's keys, told or not, and nothing else."""
    model = FakeClassifier(scores={"Choir wins prize": make_score(chip_export=0.01234, market_moving=0.0)})
    rows = [row("a"), row("b", "Choir wins prize", "2026-06-02")]
    told, dropped = (p.record() for p in played(read(tmp_path, *rows), model))
    assert set(told) == set(dropped) == KEYS
    assert told | {"story": None} == {
        "id": "a", "outcome": "alert", "reason": "new_story", "story": None, "urgency": "alert",
        "tickers": {"NVDA": 1}, "event": "licence", "status": "reported", "chip_export": 0.97,
    }  # fmt: skip
    assert told["story"].startswith("nvidia-")
    assert dropped | {"tickers": {}} == {
        "id": "b", "outcome": "spike", "reason": "below_threshold", "story": None, "urgency": None,
        "tickers": {}, "event": "licence", "status": "reported", "chip_export": 0.0123,
    }  # fmt: skip
    json.dumps([told, dropped])


def test_the_clock_is_the_archives(tmp_path):
    """Three days after its last headline a story is closed, and the same words are news again."""
    days = ["2026-06-01", "2026-06-03", "2026-06-05T23:59:59Z", "2026-06-10"]
    rows = [row(str(n), published=day) for n, day in enumerate(days)]
    ends = [p.decision.outcome for p in played(read(tmp_path, *rows))]
    assert ends == [Outcome.ALERT, Outcome.REPEAT, Outcome.REPEAT, Outcome.ALERT]


def test_one_page_twice_is_a_duplicate(tmp_path):
    """The same words under the same address through two feeds are one headline, as in the running bot."""
    rows = [row(s, url=f"https://wire.example/a?utm_source={s}", source=s) for s in ("one", "two")]
    first, second = played(read(tmp_path, *rows))
    assert (first.decision.outcome, second.decision.reason) == (Outcome.ALERT, Reason.DUPLICATE)


def meaning(text):
    """A direction that the words alone decide."""
    drawn = random.Random(text)
    found = np.array([drawn.gauss(0, 1) for _ in range(6)], dtype=np.float32)
    return found / np.linalg.norm(found)


def told_model(**more):
    """Holds all for relevant but a choir and a cup."""
    dull = make_score(chip_export=0.1, market_moving=0.1)
    return FakeClassifier(scores=dict.fromkeys(("Choir wins prize", "Cup final"), dull), **more)


def test_what_may_be_told_is_embedded_at_once(tmp_path):
    """Each headline that passes a threshold once, in one call; what is asked beside them is asked then."""
    rows = [
        row("1"),
        row("2", published="2026-06-02"),
        row("3", "Choir wins prize"),
        row("4", "Seoul mulls curbs"),
    ]
    archive, model = read(tmp_path, *rows), told_model(meaning=meaning)
    scores = score_archive(archive, model)
    embed = embed_told(archive, scores, model, model.thresholds)
    assert sorted(model.asked) == sorted([NEWS, "Seoul mulls curbs"])
    model.asked.clear()
    assert np.array_equal(embed([NEWS]), [meaning(NEWS)])
    assert list(embed([])) == model.asked == []
    assert np.array_equal(embed([NEWS, "Cup final"]), [meaning(NEWS), meaning("Cup final")])
    assert "Cup final" in model.asked


def test_a_model_without_meanings_embeds_nothing(tmp_path):
    """None stays None, and where nothing passes a threshold the model is not asked."""
    silent = told_model()
    archive = read(tmp_path, row())
    assert embed_told(archive, score_archive(archive, silent), silent, silent.thresholds)([NEWS]) is None
    model, dull = told_model(meaning=meaning), read(tmp_path, row(headline="Cup final"))
    embed_told(dull, score_archive(dull, model), model, model.thresholds)
    assert model.asked == []


def test_embedding_at_once_ends_as_one_by_one(tmp_path):
    """The records do not depend on when the model is asked."""
    texts = [NEWS, "Choir wins prize", "Seoul weighs chip curbs", "China to get H20 chips as US relents", "Cup final"]
    archive, model = read(tmp_path, *(row(str(n), text) for n, text in enumerate(texts))), told_model(meaning=meaning)
    scores = score_archive(archive, model)
    ends = [
        [p.record() for p in play(archive, scores, Desk(COMPANIES, model.thresholds, embed=embed), (CONSOLE,))]
        for embed in (model.embed, embed_told(archive, scores, model, model.thresholds))
    ]
    assert ends[0] == ends[1]
    assert len(ends[0]) == len(texts)


def test_a_cap_counts_on_the_archives_clock(tmp_path):
    """What is over it waits; an hour later there is room again."""
    capped = replace(CONSOLE, cap=Cap(1, timedelta(hours=1)))
    texts = [NEWS, "Japan bans exports of lithography tools", "Seoul weighs curbs on memory sales to Huawei"]
    rows = [row(str(n), text, f"2026-06-01T1{n}:30:00Z") for n, text in enumerate(texts)]
    rows[1]["published"] = "2026-06-01T10:45:00Z"
    summary = summarise(played(read(tmp_path, *rows), subscriptions=[capped]))
    assert summary.deliveries == {"console": {"sent": 2, "held: cap": 1}}


VOCABULARY = ["Nvidia", "AMD", "ASML", "H20", "China", "bans", "licence", "denies", "$5bn", "25%", "chips", "tools"]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "headline": st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=7).map(" ".join),
            "published": st.integers(0, 5).map(lambda n: f"2026-06-01T12:0{n}:00Z"),
            "publisher": st.sampled_from(["Reuters", "Harbour Daily", "Kite Wire", "MSN"]),
            "url": st.sampled_from(["", "https://a.example/1", "https://a.example/2"]),
        }
    ),
    min_size=1,
    max_size=12,
)


def model_of(rows):
    """Scores that differ by headline, and are the same for the same words."""
    scores = {}
    for words in {r["headline"] for r in rows}:
        draw = random.Random(words)
        scores[words] = make_score(
            chip_export=draw.random(), market_moving=draw.random(), event=draw.choice(list(Event)),
            status=draw.choice(list(Status)),
        )  # fmt: skip
    at = Thresholds(chip_export=0.4, market_moving=0.4)
    return FakeClassifier(scores=scores, thresholds=at, meaning=meaning)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_same_archive_gives_the_same_records(tmp_path_factory, rows, draw):
    """Played twice, or with its lines in another order: the same records, each with an outcome and a reason."""
    folder = tmp_path_factory.mktemp("replay")
    rows = [r | {"id": str(n)} for n, r in enumerate(rows)]
    model = model_of(rows)
    once = [p.record() for p in played(read(folder, *rows), model)]
    again = [p.record() for p in played(read(folder, *rows), model)]
    shuffled = list(rows)
    draw.shuffle(shuffled)
    otherwise = [p.record() for p in played(read(folder, *shuffled), model)]
    assert once == again == otherwise
    assert sorted(r["id"] for r in once) == sorted(r["id"] for r in rows)
    for record in once:
        assert record["outcome"] in set(Outcome)
        assert record["reason"] in set(Reason)
        assert (record["urgency"] is None) == (record["outcome"] in {"repeat", "spike"})
        assert (record["story"] is None) == (record["outcome"] == "spike")


# ── counting and comparing ───────────────────────────────────────────────────────────────────────


def test_a_summary_counts_every_headline(tmp_path):
    """Outcomes with their reasons add up; days and the way from publication to us are the archive's."""
    model = FakeClassifier(scores={"Cup final": make_score(chip_export=0.0, market_moving=0.0, gated=True)})
    rows = [
        row("1", published="2026-06-01", seen="2026-06-01T00:00:04Z"),
        row("2", published="2026-06-02", seen="2026-06-02T00:00:10Z"),
        row("3", "Cup final", published="2026-06-03"),
    ]
    summary = summarise(played(read(tmp_path, *rows), model))
    assert (summary.headlines, summary.days) == (3, 2.0)
    assert dict(summary.outcomes) == {("alert", "new_story"): 1, ("repeat", "same_words"): 1, ("spike", "gate"): 1}
    assert [summary.count(outcome) for outcome in Outcome] == [1, 0, 1, 1]
    assert (summary.urgencies, summary.published_to_seen_s) == ({"alert": 1}, [4.0, 10.0])


def test_less_than_a_day_counts_as_one(tmp_path):
    """Two alerts in a minute are not thousands a day."""
    summary = summarise(played(read(tmp_path, row())))
    assert summary.days == 1.0


def test_quantiles():
    """Of the values themselves, nothing in between."""
    assert [quantile([1, 2, 3], q) for q in (0, 0.5, 0.95, 1)] == [1, 2, 3, 3]
    assert quantile([7], 0.5) == 7


def test_differences_are_what_a_reader_would_notice(tmp_path):
    """Told or not, how loudly, why, to whom; not which rule dropped what nobody hears."""
    archive = read(tmp_path, row("a"), row("b", "Micron lifts forecast", "2026-06-02"))
    scores = {
        NEWS: make_score(market_moving=0.995),
        "Micron lifts forecast": make_score(chip_export=0.1, event=Event.RESULTS),
    }
    one = played(archive, FakeClassifier(scores=scores))
    assert list(differences(one, one)) == []
    strict = FakeClassifier(scores=scores, thresholds=Thresholds(chip_export=0.6, market_moving=0.99))
    ((a, b),) = differences(one, played(archive, strict))
    assert (a.archived.id, a.decision.outcome, b.decision.outcome) == ("b", Outcome.ALERT, Outcome.SPIKE)
    only_exports = make_subscription(CONSOLE.to, origin="default")
    ((a, b),) = differences(one, played(archive, FakeClassifier(scores=scores), [only_exports]))
    assert (told_to(a.decision), told_to(b.decision)) == (["console"], [])
    gated = scores | {"Micron lifts forecast": make_score(chip_export=0.0, market_moving=0.0, gated=True)}
    assert list(differences(played(archive, strict), played(archive, FakeClassifier(scores=gated)))) == []
