"""Does each check of `quoth doctor` tell right from wrong, and never a secret?"""

import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from bot.cli.checks import access, machine, platforms
from bot.platforms.slack.manifest import manifest
from bot.settings import AccessSettings, ContributionSettings, DiscordSettings, Settings, SlackSettings
from bot.storage import upgrade
from retrieval import ReadingLimits

TOKEN = "xoxb-not-to-be-seen"


@pytest.fixture
async def api():
    """A chat service's HTTP API on the loopback: set `.says[path]` to (status, headers, body)."""
    says: dict[str, tuple[int, dict[str, str], object]] = {}

    async def reply(request: web.Request) -> web.Response:
        status, headers, body = says[request.path]
        return web.json_response(body, status=status, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", reply)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = runner.addresses[0]
    yield says, f"http://127.0.0.1:{address[1]}"
    await runner.cleanup()


def with_slack(url: str, **given: str) -> Settings:
    return Settings(slack=SlackSettings(bot_token=TOKEN, api_url=f"{url}/", **given), _env_file=None)


def http_date(off: timedelta = timedelta()) -> str:
    return format_datetime(datetime.now(UTC) + off, usegmt=True)


async def said_by(checks) -> dict[str, tuple[bool, str]]:
    found = [finding async for finding in checks]
    assert TOKEN not in repr(found)
    return {finding.thing: (finding.ok, finding.said) for finding in found}


@pytest.mark.parametrize(
    ("collection", "is_fine"), [("", True), ("inbox", True), ("hr/letters", True), ("everything", False)]
)
def test_where_memos_from_direct_messages_go_is_a_collection(collection, is_fine):
    settings = Settings(contributions=ContributionSettings(collection=collection), _env_file=None)
    assert access.added_directly(settings).ok is is_fine


@pytest.mark.parametrize(("is_kept", "says"), [(True, "256 MiB of memory."), (False, "no limit on memory")])
def test_what_reading_a_file_may_cost_is_said(monkeypatch, is_kept, says):
    monkeypatch.setattr(machine, "limits_memory", lambda: is_kept)
    found = machine.reading(ReadingLimits(seconds=5, memory=256 * 1024**2))
    assert found.ok
    assert "5 seconds" in found.said
    assert says in found.said


async def test_slack_is_left_out_without_a_token():
    found = await said_by(platforms.slack(Settings(_env_file=None)))
    assert found == {"slack": (True, "SLACK__BOT_TOKEN is not set, so Slack is left out.")}


async def test_a_wrong_slack_token_says_where_to_copy_the_right_one(api):
    says, url = api
    says["/auth.test"] = (200, {}, {"ok": False, "error": "invalid_auth"})
    found = await said_by(platforms.slack(with_slack(url, signing_secret="s")))
    ok, said = found["slack bot token"]
    assert not ok
    assert "invalid_auth" in said
    assert "SLACK__BOT_TOKEN" in said


async def test_missing_slack_scopes_are_named(api):
    says, url = api
    says["/auth.test"] = (200, {"x-oauth-scopes": "chat:write"}, {"ok": True, "user": "quoth", "team": "T"})
    found = await said_by(platforms.slack(with_slack(url, signing_secret="s")))
    assert found["slack bot token"][0]
    ok, said = found["slack scopes"]
    assert not ok
    assert "app_mentions:read" in said
    assert "chat:write" not in said


async def test_a_scope_for_user_groups_is_missed_where_the_settings_name_one(api):
    says, url = api
    told = manifest(socket_mode=True, public_url=None)
    granted = {"x-oauth-scopes": ",".join(told["oauth_config"]["scopes"]["bot"])}
    says["/auth.test"] = (200, granted, {"ok": True, "team_id": "T1"})
    settings = with_slack(url, signing_secret="s")
    assert (await said_by(platforms.slack(settings)))["slack scopes"] == (True, "all granted.")
    roles = {"slack:T1/S1": ("policy",)}
    settings = settings.model_copy(update={"access": AccessSettings(direct="roles", roles=roles)})
    ok, said = (await said_by(platforms.slack(settings)))["slack scopes"]
    assert not ok
    assert said.startswith("usergroups:read missing")


async def test_a_channel_of_another_workspace_in_the_settings_is_a_problem(api):
    says, url = api
    says["/auth.test"] = (200, {}, {"ok": True, "team_id": "T1"})
    settings = with_slack(url, signing_secret="s")
    for key, fits in (("slack:T1/C1", True), ("discord:1/2", True), ("slack:T9/C1", False)):
        given = AccessSettings(channels={key: ("policy",)})
        found = await said_by(platforms.slack(settings.model_copy(update={"access": given})))
        assert ("access" not in found) == fits
        assert fits or "write slack:T1/" in found["access"][1]


async def test_a_refused_app_token_is_a_problem(api):
    says, url = api
    says["/auth.test"] = (200, {}, {"ok": True})
    says["/apps.connections.open"] = (200, {}, {"ok": False, "error": "not_allowed_token_type"})
    ok, said = (await said_by(platforms.slack(with_slack(url, app_token="xapp-1"))))["slack events"]
    assert not ok
    assert "not_allowed_token_type" in said


async def test_an_api_that_is_not_there_is_one_problem_and_no_exception():
    found = await said_by(platforms.slack(with_slack("http://127.0.0.1:1")))
    assert [ok for ok, _ in found.values()] == [False]


@pytest.mark.parametrize(("status", "ok"), [(200, True), (401, False)])
async def test_discord_tells_whether_its_token_is_right(api, status, ok):
    says, url = api
    says["/users/@me"] = (status, {}, {"username": "quoth"})
    settings = Settings(discord=DiscordSettings(token=TOKEN, api_url=url), _env_file=None)
    assert (await said_by(platforms.discord(settings)))["discord token"][0] is ok


async def test_a_discord_token_without_discord_py_says_what_to_install(api, monkeypatch):
    says, url = api
    says["/users/@me"] = (200, {}, {"username": "quoth"})
    monkeypatch.setattr(platforms, "find_spec", lambda _: None)
    settings = Settings(discord=DiscordSettings(token=TOKEN, api_url=url), _env_file=None)
    assert (await said_by(platforms.discord(settings)))["discord"] == (False, platforms.MISSING)


@pytest.mark.parametrize(
    ("off", "ok"), [(timedelta(), True), (timedelta(minutes=4), False), (timedelta(minutes=-4), False)]
)
def test_a_clock_that_is_minutes_off_is_a_problem(off, ok):
    assert platforms.clock("slack", http_date(off)).ok is ok


@pytest.mark.parametrize("header", [None, "", "yesterday"])
def test_a_service_that_names_no_time_is_no_problem(header):
    assert platforms.clock("slack", header).ok


def test_a_port_that_is_taken_is_a_problem():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        assert not machine.port("127.0.0.1", number).ok
    assert machine.port("127.0.0.1", number).ok


def test_a_folder_that_is_not_there_cannot_hold_the_library(tmp_path):
    assert not machine.disk(f"sqlite:///{tmp_path}/no/such/quoth.db").ok
    assert machine.disk(f"sqlite:///{tmp_path}/quoth.db").ok
    assert machine.disk("postgresql://quoth@localhost/quoth").ok


async def test_a_database_tells_its_schema_and_its_memos(tmp_path):
    url = f"sqlite:///{tmp_path}/quoth.db"
    [(ok, said)] = (await said_by(machine.database(url))).values()
    assert ok
    assert "none yet" in said
    await upgrade(url)
    [(ok, said)] = (await said_by(machine.database(url))).values()
    assert ok
    assert "0 memos" in said


async def test_a_database_of_another_kind_of_file_is_a_problem(tmp_path):
    (tmp_path / "quoth.db").write_text("not a database, just words " * 99)
    [(ok, said)] = (await said_by(machine.database(f"sqlite:///{tmp_path}/quoth.db"))).values()
    assert not ok
    assert "DATABASE_URL" in said


@pytest.mark.parametrize(("there", "said"), [(True, "is there"), (False, "apt install gcc python3-dev")])
def test_doctor_says_whether_the_compiled_part_is_there(monkeypatch, there, said):
    monkeypatch.setattr(machine, "IS_COMPILED", there)
    found = machine.scoring()
    assert found.ok
    assert said in found.said
