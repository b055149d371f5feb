"""The model's command line, as far as it goes without torch."""

import json

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
