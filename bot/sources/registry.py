"""Which adapter serves which kind of source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.clock import Clock
from bot.domain import SourceSpec
from bot.http import PoliteClient
from bot.sources import edgar, federal_register, federal_register_inspection, feed
from bot.sources.base import Source
from bot.sources.feed_parser import FeedParser
from bot.sources.options import Check


@dataclass(frozen=True, slots=True)
class Tools:
    """What adapters share."""

    http: PoliteClient
    clock: Clock
    parser: FeedParser


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source: how it is built, and which settings of its own it knows."""

    build: Callable[[SourceSpec, Tools], Source]
    options: Mapping[str, Check]


KINDS: Mapping[str, Kind] = {
    "feed": Kind(lambda spec, tools: feed.FeedSource(spec, tools.http, tools.parser), feed.OPTIONS),
    "federal_register_inspection": Kind(
        lambda spec, tools: federal_register_inspection.FederalRegisterInspection(spec, tools.http, tools.clock),
        federal_register_inspection.OPTIONS,
    ),
    "federal_register": Kind(
        lambda spec, tools: federal_register.FederalRegister(spec, tools.http, tools.clock), federal_register.OPTIONS
    ),
    "edgar": Kind(lambda spec, tools: edgar.Edgar(spec, tools.http, tools.clock), edgar.OPTIONS),
}


def build_sources(
    specs: Iterable[SourceSpec], http: PoliteClient, clock: Clock, parser: FeedParser | None = None
) -> dict[str, Source]:
    """Make the adapter of every catalogue entry, by name, in the catalogue's order. Opens nothing.

    Args:
        specs: from load_catalog, which has checked kinds and options.
        http: shared by all; closed by its owner.
        clock: what adapters with busy hours look at.
        parser: shared by all feeds; one of their own when None, whose worker process ends with them.
    """
    tools = Tools(http, clock, parser or FeedParser())
    return {spec.name: KINDS[spec.kind].build(spec, tools) for spec in specs}
