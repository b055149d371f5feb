"""The read-only web server: the live page, health, metrics and a small API. Sends nothing."""

from bot.health import Health
from bot.web.app import build_web
from bot.web.server import Listener, bind, serve

__all__ = ["Health", "Listener", "bind", "build_web", "serve"]
