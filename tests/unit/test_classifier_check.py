"""What the check of the training data finds, and what it lets pass."""

import json

import pytest

from classifiers.__main__ import main
from classifiers.api import ModelError
from classifiers.check import check
from classifiers.dataset import SIDES, read_file, split

ROW = {
    "headline": "Quarry town waits for its ferry",
    "chip_export": 0,
    "market_moving": 0,
    "event": "other",
    "status": "commentary",
    "tickers": {},
    "batch": "a",
}
LICENCE = {"chip_export": 1, "market_moving": 1, "event": "licence", "status": "confirmed"}


@pytest.fixture
def folder(tmp_path):
    """A folder of data with one sound file; ``add`` writes more rows."""
    rows = []

    def add(headline, **changes):
        number = len(rows) + 1
        rows.append(ROW | {"id": f"a-{number}", "story": f"s-{number}", "headline": headline} | changes)
        (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")

    add("Quarry town waits for its ferry")
    return tmp_path, add


def write_lines(path, *rows):
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")


def test_sound_data_has_nothing_wrong(folder):
    """Without a card, stories and companies there is nothing to hold against good records."""
    path, add = folder
    add("Washington licenses Zephyr's accelerators for Oman", **LICENCE, tickers={"ZPH": 1})
    result = check([path])
    assert (result.wrong, result.alike, result.stories, result.unnamed) == ((), (), (), None)
    assert result.headlines == sum(result.sides.values()) == 2


def test_a_fault_is_told_and_the_rest_is_still_looked_at(folder):
    """A broken file costs its own records alone, and its line is named."""
    path, _ = folder
    (path / "b.jsonl").write_text("{not json")
    result = check([path])
    assert result.headlines == 1
    (line,) = result.wrong
    assert line.startswith(f"{path / 'b.jsonl'}:1: not JSON")


def test_one_headline_under_two_labels_is_wrong(folder):
    """Case and punctuation make no other headline."""
    path, add = folder
    add("Quarry Town waits, for its ferry!", **LICENCE)
    assert any("the headline stands with other labels" in line for line in check([path]).wrong)


def test_one_headline_with_two_directions_is_wrong(folder):
    """The same words cannot lift and sink a share; a ticker that only one of them has is no conflict."""
    path, add = folder
    add("Zephyr licence granted", **LICENCE, tickers={"ZPH": 1})
    add("Zephyr licence granted", **LICENCE, tickers={"ZPH": 1, "OTH": 0})
    assert check([path]).wrong == ()
    add("ZEPHYR licence granted.", **LICENCE, tickers={"ZPH": -1})
    (line,) = check([path]).wrong
    assert "a.jsonl:4: ZPH has another direction" in line


def test_near_duplicates_are_shown(folder):
    """Nearly the same words in two stories are listed with whether their labels agree, and are no fault."""
    path, add = folder
    add("Ministry clears the sale of Zephyr's newest chips to three firms in Oman", **LICENCE)
    add("Ministry clears the sale of Zephyr's newest chips to four firms in Oman", **LICENCE)
    add("Ministry clears the sale of Zephyr's newest boats to three firms in Oman")
    result = check([path])
    assert result.wrong == ()
    assert sorted(pair.same_labels for pair in result.alike) == [False, True]
    assert not any(pair.held_out for pair in result.alike)


def test_what_is_for_measuring_alone_is_compared_too(folder):
    """A held-out headline that was trained on in nearly the same words is marked."""
    path, add = folder
    add("Ministry clears the sale of Zephyr's newest chips to three firms", **LICENCE)
    held = ROW | LICENCE | {"id": "z-1", "headline": "Ministry clears the sale of Zephyr's newest chips to two firms"}
    write_lines(path / "zh" / "test.jsonl", held)
    result = check([path])
    assert [(pair.held_out, pair.other_where.endswith("test.jsonl:1")) for pair in result.alike] == [(True, True)]
    assert result.headlines == 2


def test_a_leak_is_wrong(folder, monkeypatch):
    """A split that puts a story, or nearly the same words, on two sides is caught."""
    path, add = folder
    add("Ministry clears the sale of Zephyr's newest chips to three firms", **LICENCE)
    add("Ministry clears the sale of Zephyr's newest chips to four firms", **LICENCE)
    add("A second word on the ferry", story="s-1")
    one, two, three, four = read_file(path / "a.jsonl")
    sound = split([one, two, three, four])
    assert check([path]).wrong == ()
    leaky = type(sound)(train=(one, two), dev=(three, four), test=())
    monkeypatch.setattr("classifiers.check.split", lambda records: leaky)
    story, words = check([path]).wrong
    assert story == "the story 's-1' is on the sides dev and train"
    assert "a.jsonl:2 (train) says nearly the same as" in words


def test_thin_cells_are_counted_by_direction(folder):
    """Each event, status and direction is counted; fewer than four are thin; impossible cells are left out."""
    path, add = folder
    for n in range(4):
        add(
            f"Permit number {n} for Zephyr {'xyz'[n % 3]} {n * 7}", **LICENCE, tickers={"ZPH": 1, "OTH": -1 if n else 0}
        )
    cells = {(c.event, c.status, c.direction): (c.headlines, c.thin) for c in check([path]).cells}
    found = [cells["licence", "confirmed", direction] for direction in ("", "up", "down", "none")]
    assert found == [(4, False), (4, False), (3, True), (1, True)]
    assert cells["tariff", "denied", ""] == (0, True)
    assert ("other", "denied", "") not in cells


def test_companies_that_nobody_names(folder):
    """A listed company is named by a ticker of the labels, an unlisted one by a name in the words, as a whole word."""
    path, add = folder
    add("Zephyr and Baseline win permits; 长风科技 waits", **LICENCE, tickers={"ZPH": 1, "0900.HK": 0})
    companies = path / "companies.toml"
    companies.write_text(
        """
        [[company]]
        name = "Zephyr"
        ticker = "ZPH"
        [[company]]
        name = "Two Boards"
        ticker = "TWB"
        listings = ["0900.HK"]
        [[company]]
        name = "Ferry"
        ticker = "FRY"
        [[company]]
        name = "Long Wind"
        aliases = ["长风"]
        [[company]]
        name = "ASE"
        [[company]]
        name = "Base"
        [[company]]
        name = "Quarry Town"
        """,
        encoding="utf-8",
    )
    assert check([path], companies=companies).unnamed == ("Ferry", "ASE", "Base")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name = ", "not TOML"),
        (b"\xff", "not TOML"),
        (b"company = 3", "needs a name"),
        (b"[[company]]\nticker = 'X'", "needs a name"),
        (b"[[company]]\nname = 'X'\naliases = 'Y'", "needs a name"),
        (None, "cannot be read"),
    ],
)
def test_a_wrong_file_of_companies_is_refused(folder, content, words):
    """The message names the file."""
    path, _ = folder
    companies = path / "companies.toml"
    if content is not None:
        companies.write_bytes(content)
    with pytest.raises(ModelError, match=words) as caught:
        check([path], companies=companies)
    assert str(companies) in str(caught.value)


CARD = """
| batch | headlines | what |
| --- | --- | --- |
| `a`, `b` | {ab} | words with a number, 1,999 |

{total} in all.

It holds {stories} stories, {members} headlines that tell of them, and
{near} near misses.
"""


def make_stories(path):
    write_lines(
        path / "stories" / "one.jsonl",
        {"headline": "Zephyr wins a permit", "story": "p"},
        {"headline": "Permit for Zephyr", "story": "p", "near": None},
        {"headline": "Zephyr wins a prize", "story": "q", "near": "p"},
    )


def test_a_true_card_and_stories_pass(folder):
    """Batches, the total and the stories are counted; stories stand a file each."""
    path, add = folder
    add("A second word on the ferry", batch="b")
    make_stories(path)
    (path / "README.md").write_text(CARD.format(ab=2, total=2, stories=1, members=2, near=1))
    result = check([path])
    assert result.wrong == ()
    assert [(s.file, s.stories, s.members, s.near_misses) for s in result.stories] == [("one.jsonl", 1, 2, 1)]


def test_a_card_that_counts_wrongly_is_wrong(folder):
    """Each number of the card that differs is told, and each batch that it does not list."""
    path, add = folder
    add("A second word on the ferry", batch="c")
    make_stories(path)
    (path / "README.md").write_text(CARD.format(ab="1,002", total=3, stories=2, members=3, near=2))
    said = [line.removeprefix(f"{path / 'README.md'}: ") for line in check([path]).wrong]
    assert said == [
        "a, b: 1 headlines, not 1,002",
        "the batch 'c' with 1 headlines is not listed",
        "2 in all, not 3",
        "1 stories, not 2",
        "2 headlines of stories, not 3",
        "1 near misses, not 2",
    ]


def test_a_broken_story_is_wrong(folder):
    """A near miss of no story is a fault."""
    path, _ = folder
    write_lines(path / "stories" / "one.jsonl", {"headline": "Zephyr wins", "story": "p", "near": "gone"})
    assert any("is no story" in line for line in check([path]).wrong)


def test_the_command_prints_tables(folder, capsys):
    """Gaps alone are exit code 0; words in brackets are printed as they are."""
    path, add = folder
    add("Ministry clears the sale of [bold]Zephyr's newest chips to three firms", **LICENCE)
    add("Ministry clears the sale of [bold]Zephyr's newest chips to four firms", **LICENCE)
    make_stories(path)
    companies = path / "companies.toml"
    companies.write_text('[[company]]\nname = "Two [Boards]"')
    assert main(["check", "--data", str(path), "--companies", str(companies)]) == 0
    out = capsys.readouterr().out
    for words in ("3 headlines", "2 !", "0 !", "one.jsonl", "1 pairs", "[bold]", "Two [Boards]", "nothing is wrong"):
        assert words in out


def test_the_command_prints_json(folder, capsys):
    """--json gives one object; something wrong is exit code 1, in both forms."""
    path, add = folder
    add("Quarry town waits for its ferry", **LICENCE)
    assert main(["check", "--data", str(path), "--json"]) == 1
    result = json.loads(capsys.readouterr().out)
    assert len(result["wrong"]) == 1
    assert set(result["sides"]) == set(SIDES)
    assert {"event": "licence", "status": "denied", "direction": "", "headlines": 0} in result["thin"]
    assert main(["check", "--data", str(path)]) == 1
    assert "1 wrong" in capsys.readouterr().out


def test_help_has_an_example(capsys):
    """--help ends well and shows how to call it."""
    with pytest.raises(SystemExit) as e:
        main(["check", "--help"])
    assert e.value.code == 0
    assert "python -m classifiers check --json" in capsys.readouterr().out
