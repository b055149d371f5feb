"""Labelling by hand: the session, its file, its screen, and the whole of it in a pseudo-terminal."""

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from classifiers.__main__ import main
from classifiers.api import Event, ModelError, Score, Status, Thresholds
from classifiers.dataset import DatasetError, read_file
from classifiers.label import EVENT_KEYS, STATUS_KEYS, Item, LabelledFile, Session, guess, open_session, read_items
from classifiers.label_screen import MEANINGS, draw, keys

ROOT = Path(__file__).parents[2]


class ByNumber:
    """Says the probability that stands at the end of the headline, and a tariff, proposed."""

    name = "by-number"
    thresholds = Thresholds(chip_export=0.5, market_moving=0.5)

    def score(self, headlines, *, official=None):
        return [
            Score(
                chip_export=p, market_moving=p, event=Event.TARIFF, event_prob=0.8, status=Status.PROPOSED,
                status_prob=0.9, language="en", model=self.name,
            )
            for p in (float(h.split()[-1]) for h in headlines)
        ]  # fmt: skip


def write(tmp_path, *lines):
    path = tmp_path / "news.txt"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def opened(tmp_path):
    return open_session(write(tmp_path, "sure 0.99", "doubt 0.52", "some 0.2"), ByNumber())


def pressed(session, *names):
    for name in names:
        session = session.press(name)
    return session


def test_uncertain_ones_come_first(opened):
    """The order is by distance from the thresholds, not by the file."""
    session, _ = opened
    assert [i.headline for i in session.todo] == ["doubt 0.52", "some 0.2", "sure 0.99"]


def test_enter_accepts_the_models_guess(opened):
    """One key labels a headline on which the model is right; the next one comes up with its own guess."""
    session = opened[0].press("enter")
    item, labels = session.done[0]
    assert item.headline == "doubt 0.52"
    assert labels.as_dict() == {"chip_export": 1, "market_moving": 1, "event": "tariff", "status": "proposed"}
    assert (session.item.headline, session.form.chip_export) == ("some 0.2", 0)


@pytest.mark.parametrize(("key", "event"), EVENT_KEYS.items())
def test_one_key_an_event(opened, key, event):
    """Every event has a key of its own, which other keys do not share."""
    assert opened[0].press(key).form.event is event
    assert key not in {"c", "m", "u", "q", *STATUS_KEYS}


@pytest.mark.parametrize(("key", "status"), STATUS_KEYS.items())
def test_one_key_a_status(opened, key, status):
    """Every status has a digit."""
    assert opened[0].press(key).form.status is status


def test_every_label_has_a_key_and_a_meaning():
    """The guide on screen is complete."""
    assert set(EVENT_KEYS.values()) == set(Event)
    assert set(STATUS_KEYS.values()) == set(Status)
    assert set(MEANINGS) == {*Event, *Status}


def test_yes_and_no(opened):
    """Keys c and m turn their answers over, and back."""
    form = pressed(opened[0], "c", "m").form
    assert (form.chip_export, form.market_moving) == (0, 0)
    assert pressed(opened[0], "c", "c").form == opened[0].form


def test_other_takes_commentary(opened):
    """As the label guide has it; another status is refused with a reason."""
    session = opened[0].press("o")
    assert session.form.status is Status.COMMENTARY
    refused = session.press("1")
    assert refused.form == session.form
    assert "other always takes commentary" in refused.note
    assert pressed(refused, "e", "1").form.status is Status.REPORTED


def test_undo_brings_the_decision_back(opened):
    """With the labels that were given; several times, down to the first."""
    session = pressed(opened[0], "c", "enter", "enter", "u", "u")
    assert session.done == ()
    assert session.item.headline == "doubt 0.52"
    assert session.form.chip_export == 0
    assert "nothing to take back" in session.press("u").note


def test_later_goes_to_the_end(opened):
    """Space puts a headline off; the last one cannot be."""
    session = opened[0].press("space")
    assert [i.headline for i in session.todo] == ["some 0.2", "sure 0.99", "doubt 0.52"]
    assert "last one" in pressed(session, "enter", "enter", "space").note


def test_the_end(opened):
    """When all is labelled, keys do nothing but undo and quit."""
    session = pressed(opened[0], "enter", "enter", "enter")
    assert session.item is None
    assert "nothing waits" in session.press("enter").note
    assert session.press("u").item.headline == "sure 0.99"
    assert session.press("q").over


def test_an_unknown_key_says_so(opened):
    """It changes nothing else."""
    session = opened[0].press("escape")
    assert (session.form, session.todo) == (opened[0].form, opened[0].todo)
    assert session.note


@given(st.lists(st.sampled_from(["enter", "space", "u", "c", "m", "escape", *EVENT_KEYS, *STATUS_KEYS])))
def test_nothing_is_lost(names):
    """Whatever is pressed: every headline is either done or waits, once, and every form is valid."""
    items = [Item("1", "a 0.9"), Item("2", "b 0.5"), Item("3", "c 0.1")]
    session = Session.start(items, guess(ByNumber(), items))
    for name in names:
        session = session.press(name)
        ids = [i.id for i in session.todo] + [i.id for i, _ in session.done]
        assert sorted(ids) == ["1", "2", "3"]
        assert (session.form is None) == (not session.todo)
        for form in [session.form, *(labels for _, labels in session.done)]:
            assert form is None or form.event is not Event.OTHER or form.status is Status.COMMENTARY


# ── the file ─────────────────────────────────────────────────────────────────────────────────────


def test_what_is_written_is_what_training_reads(tmp_path):
    """Each record carries labels, id, and what the input said of the headline."""
    row = {"headline": "Ünï 0.6", "publisher": "Wire", "published": "2026-01-02", "tickers": {"NVDA": 1}, "event": "x"}
    session, out = open_session(write(tmp_path, json.dumps(row)), ByNumber())
    out.save(pressed(session, "c", "enter").done)
    (record,) = read_file(tmp_path / "news.txt.labelled.jsonl")
    assert (record.headline, record.chip_export, record.event) == ("Ünï 0.6", 0, Event.TARIFF)
    assert (record.publisher, record.published, record.tickers, record.batch) == (
        "Wire", "2026-01-02", {"NVDA": 1}, "news",
    )  # fmt: skip


def test_it_goes_on_where_it_stopped(tmp_path):
    """Also after lines were added; earlier decisions can be taken back; the file goes when none is left."""
    path = write(tmp_path, "a 0.5", "b 0.6")
    session, out = open_session(path, ByNumber())
    out.save(session.press("enter").done)
    path.write_text("new 0.7\nb 0.6\na 0.5\n")
    again, out = open_session(path, ByNumber())
    assert [i.headline for i in again.todo] == ["b 0.6", "new 0.7"]
    back = again.press("u")
    assert back.item.headline == "a 0.5"
    out.save(back.done)
    assert not out.path.exists()


def test_a_headline_that_left_the_input_keeps_its_record(tmp_path):
    """What was decided is never dropped."""
    path = write(tmp_path, "a 0.5", "b 0.6")
    session, out = open_session(path, ByNumber())
    out.save(session.press("enter").done)
    path.write_text("b 0.6\n")
    again, out = open_session(path, ByNumber())
    out.save(again.press("enter").done)
    assert [r.headline for r in read_file(out.path)] == ["a 0.5", "b 0.6"]


def test_two_labellers_do_not_overwrite_each_other(tmp_path):
    """The second to save is told; nothing of the first is lost."""
    path = write(tmp_path, "a 0.5", "b 0.6")
    (one, out1), (two, out2) = open_session(path, ByNumber()), open_session(path, ByNumber())
    out1.save(one.press("enter").done)
    with pytest.raises(ModelError, match="changed by another program"):
        out2.save(pressed(two, "c", "enter").done)
    assert len(out1.path.read_text().splitlines()) == 1


def test_a_save_that_fails_leaves_the_old_file(tmp_path, opened):
    """One line that names the file, and nothing half-written beside it."""
    session, _ = opened
    out = LabelledFile(tmp_path / "gone" / "x.labelled.jsonl")
    with pytest.raises(ModelError, match=r"x\.labelled\.jsonl: cannot be written"):
        out.save(session.press("enter").done)


def test_a_headline_twice_is_asked_once(tmp_path):
    """Also where it is written with other quotes."""
    assert len(read_items(write(tmp_path, "it’s 1", "it's 1", "", "other 2"))) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "news.txt: the file is empty"),
        (b" \n\n", "news.txt: the file is empty"),
        (b"fine\n\xff", "news.txt:2: invalid UTF-8 at byte 1"),
        (b"fine\n" + b"x" * 10_000_000, "news.txt:2: the line has 10,000,000 bytes"),
        (b'{"headline": ', "news.txt:1: not JSON"),
        (b'{"id": "1"}', "news.txt:1: the field 'headline' is missing"),
        (b'{"headline": 3}', "news.txt:1: headline must be text"),
        (b'{"headline": " "}', "news.txt:1: the headline is empty"),
        (b'{"headline": "a", "id": 3}', "news.txt:1: id must be text, not 3"),
        (b'{"headline": "a", "tickers": {"NVDA": 2}}', "news.txt:1: tickers must map listings to 1, 0 or -1"),
        (b'{"headline": "a", "id": "1"}\n{"headline": "b", "id": "1"}', "news.txt:2: the id '1' is taken"),
    ],
)
def test_bad_input_is_one_line(tmp_path, content, words):
    """File, line number, and what is wrong."""
    (tmp_path / "news.txt").write_bytes(content)
    with pytest.raises(DatasetError) as e:
        read_items(tmp_path / "news.txt")
    assert words in str(e.value)
    assert "\n" not in str(e.value)


def test_a_damaged_record_of_earlier_sittings(tmp_path):
    """It is named and left as it is."""
    path = write(tmp_path, json.dumps({"headline": "a 0.5", "id": "1"}))
    out = tmp_path / "news.txt.labelled.jsonl"
    out.write_text("{}\n")
    with pytest.raises(DatasetError, match=r"labelled\.jsonl:1: the field"):
        open_session(path, ByNumber())
    row = {"id": "1", "headline": "b", "chip_export": 1, "market_moving": 1, "event": "tariff", "status": "reported"}
    out.write_text(json.dumps(row))
    with pytest.raises(DatasetError, match=r"labelled\.jsonl:1: the id '1' is of another headline"):
        open_session(path, ByNumber())
    assert json.loads(out.read_text()) == row


# ── the terminal ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (b"c", ["c"]),
        (b"T1\r", ["t", "1", "enter"]),
        (b" \x7f\x04", ["space", "u", "q"]),
        (b"\x1b[A\x1b[3~\x1bOPc", ["escape", "escape", "escape", "c"]),
        (b"\x1b", ["escape"]),
        (b"\xff", ["\ufffd"]),
        (b"", ["q"]),
    ],
)
def test_keys(data, names):
    """Letters in either case; arrows and the like are one key each without a meaning; the end of input quits."""
    assert keys(data) == names


@pytest.mark.parametrize("width", [60, 80, 160])
def test_the_screen(opened, width):
    """Headline, heads, keys, guess and progress; markup in a headline is text."""
    session, _ = opened
    console = Console(width=width, record=True, file=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    with console.file:
        console.print(draw(session.press("escape"), "news [b].txt"))
        console.print(draw(pressed(session, "enter", "enter", "enter"), "news.txt"))
    text = console.export_text()
    for words in ("doubt 0.52", "chip_export", "market_moving", "tariff", "undo", "All labelled"):
        assert words in text
    if width >= 80:
        assert "news [b].txt" in text
        assert "0 of 3 done" in text


def test_without_a_terminal(tmp_path, capsys, monkeypatch):
    """One clear line, exit code 1, and nothing is read or written."""
    monkeypatch.setattr(sys, "stdin", open(os.devnull, encoding="utf-8"))  # noqa: SIM115, PTH123
    with sys.stdin:
        assert main(["label", str(tmp_path / "none.txt")]) == 1
    assert capsys.readouterr().err == "label reads single keys: start it in a terminal, without a pipe\n"


def test_help_has_an_example(capsys):
    """--help says where decisions go and how to call it."""
    with pytest.raises(SystemExit) as e:
        main(["label", "--help"])
    assert e.value.code == 0
    out = capsys.readouterr().out
    assert "FILE.labelled.jsonl" in out
    assert "python -m classifiers label" in out


def test_in_a_terminal(tmp_path):
    """The command draws, takes keys one by one, saves at once and says at the end how far it went."""
    path = write(tmp_path, "Commerce adds ten chipmakers to the Entity List", "Choir wins prize")
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "classifiers", "label", str(path)], stdin=slave, stdout=slave, stderr=slave, cwd=ROOT
    )
    os.close(slave)
    seen, sent, deadline = b"", 0, time.monotonic() + 60
    steps = [(b"0 of 2 done", b"t1\r"), (b"1 of 2 done", b"q"), (b"1 labelled, 1 to go", b"")]
    while sent < len(steps) and time.monotonic() < deadline:
        if not select.select([master], [], [], 1)[0]:
            continue
        try:
            seen += os.read(master, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        plain = b" ".join(seen.replace(b"\x1b[1m", b"").replace(b"\x1b[0m", b"").replace(b"\x1b[2m", b"").split())
        if steps[sent][0] in plain:
            os.write(master, steps[sent][1])
            sent += 1
    assert process.wait(30) == 0, seen.decode()
    os.close(master)
    assert sent == len(steps), seen.decode()
    (record,) = read_file(tmp_path / "news.txt.labelled.jsonl")
    assert (record.event, record.status) == (Event.TARIFF, Status.REPORTED)
