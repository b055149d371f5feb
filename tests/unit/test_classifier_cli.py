"""The model's command line, as far as it goes without torch."""

import json
import subprocess
import sys

import pytest

from classifiers.__main__ import main

ROW = {
    "id": "1",
    "headline": "Commerce blacklists twelve Chinese chipmakers",
    "chip_export": 1,
    "market_moving": 1,
    "event": "entity_list",
    "status": "confirmed",
}


def test_evaluate_prints_json(tmp_path, capsys):
    """--json gives one object with every head."""
    (tmp_path / "a.jsonl").write_text(json.dumps(ROW))
    assert main(["evaluate", str(tmp_path / "a.jsonl"), "--no-baselines", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert set(result["heads"]) == {"chip_export", "market_moving", "event", "status"}
    assert result["headlines"] == 1


def test_evaluate_prints_tables(tmp_path, capsys):
    """Without --json it prints the heads, the classes, the errors and the false alarms."""
    (tmp_path / "a.jsonl").write_text(
        json.dumps(ROW) + "\n" + json.dumps(ROW | {"id": "2", "headline": "They did it [/x]"})
    )
    (tmp_path / "b.txt").write_text("[bold]Bread[/bold] wins prize\n")
    assert main(["evaluate", str(tmp_path / "a.jsonl"), "--no-baselines", "--plain", str(tmp_path / "b.txt")]) == 0
    out = capsys.readouterr().out
    for words in ("macro-F1", "worst first", "They did it [/x]", "0 of 1 flagged", "[bold]Bread[/bold]"):
        assert words in out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "a.jsonl: the file is empty"),
        (b"x" * 10_000_000, "a.jsonl:1: the line has 10,000,000 bytes"),
        (b"\xff", "a.jsonl:1: invalid UTF-8"),
        (json.dumps(ROW | {"event": "rain"}).encode(), "a.jsonl:1: unknown event 'rain'"),
        (json.dumps({"id": "1"}).encode(), "a.jsonl:1: the field 'headline' is missing"),
        (json.dumps(ROW | {"headline": "chips \ud800"}).encode(), "a.jsonl:1: headline holds half a character"),
        (json.dumps(ROW | {"also": {"event": ["x"]}}).encode(), "a.jsonl:1: event must be text"),
        (json.dumps(ROW | {"also": {"chip_export": "yes"}}).encode(), "a.jsonl:1: chip_export must be 0 or 1"),
        (
            f"{json.dumps(ROW)}\n{json.dumps(ROW | {'id': '9', 'chip_export': 1 - ROW['chip_export']})}".encode(),
            "a.jsonl:2: the headline stands with other labels at",
        ),
        (f"{json.dumps(ROW)}\n{json.dumps(ROW)}".encode(), "a.jsonl:2: the id '1' is taken"),
    ],
)
def test_bad_input_is_one_line(tmp_path, capsys, content, words):
    """A fault of the file is one line on stderr, with exit code 1 and nothing on stdout."""
    (tmp_path / "a.jsonl").write_bytes(content)
    assert main(["evaluate", str(tmp_path / "a.jsonl"), "--no-baselines", "--json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"x" * 10_000_000, "b.txt:1: the line has 10,000,000 bytes"), (b"bread\n\xff", "b.txt:2: invalid UTF-8")],
)
def test_bad_plain_headlines_are_one_line(tmp_path, capsys, content, words):
    """So is a fault of the file whose false alarms are counted."""
    (tmp_path / "a.jsonl").write_text(json.dumps(ROW))
    (tmp_path / "b.txt").write_bytes(content)
    assert main(["evaluate", str(tmp_path / "a.jsonl"), "--no-baselines", "--plain", str(tmp_path / "b.txt")]) == 1
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1


def test_a_mark_of_byte_order_is_no_part_of_a_file(tmp_path, capsys):
    """Some editors write one before the first line."""
    (tmp_path / "a.jsonl").write_text(json.dumps(ROW), encoding="utf-8-sig")
    (tmp_path / "b.txt").write_text("Bread wins prize", encoding="utf-8-sig")
    files = [str(tmp_path / "a.jsonl"), "--plain", str(tmp_path / "b.txt")]
    assert main(["evaluate", *files, "--no-baselines", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["plain"][0]["headlines"] == 1


def test_too_little_data_to_measure_on(tmp_path, capsys):
    """No headline on the test side is a fault, not a table of zeros."""
    (tmp_path / "a.jsonl").write_text(json.dumps(ROW))
    assert main(["evaluate", "--no-baselines", "--data", str(tmp_path / "a.jsonl")]) == 1
    assert "no headline falls on the test side" in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_error(tmp_path):
    """`evaluate --json | head -c 1` ends without a traceback."""
    (tmp_path / "a.jsonl").write_text(json.dumps(ROW))
    command = f"{sys.executable} -m classifiers evaluate {tmp_path}/a.jsonl --no-baselines --json | true"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("option", ["--epochs", "--batch-size", "--threads"])
def test_a_count_is_one_or_more(option, capsys):
    """Zero of anything is wrong usage."""
    with pytest.raises(SystemExit) as e:
        main(["train", option, "0"])
    assert e.value.code == 2
    assert "1 or more" in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["train"], ["evaluate"], ["export"], ["card"]])
def test_help_has_an_example(capsys, command):
    """--help ends well and shows how to call it."""
    with pytest.raises(SystemExit) as e:
        main([*command, "--help"])
    assert e.value.code == 0
    assert "python -m classifiers" in capsys.readouterr().out


def test_wrong_usage(capsys):
    """An unknown command is exit code 2."""
    with pytest.raises(SystemExit) as e:
        main(["predict"])
    assert e.value.code == 2


def test_card(tmp_path):
    """The card is written from the shipped weights and the data."""
    assert main(["card", "--out", str(tmp_path / "CARD.md")]) == 0
    text = (tmp_path / "CARD.md").read_text()
    assert text.startswith("# chipwire-")
    assert "| chip_export | 0." in text
