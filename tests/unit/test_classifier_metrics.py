"""Figures of quality, probabilities of the heads, temperatures and thresholds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.batch import pad
from classifiers.calibrate import CAUTION, CEILING, FLOOR, SHARPER, fit_calibration, fit_threshold
from classifiers.dataset import Record
from classifiers.heads import COMMENTARY, HEADS, OTHER, WIDTH, Calibration, probabilities, sigmoid, softmax
from classifiers.labels import EVENTS, STATUSES
from classifiers.metrics import Gold, bootstrap, calibration_error, confusion, f1, macro_f1, per_class, precision_recall


def ints(*values):
    return np.array(values, dtype=np.int64)


def test_f1_precision_recall():
    """Two of three found, with one false alarm."""
    gold, said = ints(1, 1, 1, 0, 0), ints(1, 1, 0, 1, 0)
    assert precision_recall(gold, said) == (2 / 3, 2 / 3)
    assert f1(gold, said) == pytest.approx(2 / 3)
    assert f1(ints(0, 0), ints(0, 0)) == 0.0


def test_macro_f1_counts_the_classes_that_occur():
    """A class that the right answers lack does not enter the mean; each other one weighs the same."""
    assert macro_f1(ints(0, 0, 0, 2), ints(0, 0, 0, 1)) == pytest.approx(0.5)
    assert macro_f1(ints(), ints()) == 0.0


def test_confusion_and_classes():
    """Rows are right answers, columns what was said."""
    assert confusion(ints(0, 1, 1), ints(0, 0, 1), 2).tolist() == [[1, 0], [1, 1]]
    table = per_class(ints(0, 1, 1), ints(0, 0, 1), ("a", "b", "c"))
    assert set(table) == {"a", "b"}
    assert (table["b"]["precision"], table["b"]["recall"], table["b"]["n"]) == (1.0, 0.5, 2)


def test_calibration_error():
    """Half of the headlines at 0.5 being right is no error; all of them being right is one of 0.5."""
    p = np.full(10, 0.55, dtype=np.float32)
    assert calibration_error(ints(*[0, 1] * 5), p) == pytest.approx(0.05, abs=1e-6)
    assert calibration_error(ints(*[1] * 10), p) == pytest.approx(0.45, abs=1e-6)


def test_bootstrap_contains_the_figure():
    """The interval holds the figure, is the same each time, and is a point where there is nothing to draw from."""
    rng = np.random.default_rng(0)
    gold, said = rng.integers(0, 2, 200), rng.integers(0, 2, 200)
    interval = bootstrap(f1, gold, said, rounds=200)
    assert interval.low < interval.value < interval.high
    assert interval == bootstrap(f1, gold, said, rounds=200)
    assert bootstrap(f1, ints(), ints()).low == 0.0


def test_either_annotator_counts_as_right():
    """Where the answer agrees with the second annotator it stands as gold; elsewhere the first one's does."""
    row = Record(
        id="1", headline="h", chip_export=1, market_moving=0, event="results", status="confirmed", tickers={}, batch="",
        story="1", also={"event": "licence", "market_moving": 1},
    )  # fmt: skip
    gold = Gold.of([row])
    said = Gold(ints(0), ints(1), ints(EVENTS.index("licence")), ints(STATUSES.index("denied")))
    granted = gold.granting(said, [row])
    assert (granted.chip_export[0], granted.market_moving[0]) == (1, 1)
    assert (EVENTS[granted.event[0]], STATUSES[granted.status[0]]) == ("licence", "confirmed")


def test_heads_cover_the_logits():
    """The heads' columns follow one another and fill the width."""
    assert [i for head in HEADS for i in range(WIDTH)[head.columns]] == list(range(WIDTH))


@given(st.lists(st.lists(st.floats(-50, 50, width=32), min_size=WIDTH, max_size=WIDTH), max_size=8))
def test_probabilities_are_probabilities(rows):
    """Any logits give values in [0, 1], distributions that sum to 1, and `commentary` beside `other`."""
    p = probabilities(
        np.array(rows, dtype=np.float32).reshape(len(rows), WIDTH), Calibration({"event": 2.0}, {"chip_export": 1.0})
    )
    assert len(p) == len(rows)
    for values in (p.chip_export, p.market_moving, p.event, p.status):
        assert values.dtype == np.float32
        assert ((values >= 0) & (values <= 1 + 1e-6)).all()
    np.testing.assert_allclose(p.event.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(p.status.sum(axis=1), 1, rtol=1e-5)
    assert (p.status_choice[p.event_choice == OTHER] == COMMENTARY).all()


def test_sigmoid_and_softmax_do_not_overflow():
    """Extreme logits end at 0 and 1."""
    assert sigmoid(np.array([-1e4, 0, 1e4], dtype=np.float32)).tolist() == [0, 0.5, 1]
    assert softmax(np.array([[1e4, 0]], dtype=np.float32)).tolist() == [[1, 0]]


def test_temperature_undoes_overconfidence():
    """Logits made three times too large come back by a divisor near three; status is judged beside real events only."""
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 2, (4_000, WIDTH)).astype(np.float32)
    draw = {h.name: logits[:, h.columns] for h in HEADS}
    gold = Gold(
        chip_export=(rng.random(4_000) < sigmoid(draw["chip_export"][:, 0])).astype(np.int64),
        market_moving=(rng.random(4_000) < sigmoid(draw["market_moving"][:, 0])).astype(np.int64),
        event=(softmax(draw["event"]).cumsum(1) > rng.random((4_000, 1))).argmax(1).astype(np.int64),
        status=(softmax(draw["status"]).cumsum(1) > rng.random((4_000, 1))).argmax(1).astype(np.int64),
    )
    found = fit_calibration(3 * logits, gold)
    assert set(found.temperatures) == {h.name for h in HEADS}
    found.temperatures["chip_export"] /= SHARPER  # surer on real headlines than on what is held out
    assert all(2.6 < t < 3.4 for t in found.temperatures.values())
    assert found.shifts == {"chip_export": CAUTION}


def test_a_shift_lowers_the_log_odds():
    """After the temperature, and of the head that it is for alone."""
    logits = np.full((1, WIDTH), 2, dtype=np.float32)
    p = probabilities(logits, Calibration({"chip_export": 0.5}, {"chip_export": 1.0}))
    assert p.chip_export[0] == pytest.approx(sigmoid(np.float32(2 / 0.5 - 1)))
    assert p.market_moving[0] == pytest.approx(sigmoid(np.float32(2)))


def test_threshold_for_precision():
    """The lowest threshold from which it is precise enough; false alarms push it up, and it stays within its bounds."""
    p = np.linspace(0, 1, 1_001, dtype=np.float32)
    clean = (p >= 0.4).astype(np.int64)
    assert fit_threshold(clean, p) == FLOOR
    assert fit_threshold((p >= 0.8).astype(np.int64), p) == pytest.approx(0.8, abs=0.02)
    assert fit_threshold(np.zeros(1_001, dtype=np.int64), p) == CEILING


def test_padding():
    """Rows are filled on the right with piece 0, which the mask hides."""
    ids, mask = pad([[5, 6, 7], [8]])
    assert ids.tolist() == [[5, 6, 7], [8, 0, 0]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]
