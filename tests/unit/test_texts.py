"""The catalogues of texts."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from bot.chat.requests import COMMANDS
from bot.domain import Event, Hold, MuteKind, Outcome, Reason, Status, Tier, Topic, Urgency
from bot.rules.routing import Filtered
from bot.texts import LANGUAGES, Texts, catalogue, texts_of

ROOT = Path(__file__).parents[2]
OTHERS = [language for language in LANGUAGES if language != "en"]
_USED = re.compile(r'\.(?:say|line|lines|reply|button|form)\(\s*"(?P<key>[a-z_]+(?:\.[a-z_0-9]+)+)"')


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def base(key: str) -> str:
    return re.sub(r"\.(?:one|many)$", "", key)


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_every_text(language):
    """None is missing, and none is there that English has not; forms of number may differ."""
    assert {base(key) for key in catalogue(language)} == {base(key) for key in catalogue("en")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_agree(language):
    """A text fills in what its English fills in, in every form: the code gives no more and needs no less."""
    english = {base(key): placeholders(text) for key, text in catalogue("en").items() if not key.endswith(".one")}
    free = {"cmd"}  # how commands are typed may be shown or not
    wrong = {
        key: placeholders(text)
        for key, text in catalogue(language).items()
        if placeholders(text) - free != english[base(key)] - free - ({"n"} if key.endswith(".one") else set())
        and placeholders(text) - free != english[base(key)] - free
    }
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_that_count_have_the_form_for_many(language):
    """One form alone would leave two of something without a text, and a text that counts says how many."""
    keys = catalogue(language)
    ones = {base(key) for key in keys if key.endswith(".one")}
    manys = {base(key) for key in keys if key.endswith(".many")}
    assert ones <= manys
    assert all("n" in placeholders(keys[f"{key}.many"]) for key in manys)
    assert not manys & set(keys)


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_come_in_pairs(language):
    """A mark without its partner would be shown as it stands."""
    for key, text in catalogue(language).items():
        for line in text.split("\n"):
            assert line.count("*") % 2 == 0, key
            assert line.count("`") % 2 == 0, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_empty(language):
    """But for the usage of commands that take nothing."""
    empty = {key for key, text in catalogue(language).items() if not text.strip()}
    assert all(key.startswith("usage.") for key in empty)


@pytest.mark.parametrize(
    ("prefix", "kind"),
    [("urgency", Urgency), ("event", Event), ("status", Status), ("status_word", Status), ("tier", Tier),
     ("chat.topic", Topic), ("chat.mute", MuteKind), ("chat.outcome", Outcome), ("chat.reason", Reason),
     ("chat.stage", Filtered), ("chat.stage", Hold), ("command", COMMANDS), ("usage", COMMANDS)],
)  # fmt: skip
def test_every_label_has_words(prefix, kind):
    """Nothing that the code names is shown raw, or fails."""
    assert {f"{prefix}.{member}" for member in kind} <= set(catalogue("en"))


def test_every_text_that_the_code_names_is_there():
    """A misspelt key would only show when somebody meets it."""
    known = {base(key) for key in catalogue("en")} | set(catalogue("en"))
    for path in (ROOT / "bot").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        used = {found["key"] for found in _USED.finditer(source)}
        if "chat" in path.parts:
            used |= set(re.findall(r'"((?:chat|slack|telegram)\.[a-z_]+(?:\.[a-z_]+)*)"', source))
        assert not used - known, path


def test_a_menu_takes_every_command():
    """Telegram's limits for a command and its description: 32 characters of a-z, 0-9 and _, and 256."""
    for language in LANGUAGES:
        for name in COMMANDS:
            assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
            assert 3 <= len(texts_of(language).say(f"command.{name}")) <= 256


@pytest.mark.parametrize(
    ("asked", "given"),
    [("zh", "zh"), ("zh-Hans-CN", "zh"), ("ja_JP", "ja"), ("JA", "ja"), ("de", "en"), ("", "en"), (None, "en")],
)
def test_finds_the_language(asked, given):
    """By its code, with or without a country; English for what is not known."""
    assert texts_of(asked).language == given


def test_falls_back_to_english_text_by_text():
    """A language that lacks a text still says the others."""
    texts = Texts("xx", {"card.update": "Mise à jour"}, catalogue("en"))
    assert texts.say("card.update") == "Mise à jour"
    assert texts.say("card.denied") == "DENIED"
    assert texts.say("digest.title", n=1) == "1 alert held for you"


def test_counts_in_the_forms_of_the_language():
    """One and many in English, one form in Chinese."""
    assert [texts_of("en").say("card.publishers", n=n) for n in (1, 7)] == ["1 publisher", "7 publishers"]
    assert [texts_of("zh").say("card.publishers", n=n) for n in (1, 7)] == ["1 家媒体", "7 家媒体"]


def test_what_english_lacks_is_a_bug():
    """A key that nobody wrote is no text."""
    with pytest.raises(KeyError):
        texts_of("zh").say("card.nothing_of_that_name")


def test_values_are_put_in_as_they_are():
    """Braces in a headline or a name are no placeholders."""
    assert texts_of("en").say("card.update_line", change="{change} {0}") == "Update: {change} {0}"


def test_roles_read_in_english_as_the_file_has_them():
    """The words of exposure.toml are English; a role that no catalogue knows is shown as it stands."""
    shipped = re.findall(r'role = "([^"]+)"', (ROOT / "bot/exposure.toml").read_text(encoding="utf-8"))
    assert all(texts_of("en").say(f"role.{role}") == role for role in shipped)
    assert not texts_of("zh").has("role.of our own making")
