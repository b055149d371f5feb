"""``chipwire doctor``: is everything in place? One line a thing, and what to do about it."""

from __future__ import annotations

import asyncio
import json
import sys
import time

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import log
from bot.commands.doctor_chat import chat_findings
from bot.commands.findings import Finding
from bot.commands.sources import check_all
from bot.config import load_config
from bot.errors import BotError, ConfigError, NotifyError
from bot.home import opened_store
from bot.model import pick_classifier
from bot.notifiers.registry import build_notifiers
from bot.settings import Settings, load_settings
from classifiers.api import ModelError

PROBE = "US lets Nvidia sell H20 chips to China"


async def examine(*, as_json: bool) -> bool:
    """Check settings, files, store, model, tokens, chat and sources; print a table; True when all is well."""
    findings: list[Finding] = []
    settings = _settings(findings)
    if settings is not None:
        redactor = log.configure(level="error", json_lines=settings.log_json, secrets=settings.secrets)
        await _store(settings, findings)
        await asyncio.to_thread(_model, settings, findings)
        await _tokens(settings, findings)
        findings += await chat_findings(settings)
        await _sources(settings, findings)
        findings = [Finding(f.what, f.ok, redactor.clean(f.detail)) for f in findings]
    _print(findings, as_json=as_json)
    return all(f.ok for f in findings)


def _settings(findings: list[Finding]) -> Settings | None:
    try:
        settings = load_settings()
    except ConfigError as error:
        findings += [Finding("settings", ok=False, detail=line) for line in str(error).splitlines()]
        return None
    findings.append(Finding("settings", ok=True, detail=f"data in {settings.home}"))
    return settings


async def _store(settings: Settings, findings: list[Finding]) -> None:
    try:
        async with opened_store(settings) as store:
            backlog = await store.backlog()
            subscriptions = await store.subscriptions()
    except BotError as error:
        findings.append(Finding("store", ok=False, detail=str(error)))
        return
    counts = ", ".join(f"{count} {state}" for state, count in backlog.items())
    findings.append(Finding("store", ok=True, detail=f"{settings.store_url.partition(':')[0]}: {counts}"))
    findings.append(Finding("subscriptions", ok=True, detail=f"{len(subscriptions)} in the store"))


def _model(settings: Settings, findings: list[Finding]) -> None:
    started = time.perf_counter()
    try:
        classifier = pick_classifier(settings)
        score = classifier.score([PROBE])[0]
    except (ModelError, BotError) as error:
        findings.append(Finding("model", ok=False, detail=str(error)))
        return
    took = time.perf_counter() - started
    well = score.chip_export >= classifier.thresholds.chip_export
    findings.append(
        Finding("model", ok=well, detail=f"{classifier.name}, {took:.1f} s, {PROBE!r} scores {score.chip_export:.2f}")
    )


async def _tokens(settings: Settings, findings: list[Finding]) -> None:
    for name, token in (
        ("SLACK_BOT_TOKEN", settings.slack_bot_token),
        ("TELEGRAM_BOT_TOKEN", settings.telegram_bot_token),
    ):
        if token is None:
            findings.append(Finding(name, ok=True, detail="not set"))
    notifiers = build_notifiers(settings)
    for kind, notifier in notifiers.items():
        try:
            async with asyncio.timeout(10):
                identity = await notifier.check()
        except NotifyError as error:
            advice = "; paste the token again" if error.auth else ""
            findings.append(Finding(kind.value, ok=False, detail=f"{error}{advice}"))
        except TimeoutError:
            findings.append(Finding(kind.value, ok=False, detail="no answer within 10 s"))
        else:
            findings.append(Finding(kind.value, ok=True, detail=identity))
        finally:
            await notifier.aclose()


async def _sources(settings: Settings, findings: list[Finding]) -> None:
    try:
        config = load_config(settings, strict=True)
    except ConfigError as error:
        findings += [Finding("files", ok=False, detail=line) for line in str(error).splitlines()]
        return
    findings.append(
        Finding(
            "files",
            ok=True,
            detail=f"{len(config.specs)} sources, {len(config.subscriptions)} subscriptions in the file",
        )
    )
    for result in await check_all(config.specs, settings):
        detail = result.error or f"{result.items} items in {result.took_ms} ms"
        findings.append(Finding(f"source {result.source}", ok=result.error is None, detail=detail))


def _print(findings: list[Finding], *, as_json: bool) -> None:
    if as_json:
        for f in findings:
            sys.stdout.write(json.dumps({"what": f.what, "ok": f.ok, "detail": f.detail}, ensure_ascii=False) + "\n")
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for f in findings:
        table.add_row("[green]ok[/]" if f.ok else "[red]wrong[/]", escape(f.what), escape(f.detail))
    console = Console(highlight=False)
    console.print(table)
    wrong = sum(not f.ok for f in findings)
    console.print(
        f"\n{wrong} of {len(findings)} checks are wrong." if wrong else f"\nAll {len(findings)} checks are well."
    )
