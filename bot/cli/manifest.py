"""How is the app declared to a chat service?"""

import typer

app = typer.Typer(no_args_is_help=True, help="What a chat service wants to know about the app.")


@app.callback()
def _group() -> None:
    """Keep `slack` a command of its own while it is the only one."""


@app.command()
def slack() -> None:
    """Print the Slack app manifest (JSON) that fits the settings: paste it at api.slack.com/apps."""
    from bot.cli.checks.access import needs_groups
    from bot.cli.output import notice, print_json
    from bot.platforms.slack.manifest import manifest
    from bot.settings import read_settings

    settings = read_settings()
    over_http = settings.slack.app_token is None and bool(
        settings.slack.signing_secret or settings.web.public_url
    )
    if over_http and not settings.web.public_url:
        notice("WEB__PUBLIC_URL is not set: put the bot's own address where YOUR-PUBLIC-URL stands.")
    print_json(
        manifest(
            socket_mode=not over_http,
            public_url=settings.web.public_url,
            user_groups=needs_groups(settings),
        )
    )
