"""The catalogue: the bundled one is sound, and a user's file is read or refused as a whole."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.domain import Tier
from bot.errors import ConfigError
from bot.http import PoliteClient
from bot.sources.catalog import load_catalog
from bot.sources.registry import KINDS, build_sources

MINIMAL = '[[source]]\nname = "mine"\nkind = "feed"\nurl = "https://www.news.example/feed"\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(tmp_path: Path, text: str) -> list[str]:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_catalog(path)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{path}: ") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


def test_the_bundled_catalogue_can_be_built():
    """Thirty sources or more, every kind used, each with an adapter of its own spec."""
    specs = load_catalog()
    assert len(specs) >= 30
    assert {spec.kind for spec in specs} == set(KINDS)
    assert all(spec.url.startswith("https://") for spec in specs)
    sources = build_sources(specs, PoliteClient(), SystemClock())
    assert [source.spec for source in sources.values()] == list(specs)


def test_what_is_left_out_has_a_sensible_default(tmp_path):
    """Name, kind and URL are enough: once a minute, press, the host as publisher."""
    (spec,) = load_catalog(written(tmp_path, MINIMAL))
    assert spec.interval == timedelta(seconds=60)
    assert spec.tier is Tier.PRESS
    assert spec.publisher == "news.example"
    assert (spec.user_agent, spec.max_age, spec.official, spec.options) == (None, None, False, {})


def test_every_key_is_read(tmp_path):
    """Common keys become fields, those of the kind become options."""
    text = MINIMAL + (
        'interval_s = 1.5\npublisher = "Mine"\ntier = "wire"\nuser_agent = "Reader me@news.example"\nmax_age_s = 600\n'
        'official = true\ntimezone = "Asia/Taipei"\npublic_only = true\n'
    )
    (spec,) = load_catalog(written(tmp_path, text))
    assert spec.interval == timedelta(seconds=1.5)
    assert (spec.publisher, spec.tier, spec.official) == ("Mine", Tier.WIRE, True)
    assert spec.user_agent == "Reader me@news.example"
    assert spec.max_age == timedelta(minutes=10)
    assert spec.options == {"timezone": "Asia/Taipei", "public_only": True}


def test_a_file_replaces_extends_or_overrides(tmp_path):
    """Alone it stands for all; with extend = true it adds, and takes the place of a same name."""
    assert [spec.name for spec in load_catalog(written(tmp_path, MINIMAL))] == ["mine"]
    bundled = load_catalog()
    extended = load_catalog(written(tmp_path, "extend = true\n" + MINIMAL))
    assert [spec.name for spec in extended] == [*(spec.name for spec in bundled), "mine"]
    same_name = "extend = true\n" + MINIMAL.replace("mine", "sec-8k")
    overridden = load_catalog(written(tmp_path, same_name))
    assert len(overridden) == len(bundled)
    assert next(spec for spec in overridden if spec.name == "sec-8k").kind == "feed"
    assert load_catalog(written(tmp_path, "extend = true\n")) == bundled


def test_every_problem_is_told_at_once(tmp_path):
    """One line a problem: which entry, which key, what to do."""
    text = """
extent = true
[[source]]
name = "a"
kind = "fed"
url = "ftp://x.example"
[[source]]
name = "b"
kind = "feed"
url = "https://x.example"
intervals_s = 5
interval_s = 0.5
tier = "pres"
official = "yes"
timezone = "Asia/Taipeh"
[[source]]
kind = "edgar"
url = "https://x.example"
ciks = ["1045810"]
max_age_s = 0
user_agent = "two\\nlines"
[[source]]
name = "b"
kind = "feed"
url = "https://x.example"
"""
    assert problems(tmp_path, text) == [
        "extent: unknown, did you mean extend?",
        f"[[source]] 1 (a): kind: 'fed' is unknown, did you mean feed?; known: {', '.join(KINDS)}",
        "[[source]] 1 (a): url: must begin with http:// or https:// and name a host",
        "[[source]] 2 (b): intervals_s: unknown, did you mean interval_s?",
        "[[source]] 2 (b): interval_s: must be a number of seconds, 1 or more",
        "[[source]] 2 (b): tier: 'pres' is none of primary, wire, press, social, did you mean press?",
        "[[source]] 2 (b): official: must be true or false",
        "[[source]] 2 (b): timezone: 'Asia/Taipeh' is no time zone; write e.g. \"Asia/Taipei\"",
        "[[source]] 3: name: missing",
        "[[source]] 3: user_agent: has characters that cannot be printed, such as a line break",
        "[[source]] 3: max_age_s: must be a number of seconds, 1 or more",
        "[[source]] 3: ciks: must be a list of whole numbers, e.g. [1045810, 2488]",
    ]


def test_duplicate_names_are_told(tmp_path):
    """Two entries of one file may not share a name."""
    assert problems(tmp_path, MINIMAL + MINIMAL) == ["[[source]] 2 (mine): name: 'mine' stands twice in this file"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[source]\nname=", "not readable as TOML"),
        ("", "no [[source]] in it"),
        ('source = "x"', "under its own [[source]] line"),
        ('extend = "yes"\n' + MINIMAL, "extend: must be true or false"),
        (MINIMAL.replace('"mine"', "3"), "name: must be a text"),
        (MINIMAL.replace('"feed"', "3"), "kind: 3 is unknown"),
        (MINIMAL.replace('"https://www.news.example/feed"', '" "'), "url: must be a text"),
        (MINIMAL.replace("www.news.example", "[bad"), "url: must begin with"),
        (MINIMAL.replace("www.news.example", "x:99999999"), "url: must begin with"),
        (MINIMAL + "interval_s = inf", "interval_s: must be a number"),
        (MINIMAL + "interval_s = true", "interval_s: must be a number"),
        (MINIMAL + "tier = []", "tier: [] is none of"),
        (MINIMAL + "timezone = 3", "timezone: must name a time zone"),
        (MINIMAL + 'timezone = "../etc"', "timezone: must name a time zone"),
        (MINIMAL + "public_only = 1", "public_only: must be true or false"),
        (MINIMAL.replace("feed", "federal_register", 1) + "agencies = []", "agencies: must be a list of texts"),
        (MINIMAL.replace("feed", "federal_register", 1) + "per_page = 1", "per_page: must be a whole number"),
        (MINIMAL.replace("feed", "federal_register", 1) + 'term = ""', "term: must be a text"),
    ],
)
def test_each_problem_has_its_sentence(tmp_path, text, why):
    """Whatever a person writes, the answer is a ConfigError that says what is wrong."""
    assert any(why in problem for problem in problems(tmp_path, text))


def test_a_toml_error_names_its_line(tmp_path):
    """The person finds the place."""
    (problem,) = problems(tmp_path, MINIMAL + "tier = wire\n")
    assert "line 5" in problem


def test_files_that_cannot_be_read_are_named(tmp_path):
    """Missing, a folder, or not text."""
    with pytest.raises(ConfigError, match="cannot be read"):
        load_catalog(tmp_path / "missing.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_catalog(tmp_path)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not a UTF-8 text file"):
        load_catalog(binary)
