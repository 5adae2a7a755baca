"""What does the bot show in a browser, and to whom?"""

from bot.web.links import Grant, LinkExpired, LinkForged, LinkRefused, Links
from bot.web.server import WebServer
from bot.web.site import create_web

__all__ = ["Grant", "LinkExpired", "LinkForged", "LinkRefused", "Links", "WebServer", "create_web"]
