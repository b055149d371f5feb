"""The report page of an evaluation, and the plots on it."""

import dataclasses
import json
import re
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.__main__ import main
from classifiers.api import ModelError
from classifiers.evaluate import HEAD_LABELS, Evaluation, HeadReport, PlainReport, YesNo
from classifiers.metrics import Interval, confusion, per_class
from classifiers.plots import histogram, pr_curve, pr_points, reliability, reliability_bins, wilson
from classifiers.report import render_report, write_report

MADE = date(2026, 3, 5)
EVIL = "</td><script>alert('chips & \"more\"')</script>"


def head(name, gold, said, **more):
    labels = HEAD_LABELS[name]
    gold, said = np.array(gold), np.array(said)
    return HeadReport(
        figure="F1", quality=Interval(0.8, 0.7, 0.9), precision=more.get("precision"), recall=more.get("recall"),
        calibration_error=more.get("calibration_error"), classes=per_class(gold, said, labels),
        confusion=confusion(gold, said, len(labels)).tolist(), baselines={"TF-IDF + LR": Interval(0.6, 0.5, 0.7)},
    )  # fmt: skip


def evaluation(**changes):
    yes_no = YesNo(np.array([1, 1, 0, 0]), np.array([0.9, 0.4, 0.7, 0.0], dtype=np.float32))
    figures = {"precision": 0.5, "recall": 0.5, "calibration_error": 0.25}
    error = {
        "id": "1", "headline": EVIL, "chip_export": 0.7, "event": "tariff", "status": "denied",
        "gold": {"chip_export": 0, "event": "other", "status": "commentary"},
    }  # fmt: skip
    return Evaluation(
        model="chipwire-test", headlines=4, base_rate=0.5, thresholds={"chip_export": 0.6, "market_moving": 0.5},
        gate_misses=[EVIL], errors=[error], plain=[PlainReport("a/general.txt", 200, 190, 1, [(0.71, EVIL)])],
        heads={
            "chip_export": head("chip_export", [1, 1, 0, 0], [1, 0, 1, 0], **figures),
            "market_moving": head("market_moving", [1, 1, 0, 0], [1, 0, 1, 0], **figures),
            "event": head("event", [4, 4, 11, 6], [4, 6, 4, 6]),
            "status": head("status", [0, 1, 4, 2], [0, 2, 3, 2]),
        },
        yes_no={"chip_export": yes_no, "market_moving": yes_no},
        **changes,
    )  # fmt: skip


class Page(HTMLParser):
    """Checks that tags close in order, and keeps what a browser would fetch or run."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.addresses = [], [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.handle_startendtag(tag, attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append(tag)
        self.addresses += [v for k, v in attrs if k in {"src", "href", "data", "action"}]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_stands_alone():
    """Well-formed, without script, and with nothing to fetch."""
    text = render_report(evaluation(), made=MADE)
    page = Page(text)
    assert not {"script", "link", "img", "iframe"} & set(page.seen)
    assert page.addresses == []
    assert not re.search(r"https?:|url\(|@import", text)


def test_the_page_says_everything():
    """Every head with its interval and rivals, every plot, both matrices, worst classes, errors, alarms."""
    text = render_report(evaluation(), made=MADE)
    for words in (
        "chipwire-test", "2026-03-05", "0.700 – 0.900", "TF-IDF + LR", "calibration error 0.250",
        "threshold 0.60", "export_rule", "1 of 200 flagged", "general.txt", "Lost at the gate",
    ):  # fmt: skip
        assert words in text
    for label in ("reliability diagram", "precision-recall curve", "histogram of scores"):
        assert text.count(f'aria-label="{label}"') == 2


def test_headlines_are_text_and_no_markup():
    """Whatever a headline holds is shown, never interpreted."""
    text = render_report(evaluation(), made=MADE)
    assert "<script" not in text
    assert text.count("&lt;script&gt;") == 3


def test_wrong_labels_are_marked():
    """Of what was said, exactly what differs from the right answer stands out."""
    text = render_report(evaluation(), made=MADE)
    assert re.findall(r'tag wrong">([^<]+)<', text) == ["chips", "tariff", "denied"]


def test_worst_classes_come_first():
    """By F1, and only classes that occur."""
    text = render_report(evaluation(), made=MADE).split("<h2>Worst classes")[1].split("</section>")[0]
    bars = [float(b) for b in re.findall(r"<b>([\d.]+)</b>", text)]
    assert bars == sorted(bars)
    assert "denied" not in re.findall(r"<th>(\w+) ", text)


def test_a_page_without_errors():
    """Nothing wrong, nothing lost, no file of plain headlines: those parts say so or stay away."""
    text = render_report(dataclasses.replace(evaluation(), errors=[], gate_misses=[], plain=[]), made=MADE)
    assert "<p>None.</p>" in text
    assert "Lost at the gate" not in text
    assert "False alarms" not in text


def test_written_whole_or_not_at_all(tmp_path):
    """The old page goes when the new one is there; a refusal names the file and leaves nothing beside it."""
    out = tmp_path / "report.html"
    out.write_text("old")
    assert write_report(evaluation(), out, made=MADE) == out
    assert out.read_text().startswith("<!doctype html>")
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]
    with pytest.raises(ModelError, match=r"nowhere/report\.html: cannot be written"):
        write_report(evaluation(), tmp_path / "nowhere" / "report.html", made=MADE)
    (tmp_path / "folder").mkdir()
    with pytest.raises(ModelError, match="folder: cannot be written"):
        write_report(evaluation(), tmp_path / "folder", made=MADE)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "report.html"]


def test_reliability_bins():
    """Mean probability, share of yes and interval of each tenth that holds any headline."""
    low, high = reliability_bins(np.array([0, 1, 1]), np.array([0.05, 0.95, 1.0], dtype=np.float32))
    assert (low.count, low.observed, high.count, high.observed) == (1, 0.0, 2, 1.0)
    assert high.predicted == pytest.approx(0.975)
    assert low.low == 0 < low.high < 1


def test_wilson():
    """The interval of 8 of 10, as tables have it."""
    assert wilson(8, 10) == pytest.approx((0.490, 0.943), abs=1e-3)


def test_precision_recall_points():
    """One point for each probability that occurs; ties fall together; what was never read is no point."""
    gold, p = np.array([1, 0, 1, 1]), np.array([0.9, 0.6, 0.6, 0.0], dtype=np.float32)
    assert pr_points(gold, p) == [(pytest.approx(1 / 3), 1.0), (pytest.approx(2 / 3), pytest.approx(2 / 3))]
    assert pr_points(np.zeros(2, dtype=np.int64), np.array([0.1, 0.2], dtype=np.float32)) == []


def test_no_yes_no_curve():
    """Without a single yes the plot says so in words."""
    assert "no curve" in pr_curve(np.array([0, 0]), np.array([0.1, 0.9], dtype=np.float32), threshold=0.5)


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1, width=32)), min_size=1, max_size=40), st.floats(0, 1))
def test_plots_are_well_formed(answers, threshold):
    """Whatever the answers: valid XML, and nothing outside the canvas."""
    gold = np.array([g for g, _ in answers], dtype=np.int64)
    p = np.array([q for _, q in answers], dtype=np.float32)
    for svg in (reliability(gold, p), pr_curve(gold, p, threshold=threshold), histogram(gold, p, threshold=threshold)):
        root = ET.fromstring(svg)  # noqa: S314 - our own text
        assert "nan" not in svg
        for circle in root.iter("circle"):
            assert 0 <= float(circle.get("cx")) <= 340
            assert 0 <= float(circle.get("cy")) <= 290
        for rect in root.iter("rect"):
            assert float(rect.get("width")) > 0


ROW = {
    "id": "1", "headline": "Commerce blacklists twelve Chinese chipmakers", "chip_export": 1, "market_moving": 1,
    "event": "entity_list", "status": "confirmed",
}  # fmt: skip


def test_evaluate_writes_it(tmp_path, capsys):
    """--html writes the page beside what is printed; --json stays without the single answers."""
    (tmp_path / "a.jsonl").write_text(json.dumps(ROW))
    out = tmp_path / "report.html"
    assert main(["evaluate", str(tmp_path / "a.jsonl"), "--no-baselines", "--json", "--html", str(out)]) == 0
    assert "yes_no" not in json.loads(capsys.readouterr().out)
    Page(out.read_text())


def test_evaluate_refuses_first(tmp_path, capsys):
    """A folder that is not there is one line before anything is measured; a faulty file leaves no page."""
    (tmp_path / "a.jsonl").write_text("{")
    nowhere = tmp_path / "no" / "report.html"
    assert main(["evaluate", str(tmp_path / "a.jsonl"), "--no-baselines", "--html", str(nowhere)]) == 1
    assert "report.html: cannot be written" in capsys.readouterr().err
    out = tmp_path / "report.html"
    assert main(["evaluate", str(tmp_path / "a.jsonl"), "--no-baselines", "--html", str(out)]) == 1
    assert "a.jsonl:1: not JSON" in capsys.readouterr().err
    assert not out.exists()
