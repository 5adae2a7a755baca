"""What is started for `quoth run`, and in what order?"""

from collections.abc import Callable, Collection, Mapping

from bot.app.chores import chores
from bot.app.connecting import links_of, platforms_of
from bot.app.digesting import digests_of, make_stated
from bot.app.parts import Parts, built, read_seeds
from bot.app.roles import Role, chosen, configured, remarks
from bot.app.signals import Stopping
from bot.app.supervisor import Supervisor
from bot.app.watching import watch_beside
from bot.observability import log, set_up_logging
from bot.platforms.base import Platform
from bot.settings import Settings
from bot.web import Links, WebServer, create_web
from retrieval import superseded_by

OnReady = Callable[[int | None], object]
"""Called once everything is started, with the web's port (None without the role)."""


async def run(
    settings: Settings, roles: Collection[str] | None = None, on_ready: OnReady = lambda _: None
) -> None:
    """Play `roles` (without any: what is configured) until SIGTERM or SIGINT, then stop in order.

    Raises SetupError for settings or roles that do not fit, DatabaseTrouble, and PlatformRefused where no chat
    service is left.
    """
    set_up_logging(settings.log.level, settings.log.format)
    playing = chosen(settings, roles)
    with Stopping.on_signals() as stopping:
        async with built(settings) as parts:
            if not settings.watch.folders:
                await read_seeds(parts.library, lambda said: log.info("seeds_read", said=said))
            for remark in remarks(settings):
                log.warning("set_up_incomplete", said=remark)
            links = await links_of(settings, parts.store)
            platforms = platforms_of(settings, playing, links, parts)
            server = _web(settings, parts, links, platforms) if Role.WEB in playing else None
            supervisor = Supervisor(parts.questions, platforms, server)
            log.info("started", roles=sorted(role.value for role in playing), port=server and server.port)
            on_ready(server.port if server else None)
            beside = chores(settings, parts, platforms)
            if Role.DIGESTS in playing:  # also where the platforms themselves run in other processes
                await make_stated(settings, parts)
                elsewhere = platforms_of(settings, configured(settings) - playing, links, parts)
                digests = digests_of(settings, parts, [*platforms, *elsewhere])
                beside.append(digests.run(stopping.asked))
            else:
                digests_of(settings, parts, platforms)
            if Role.WATCH in playing:
                beside.append(watch_beside(settings, parts.store, parts.library))
            await supervisor.run(stopping, beside)
    log.info("stopped")


def _web(settings: Settings, parts: Parts, links: Links, platforms: Collection[Platform]) -> WebServer:
    def is_ready() -> Mapping[str, bool]:
        return {"index": parts.library.index is not None} | {p.name.value: p.connected for p in platforms}

    routes = [route for platform in platforms for route in getattr(platform, "routes", ())]
    app = create_web(
        parts.store,
        links,
        extra_routes=routes,
        is_ready=is_ready,
        show_metrics=settings.web.metrics,
        successors=lambda memo_id: superseded_by(parts.library.index, memo_id),
        may_read_on=parts.access.may_read_on,
    )
    return WebServer(app, settings.web.host, settings.web_port)
