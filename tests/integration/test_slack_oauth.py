"""The app in many workspaces: installed with OAuth, used, and taken away."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from bot.chat.slack import SlackChat, installations_of
from bot.chat.slack.oauth import SCOPES
from bot.errors import ConfigError, NotifyError, StoreError
from bot.notifiers.slack import SlackNotifier
from bot.settings import load_settings
from tests.fakes.alerts import StillClock, make_claim
from tests.fakes.remote import Fault
from tests.fakes.slack import TOKEN
from tests.fakes.slack_app import ANN, CHANNEL, CLIENT_ID, CLIENT_SECRET, SlackApp
from tests.fakes.slack_desk import TO
from tests.fakes.slack_outside import OAUTH, OTHER, OTHER_TOKEN, PUBLIC, SIGNING, THERE, Outside, cookie


@pytest.fixture
def clock():
    """Shows one time until it is moved."""
    return StillClock()


@pytest.fixture
def slack(clock):
    """Slack, by the same clock."""
    with SlackApp(now=lambda: clock.now().timestamp()) as remote:
        yield remote


@pytest.fixture
async def many(slack, store, clock):
    """The app that any workspace may install, beside its own."""
    async with Outside(slack, store, clock, **OAUTH) as outside:
        yield outside


async def test_a_workspace_installs_the_app(many, store):
    """The browser is sent to Slack with what we ask for, and comes back; the token is kept, unreadable."""
    sent = await many.web.get("/slack/install")
    to = urlsplit(sent.headers["location"])
    asked = parse_qs(to.query)
    assert f"{to.scheme}://{to.netloc}{to.path}" == "https://slack.com/oauth/v2/authorize"
    assert asked["client_id"] == [CLIENT_ID]
    assert asked["redirect_uri"] == [f"{PUBLIC}/slack/oauth_redirect"]
    assert set(asked["scope"][0].split(",")) == set(SCOPES)
    assert not asked.get("user_scope", [""])[0]
    assert "Secure" in sent.headers["set-cookie"]
    assert "HttpOnly" in sent.headers["set-cookie"]
    page = await many.installed()
    assert page.status_code == 200
    assert "app_redirect" in page.text
    body = await store.installation(OTHER)
    assert OTHER_TOKEN not in body
    assert "xoxb" not in body
    installations = installations_of(many.settings, store, many.clock)
    assert (await installations.token(OTHER)).get_secret_value() == OTHER_TOKEN
    assert await installations.token("T0003") is None
    assert OTHER_TOKEN not in repr(await installations.find(OTHER))


async def test_a_state_holds_once_for_one_browser_and_some_minutes(many, store):
    """A state that was used, was begun in another browser, is made up, or has expired installs nothing."""
    state = await many.begun()
    code = many.slack.grants(OTHER, OTHER_TOKEN)
    back = {"code": code, "state": state}
    assert (await many.web.get("/slack/oauth_redirect", params=back)).status_code == 400
    wrong = await many.web.get("/slack/oauth_redirect", params=back, headers=cookie("another"))
    assert wrong.status_code == 400
    made_up = await many.web.get("/slack/oauth_redirect", params={**back, "state": "x"}, headers=cookie("x"))
    assert made_up.status_code == 401
    many.clock.time += timedelta(minutes=11)
    late = await many.web.get("/slack/oauth_redirect", params=back, headers=cookie(state))
    assert late.status_code == 401
    assert await store.installation(OTHER) is None
    assert (await many.installed()).status_code == 200
    again = {"code": many.slack.grants(OTHER, OTHER_TOKEN), "state": state}
    assert (await many.web.get("/slack/oauth_redirect", params=again, headers=cookie(state))).status_code == 401


async def test_a_refusal_and_a_wrong_code_install_nothing(many, store, capsys):
    """The person said no, the code is none, or an organisation is to be installed: told on the page, nothing is
    kept, and no code stands in the log."""
    no = await many.web.get("/slack/oauth_redirect", params={"error": "access_denied"})
    assert "access_denied" in no.text
    bad = await many.web.get("/slack/oauth_redirect", params={"error": "<script>alert(1)</script>"})
    assert "<script>" not in bad.text
    state = await many.begun()
    wrong = await many.web.get(
        "/slack/oauth_redirect", params={"code": "code-made-up", "state": state}, headers=cookie(state)
    )
    assert wrong.status_code == 401
    state = await many.begun()
    code = many.slack.grants(OTHER, OTHER_TOKEN)
    many.slack.codes[code] |= {"is_enterprise_install": True, "team": None, "enterprise": {"id": "E1"}}
    org = await many.web.get("/slack/oauth_redirect", params={"code": code, "state": state}, headers=cookie(state))
    assert org.status_code == 500
    assert await store.installations() == []
    said = "".join(capsys.readouterr())
    assert "code-" not in said
    assert CLIENT_SECRET not in said


async def test_slack_out_of_reach_during_the_installation(many, store, monkeypatch):
    """A database or a Slack that does not answer is a page, not an error of ours."""

    async def broken(*_):
        raise StoreError("/secret: disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(store, "save_state", broken)
        answer = await many.web.get("/slack/install")
        assert answer.status_code == 503
        assert "/secret" not in answer.text
    state = await many.begun()
    code = many.slack.grants(OTHER, OTHER_TOKEN)
    many.slack.fail(Fault.DROP_BEFORE, match="oauth.v2.access")
    params = {"code": code, "state": state}
    answer = await many.web.get("/slack/oauth_redirect", params=params, headers=cookie(state))
    assert answer.status_code == 503
    assert await store.installation(OTHER) is None


async def test_each_workspace_under_its_own_token(many, store):
    """The own workspace's channels keep their short names; another's carry its name, and are answered, called and
    posted to under its token."""
    await many.installed()
    await many.command("subscribe NVDA")
    await many.command("subscribe TSM", team=OTHER, channel="C0002", user="U0EVE")
    assert [s.tickers for s in await store.subscriptions_of(TO)] == [{"NVDA"}]
    assert [s.tickers for s in await store.subscriptions_of(THERE)] == [{"TSM"}]
    tokens = {a.params["user"]: a.headers["authorization"] for a in many.slack.calls("users.info")}
    assert tokens == {ANN: f"Bearer {TOKEN}", "U0EVE": f"Bearer {OTHER_TOKEN}"}
    installations = installations_of(many.settings, store, many.clock)
    notifier = SlackNotifier(SecretStr(TOKEN), api_url=many.slack.api_url, clock=many.clock, tokens=installations.token)
    for to in (f"slack:{CHANNEL}", str(THERE)):
        claim = make_claim(to)
        await notifier.send(claim, notifier.render(claim.alert))
    await notifier.aclose()
    assert [p["bot_id"] for p in many.slack.posts] == ["B0001", "B0002"]


async def test_where_it_is_not_installed_it_says_so(many, store):
    """A request of a workspace that has no token here is answered with that, and nothing is called or stored."""
    answer = await many.command("subscribe NVDA", team="T0009")
    assert "no longer installed" in answer["text"]
    assert not many.slack.calls("users.info")
    assert await store.subscriptions_of(TO) == []


async def test_without_an_own_token(slack, store, clock):
    """An app for many workspaces needs no SLACK_BOT_TOKEN."""
    async with Outside(slack, store, clock, SLACK_BOT_TOKEN="", **OAUTH) as outside:
        await outside.installed()
        await outside.command("subscribe TSM", team=OTHER, channel="C0002", user="U0EVE")
        assert len(await store.subscriptions_of(THERE)) == 1
        assert SlackChat.wanted(outside.settings)


@pytest.mark.parametrize(
    ("kind", "fields"), [("app_uninstalled", {}), ("tokens_revoked", {"tokens": {"oauth": [], "bot": ["U0002"]}})]
)
async def test_a_workspace_that_leaves_is_forgotten(many, store, kind, fields):
    """The token is deleted, what was to go there is retired, the others stay; told twice it is done once; installed
    anew it works again."""
    await many.installed()
    await many.command("subscribe NVDA")
    await many.command("subscribe TSM", team=OTHER, channel="C0002", user="U0EVE")
    gone = many.slack.event(kind, team=OTHER, **fields)
    await many.event(gone)
    await many.event(gone)
    await many.event(many.slack.event(kind, team=OTHER, **fields))
    assert await store.installation(OTHER) is None
    assert await store.subscriptions_of(THERE) == []
    assert len(await store.subscriptions_of(TO)) == 1
    installations = installations_of(many.settings, store, many.clock)
    notifier = SlackNotifier(None, api_url=many.slack.api_url, clock=many.clock, tokens=installations.token)
    claim = make_claim(str(THERE))
    with pytest.raises(NotifyError) as error:
        await notifier.send(claim, notifier.render(claim.alert))
    assert error.value.permanent
    await notifier.aclose()
    many.clock.time += timedelta(minutes=1)
    await many.installed()
    await many.command("subscribe TSM", team=OTHER, channel="C0002", user="U0EVE")
    assert len(await store.subscriptions_of(THERE)) == 1


async def test_news_of_leaving_that_comes_after_the_return_is_old(many, store):
    """The app was removed and installed again; the news of the first comes last and ends nothing."""
    await many.installed()
    gone = many.slack.event("app_uninstalled", team=OTHER)
    many.clock.time += timedelta(minutes=1)
    await many.installed()
    await many.event(gone)
    assert await store.installation(OTHER) is not None


async def test_tokens_of_single_users_are_none_of_ours(many, store):
    """A user who revoked something of theirs ends nothing."""
    await many.installed()
    await many.event(many.slack.event("tokens_revoked", team=OTHER, tokens={"oauth": ["U0EVE"], "bot": []}))
    assert await store.installation(OTHER) is not None


async def test_the_own_workspace_that_leaves_is_told_to_the_operator(many, store, capsys):
    """SLACK_BOT_TOKEN is the operator's: its loss is an error in the log, and ends no subscription."""
    await many.command("subscribe NVDA")
    await many.event(many.slack.event("app_uninstalled"))
    assert len(await store.subscriptions_of(TO)) == 1
    assert "slack_uninstalled" in "".join(capsys.readouterr())


async def test_a_lost_key_is_a_mistake_to_mend_and_retires_nothing(many, store):
    """Under another CHIPWIRE_SECRET_KEY no token can be read: the error names the setting, and a delivery waits."""
    await many.installed()
    other = load_settings(
        {"SLACK_SIGNING_SECRET": SIGNING, **OAUTH, "CHIPWIRE_SECRET_KEY": "another long random text"}, None
    )
    installations = installations_of(other, store, many.clock)
    with pytest.raises(ConfigError, match="CHIPWIRE_SECRET_KEY"):
        await installations.token(OTHER)
    notifier = SlackNotifier(None, api_url=many.slack.api_url, clock=many.clock, tokens=installations.token)
    claim = make_claim(str(THERE))
    with pytest.raises(NotifyError) as error:
        await notifier.send(claim, notifier.render(claim.alert))
    assert not error.value.permanent
    await notifier.aclose()


async def test_a_token_is_bound_to_its_workspace(many, store):
    """A row that is copied to another workspace does not open it."""
    await many.installed()
    body = await store.installation(OTHER)
    await store.save_installation("T0007", body, many.clock.now())
    with pytest.raises(ConfigError):
        await installations_of(many.settings, store, many.clock).token("T0007")
