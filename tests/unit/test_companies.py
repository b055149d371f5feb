"""The file of companies: the bundled one, a user's own, and what is wrong with it."""

import tomllib
from importlib import resources

import pytest

from bot.companies import ROLES, TICKER, load_companies
from bot.errors import ConfigError
from bot.rules.tickers import fold

BUNDLED = tomllib.loads(resources.files("bot").joinpath("companies.toml").read_text(encoding="utf-8"))
BOOK = load_companies()


@pytest.fixture
def extra(tmp_path):
    """Writes a user's file and gives its path."""

    def write(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems(path):
    with pytest.raises(ConfigError) as caught:
        load_companies(path)
    return str(caught.value).splitlines()


def test_the_bundled_file_knows_the_chip_world():
    """There are hundreds of companies, of every role and from every country that the trade speaks of."""
    assert len(BOOK.companies) >= 220
    assert {c.role for c in BOOK.companies} == set(ROLES)
    assert {"US", "CN", "TW", "KR", "JP", "NL", "DE", "IL", "IN"} <= {c.country for c in BOOK.companies}


@pytest.mark.parametrize(
    ("name", "ticker"),
    [
        ("Nvidia", "NVDA"), ("TSMC", "TSM"), ("ASML", "ASML"), ("Alibaba", "BABA"),
        ("Samsung Electronics", "005930.KS"),
        ("SK Hynix", "000660.KS"), ("SMIC", "0981.HK"), ("Hua Hong", "1347.HK"), ("Cambricon", "688256.SS"),
        ("Naura", "002371.SZ"), ("AMEC", "688012.SS"), ("Tencent", "0700.HK"), ("Tokyo Electron", "8035.T"),
        ("Kioxia", "285A.T"), ("Renesas", "6723.T"), ("Infineon", "IFX.DE"), ("Wingtech", "600745.SS"),
        ("ASM International", "ASM.AS"), ("Arm Holdings", "ARM"), ("Onsemi", "ON"), ("Ford", "F"), ("Toyota", "7203.T"),
        ("Huawei", None), ("HiSilicon", None), ("ByteDance", None), ("YMTC", None), ("CXMT", None), ("Nexperia", None),
        ("SMEE", None), ("Zeiss SMT", None), ("OpenAI", None), ("Anthropic", None), ("Unitree", None),
    ],
)  # fmt: skip
def test_the_primary_listing_is_the_one_that_traders_use(name, ticker):
    """The US line where it is the main one or an ADR, else the home listing; nothing for the unlisted."""
    company = BOOK.get(name)
    assert company is not None
    assert company.ticker == ticker


def test_every_ticker_has_a_valid_form():
    """Each ticker and other listing is a symbol that a data vendor knows."""
    symbols = [s for c in BOOK.companies for s in (c.ticker, *c.listings) if s is not None]
    assert [s for s in symbols if not TICKER.fullmatch(s)] == []
    assert len(set(symbols)) == len(symbols)


def test_no_alias_belongs_to_two_companies():
    """A name means one company, unless a rule on either side decides."""
    owners = {}
    for entry in BUNDLED["company"]:
        judged = {fold(rule["alias"]) for rule in entry.get("ambiguous", [])}
        for alias in {fold(a) for a in (entry["name"], *entry.get("aliases", []), *entry.get("products", []))} - judged:
            assert owners.setdefault(alias, entry["name"]) == entry["name"]


def test_every_parent_is_a_company():
    """What is owned is owned by a company of the book."""
    assert [c.name for c in BOOK.companies if c.parent is not None and BOOK.get(c.parent) is None] == []


def test_a_users_file_adds_and_replaces(extra):
    """A new name is added, a known one replaced, phrases and word lists extended."""
    path = extra(
        """
        not_companies = ["Nvidia Street"]
        [words]
        chip = ["dielet"]
        [[company]]
        name = "Dielet Works"
        ticker = "DLT.L"
        role = "packaging"
        country = "GB"
        aliases = ["Dielet"]
        [[company.ambiguous]]
        alias = "Works"
        near = ["@chip"]
        [[company]]
        name = "Cerebras"
        role = "designer"
        country = "US"
        """
    )
    book = load_companies(path)
    assert [m.ticker for m in book.find("Dielet opens a line")] == ["DLT.L"]
    assert [m.ticker for m in book.find("Works shows a dielet")] == ["DLT.L"]
    assert book.find("Roadworks on Nvidia Street") == ()
    assert [m.ticker for m in book.find("Cerebras shows a wafer")] == [None]
    assert len(book.companies) == len(BOOK.companies) + 1


GOOD = '[[company]]\nname = "Acme"\nrole = "other"\ncountry = "US"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[company]]\nrole = "other"\ncountry = "US"', "company number 1: name: is missing"),
        ('[[company]]\nname = "Acme"\ncountry = "US"', "company 'Acme': role: is missing"),
        ('[[company]]\nname = "Acme"\nrole = "other"', "company 'Acme': country: is missing"),
        ('[[company]]\nname = 7\nrole = "other"\ncountry = "US"', "company number 1: name: is not a text"),
        (GOOD.replace('"other"', '"foundary"'), "role: 'foundary' is unknown; did you mean 'foundry'?"),
        (GOOD.replace('"US"', '"usa"'), "country: 'usa' is no code of two capitals"),
        (GOOD + 'tikcer = "ACM"', "tikcer: unknown key; did you mean 'ticker'?"),
        (GOOD + 'ticker = "acm"', "ticker: 'acm' is no ticker"),
        (GOOD + 'listings = ["ACM.XX"]', "listings: 'ACM.XX' is no ticker"),
        (GOOD + 'ticker = "NVDA"', "ticker: 'NVDA' belongs to 'Nvidia' already"),
        (GOOD + 'aliases = "Acme Inc"', "aliases: is not a list of texts"),
        (GOOD + 'aliases = ["TSMC"]', "aliases: 'TSMC' belongs to 'TSMC' already"),
        (GOOD + 'aliases = ["Acme Inc", "ACME INC"]', "aliases: 'ACME INC' stands there twice"),
        (GOOD + 'parent = "Nvidla"', "parent: 'Nvidla' is unknown; did you mean 'Nvidia'?"),
        (GOOD + GOOD, "company 'Acme' stands there twice"),
        (GOOD + '[[company.ambiguous]]\nnear = ["chip"]', "ambiguous.alias: is missing"),
        (GOOD + '[[company.ambiguous]]\nalias = "Ac"\ncase = "upper"', "ambiguous 'Ac': case: 'upper' is unknown"),
        (GOOD + '[[company.ambiguous]]\nalias = "Ac"\nnaer = []', "naer: unknown key; did you mean 'near'?"),
        (
            GOOD + '[[company.ambiguous]]\nalias = "Ac"\nnear = ["@chipp"]',
            "no list '@chipp' under [words]; did you mean",
        ),
        (GOOD + 'ambiguous = "Ac"', "ambiguous: write [[company.ambiguous]]"),
        ("company = 3", "company: write [[company]]"),
        ("words = 3", "words: write [words]"),
        ("not_companies = 3", "not_companies: is not a list of texts"),
        ("compnay = []", "compnay: unknown key; did you mean 'company'?"),
    ],
)
def test_a_wrong_file_is_refused_with_place_and_key(extra, text, says):
    """The message names the file, the company and the key, and guesses what was meant."""
    path = extra(text)
    lines = problems(path)
    assert any(says in line for line in lines), lines
    assert all(line.startswith((str(path), "companies.toml")) for line in lines)


def test_every_problem_is_told_at_once(extra):
    """Three mistakes give three lines."""
    lines = problems(extra(GOOD.replace('"other"', '"x"').replace('"US"', '"x"') + 'ticker = "x"'))
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"name = ", "is not valid TOML"), (b"\xff\xfe", "is not UTF-8 text"), (None, "cannot be read")],
)
def test_an_unreadable_file_is_refused(tmp_path, content, says):
    """A file that is missing, not text or not TOML is refused by its name."""
    path = tmp_path / "mine.toml"
    if content is not None:
        path.write_bytes(content)
    (line,) = problems(path)
    assert line.startswith(f"{path}: {says}")
