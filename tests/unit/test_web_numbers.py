"""What the web server counts and sums up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import SourceState
from bot.health import Health
from bot.web.metrics import Family, HeadlineCounter, Histogram, render
from bot.web.views import Deliveries, dump, iso, sources_view
from tests.fakes.clock import FakeClock
from tests.fakes.values import NOW


class CountingStore:
    """Counts decisions from a time on, and remembers how many it had to look at."""

    def __init__(self) -> None:
        self.decided: list[datetime] = []
        self.looked_at = 0

    async def outcome_counts(self, since: datetime) -> dict[tuple[str, str], int]:
        found = sum(at >= since for at in self.decided)
        self.looked_at = max(self.looked_at, found)
        return {("spike", "gate"): found} if found else {}


async def test_the_headline_count_is_exact_and_never_starts_over() -> None:
    """Over days the count equals what was decided since the start, while each reading looks at an hour or so."""
    clock, store = FakeClock(), CountingStore()
    store.decided = [clock.now() - timedelta(seconds=1)]  # before the start: not this process's
    counter = HeadlineCounter(store, clock, clock.now())  # type: ignore[arg-type]
    for minute in range(3 * 24 * 60):
        store.decided.append(clock.now())
        clock.advance(minutes=1)
        if minute % 7 == 0:
            assert (await counter.read())["spike", "gate"] == minute + 1
    store.looked_at = 0
    await counter.read()
    assert store.looked_at < 90


async def test_a_count_that_moves_while_it_is_read_is_not_folded() -> None:
    """When a headline is decided between two readings the mark stays, so that none is counted twice."""
    clock, store = FakeClock(), CountingStore()
    counter = HeadlineCounter(store, clock, clock.now())  # type: ignore[arg-type]
    count = store.outcome_counts

    async def busy(since: datetime) -> dict[tuple[str, str], int]:
        store.decided.append(clock.now())
        return await count(since)

    store.outcome_counts = busy  # type: ignore[method-assign]
    for _ in range(5):
        clock.advance(hours=2)
        await counter.read()
    store.outcome_counts = count  # type: ignore[method-assign]
    assert (await counter.read())["spike", "gate"] == len(store.decided)


def test_a_histogram_is_cumulative() -> None:
    """A bucket counts everything up to its bound, the bound included."""
    histogram = Histogram("x_seconds", "Help.", "platform", bounds=(0.1, 1.0))
    for value in (0.1, 0.5, 2.0):
        histogram.observe("slack", value)
    assert render([histogram.family()]).splitlines()[2:] == [
        'x_seconds_bucket{platform="slack",le="0.1"} 1',
        'x_seconds_bucket{platform="slack",le="1"} 2',
        'x_seconds_bucket{platform="slack",le="+Inf"} 3',
        'x_seconds_sum{platform="slack"} 2.6',
        'x_seconds_count{platform="slack"} 3',
    ]


@given(st.text())
def test_a_label_can_say_anything_on_one_line(text: str) -> None:
    """Whatever a source is called, its sample stays one line and the name can be read back."""
    family = Family.simple("x", "gauge", "Help.", {(("source", text),): 1.5})
    lines = render([family]).split("\n")
    assert len(lines) == 4
    label = lines[2].removeprefix('x{source="').removesuffix('"} 1.5')
    assert label.replace("\\\\", "\0").replace('\\"', '"').replace("\\n", "\n").replace("\0", "\\") == text.replace(
        "\0", "\\"
    )


@given(st.text(st.characters(exclude_categories=())))
def test_json_holds_no_markup_and_no_broken_text(text: str) -> None:
    """Any text becomes JSON that UTF-8 can carry and that opens no tag."""
    written = dump({"headline": text})
    written.encode()
    assert not set("<>&\u2028\u2029") & set(written)


@pytest.mark.parametrize(
    ("failures", "due_in", "polled", "condition"),
    [
        pytest.param(0, 4, True, "ok", id="polled and due again soon"),
        pytest.param(0, -59, True, "ok", id="a little behind"),
        pytest.param(0, -61, True, "late", id="due for more than a minute: nobody polls it"),
        pytest.param(2, 4, True, "failing", id="its last poll failed"),
        pytest.param(1, -300, False, "failing", id="failing goes before late"),
        pytest.param(0, 4, False, "waiting", id="not polled yet"),
    ],
)
def test_a_source_is_in_one_condition(failures: int, due_in: float, polled: bool, condition: str) -> None:
    """What is wrong with a source is told in one word."""
    last_ok = NOW if polled else None
    state = SourceState("s", {}, True, NOW + timedelta(seconds=due_in), last_ok, None, failures, None)
    view = sources_view([state], NOW)
    assert (view["shown"][0]["state"], view[condition], view["total"]) == (condition, 1, 1)


def test_times_are_utc_with_a_z() -> None:
    """A time is written in UTC with microseconds, an unknown one is null."""
    assert iso(NOW) == "2026-11-02T12:00:00.000000Z"
    assert iso(None) is None


def test_an_alert_without_deliveries_is_settled() -> None:
    """An alert that goes nowhere has nothing to wait for."""
    assert Deliveries.of([]) == Deliveries(settled=True)


def test_a_loop_is_listed_while_it_runs() -> None:
    """A loop that has ended is not missed."""
    health = Health(FakeClock())
    with health.turning("desk"):
        assert [loop.name for loop in health.loops()] == ["desk"]
    assert health.loops() == []
