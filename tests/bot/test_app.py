"""What does `quoth run` start, what does it refuse, and how does it stop?"""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.app import problems, run
from bot.app.connecting import platforms_of
from bot.app.parts import built
from bot.app.roles import Role, chosen, remarks
from bot.app.signals import Stopping
from bot.app.supervisor import FINISH, GRACE, Supervisor
from bot.errors import PlatformRefused, SetupError
from bot.models import PlatformName
from bot.platforms.discord.connection import GOODBYE
from bot.settings import Settings, read_settings
from bot.web import Links, WebServer
from tests.conftest import ROOT

PATIENCE = 60
SLACK_SOCKET = {"bot_token": "xoxb-1", "app_token": "xapp-1"}
SLACK_HTTP = {"bot_token": "xoxb-1", "signing_secret": "s"}


def settings_of(**given):
    return Settings(_env_file=None, **given)


# roles


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        ({}, {"web"}),
        ({"slack": SLACK_SOCKET}, {"web", "slack", "digests"}),
        ({"watch": {"folders": ["/srv/memos"]}}, {"web", "watch"}),
        ({"slack": SLACK_HTTP, "discord": {"token": "t"}}, {"web", "slack", "discord", "digests"}),
    ],
)
def test_without_names_what_is_configured_is_played(given, roles):
    assert chosen(settings_of(**given), None) == chosen(settings_of(**given), []) == roles


def test_with_names_only_those_are_played():
    both = settings_of(slack=SLACK_SOCKET, discord={"token": "t"})
    assert chosen(both, ["slack"]) == {Role.SLACK}


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        (["slak"], "There is no role 'slak'. The roles are: slack, discord, web, digests, watch."),
        (
            ["digests"],
            "The role digests needs somewhere to post: SLACK__BOT_TOKEN or DISCORD__TOKEN. Run: quoth doctor.",
        ),
        (["slack"], "The role slack needs SLACK__BOT_TOKEN. Run: quoth doctor."),
        (["web", "discord"], "The role discord needs DISCORD__TOKEN. Run: quoth doctor."),
        (["watch"], "The role watch needs WATCH__FOLDERS. Or run: quoth memos watch FOLDER."),
    ],
)
def test_a_role_that_cannot_be_played_is_a_sentence_with_what_to_do(roles, said):
    with pytest.raises(SetupError) as refused:
        chosen(settings_of(), roles)
    assert str(refused.value) == said


def test_slack_over_http_needs_the_web():
    over_http = settings_of(slack=SLACK_HTTP)
    assert chosen(over_http, ["slack", "web"]) == {"slack", "web"}
    with pytest.raises(SetupError, match=r"needs the role web. Run: quoth run slack web"):
        chosen(over_http, ["slack"])


# settings


def digest(*others, **given):
    """Settings of a digest, and of others that are called the same."""
    morning = {"name": "morning", "to": "slack:T1/C1", "when": "weekdays at 9"}
    return {"digests": {"schedules": [morning | given, *(morning | other for other in others)]}}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"slack": SLACK_SOCKET},
        {"slack": SLACK_HTTP},
        {"web": {"public_url": "https://quoth.example.org"}},
        {"web": {"public_url": "http://localhost:8080/quoth/"}},
        digest(show=["new"], zone="Europe/Berlin"),
    ],
)
def test_settings_that_fit_are_no_problem(given):
    assert problems(settings_of(**given)) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"slack": {"bot_token": "xoxb-1"}}, "set SLACK__APP_TOKEN"),
        ({"slack": {"app_token": "xapp-1"}}, "set SLACK__BOT_TOKEN too"),
        ({"slack": {"signing_secret": "s"}}, "set SLACK__BOT_TOKEN too"),
        ({"slack": SLACK_SOCKET | {"bot_token": "xapp-2"}}, "SLACK__BOT_TOKEN holds an app-level token"),
        ({"slack": SLACK_SOCKET | {"app_token": "xoxb-2"}}, "SLACK__APP_TOKEN holds a bot token"),
        ({"web": {"public_url": "quoth.example.org"}}, "WEB__PUBLIC_URL is not a web address"),
        ({"web": {"public_url": "https://[x"}}, "WEB__PUBLIC_URL is not a web address"),
        ({"web": {"public_url": "https://x.org/?a"}}, "WEB__PUBLIC_URL is not a web address"),
        ({"web": {"link_secret": "xapp-1"}}, "WEB__LINK_SECRET is shorter than 16 characters"),
        ({"web": {"link_secret": " " * 40}}, "WEB__LINK_SECRET is shorter than 16 characters"),
        (
            {"slack": {"bot_token": "xoxb-1", "signing_secret": "  "}},
            "SLACK__SIGNING_SECRET holds only spaces",
        ),
        (digest(when="sometimes"), "DIGESTS__SCHEDULES: 'sometimes' names no time of day. Write for example"),
        (digest(zone="Mars/Base"), "DIGESTS__SCHEDULES: There is no time zone 'Mars/Base'"),
        (digest(to="slack"), "DIGESTS__SCHEDULES: 'slack' names no channel. Write it as slack:T0123/C0123"),
        (digest(show=["news"]), "DIGESTS__SCHEDULES: there is no part 'news'. They are: new, changed"),
        (digest({}), "DIGESTS__SCHEDULES: two digests are called 'morning'. Give each a name of its own."),
    ],
)
def test_settings_that_do_not_fit_are_named_with_what_to_do(given, said):
    (problem,) = problems(settings_of(**given))
    assert said in problem
    assert not re.search("xapp-[12]|xoxb-[12]", problem)
    with pytest.raises(SetupError, match=said):
        chosen(settings_of(**given), ["web"])


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("ACCESS__CHANNELS", "{", "ACCESS__CHANNELS: this is not valid JSON."),
        (
            "ACCESS__CHANNELS",
            '{"slack:T1/C01": "hr"}',
            "ACCESS__CHANNELS: slack:T1/C01: input should be a list.",
        ),
        (
            "DIGESTS__SCHEDULES",
            '[{"name": "x", "to": "slack:T1/C1"}]',
            "DIGESTS__SCHEDULES: number 1: when: field required.",
        ),
        (
            "DIGESTS__ZONE",
            "Mars/Base",
            "DIGESTS__ZONE: there is no time zone 'Mars/Base'; write one as in Europe/Berlin.",
        ),
    ],
)
def test_a_wrong_value_is_told_by_its_place_in_the_setting(monkeypatch, tmp_path, name, given, said):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, given)
    with pytest.raises(SetupError) as refused:
        read_settings()
    assert refused.value.args[0] == said


def test_no_secret_is_shown_where_settings_are():
    secret = "secret-1"
    settings = settings_of(
        database_url=f"postgresql://quoth:{secret}@db.example/quoth",
        slack={"bot_token": secret, "app_token": secret, "signing_secret": secret},
        discord={"token": secret},
        web={"link_secret": secret},
    )
    for shown in (repr, str, Settings.model_dump, Settings.model_dump_json):
        assert "WEB" in str(shown(settings)).upper()
        assert secret not in str(shown(settings))


async def test_metrics_are_turned_off_by_their_setting(tmp_path, logging_as_it_was):
    web = {"host": "127.0.0.1", "port": 0, "metrics": False}
    settings = settings_of(database_url=f"sqlite:///{tmp_path / 'quoth.db'}", web=web)
    ready: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(run(settings, None, ready.set_result))
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient() as client:
        answered = await client.get(f"http://127.0.0.1:{await ready}/metrics")
        signal.raise_signal(signal.SIGTERM)
        await running
    assert answered.status_code == 404


def test_a_bot_that_nobody_can_ask_says_so():
    assert "set SLACK__BOT_TOKEN or DISCORD__TOKEN" in next(remarks(settings_of()))
    fitted = settings_of(slack=SLACK_SOCKET, web={"public_url": "https://quoth.example.org"})
    assert not list(remarks(fitted))


# side by side


class SomePlatform:
    """A chat service that does as it is told, and writes down what happens to it."""

    def __init__(self, name, happened, *, refuses=None, holds_on=False):
        self.name, self._happened, self._refuses = name, happened, refuses
        self._holds_on = holds_on
        self.stopped, self.running = asyncio.Event(), asyncio.Event()
        self.connected = False

    async def run(self, ask):
        self.running.set()
        if self._refuses:
            raise self._refuses
        await self.stopped.wait()
        if self._holds_on:
            await asyncio.Event().wait()
        self._happened.append(f"{self.name} ended")

    async def stop(self):
        self._happened.append(f"{self.name} stopped")
        self.stopped.set()

    async def post(self, question, reply, *, again=False):
        raise NotImplementedError


class Scene:
    """A supervisor over real questions, some platforms, and the web."""

    def __init__(self, questions, platforms, happened):
        self.server = WebServer(Starlette(), "127.0.0.1", 0)
        self.stopping, self.happened, self.platforms = Stopping(), happened, platforms
        self.supervisor = Supervisor(questions, platforms, self.server)

    async def run(self, *chores):
        await asyncio.wait_for(self.supervisor.run(self.stopping, chores), PATIENCE)


@asynccontextmanager
async def scene(**platforms):
    happened: list[str] = []
    async with built(settings_of(), database_url="sqlite://") as parts:
        made = [SomePlatform(PlatformName(name), happened, **how) for name, how in platforms.items()]
        yield Scene(parts.questions, made, happened)


WRONG_TOKEN = PlatformRefused("Slack refused SLACK__BOT_TOKEN (invalid_auth).")


async def test_what_was_asked_to_stop_stops_in_order_and_without_an_error():
    async with scene(slack={}, discord={}) as on:
        running = asyncio.create_task(on.run())
        await asyncio.gather(*(platform.running.wait() for platform in on.platforms))
        on.stopping.ask("the test")
        await running
    assert on.happened[:2] == ["slack stopped", "discord stopped"]
    assert sorted(on.happened[2:]) == ["discord ended", "slack ended"]


async def test_who_is_asked_to_stop_while_starting_stops():
    async with scene(slack={}) as on:
        on.stopping.ask("the test")
        await on.run()
    assert on.happened == ["slack stopped", "slack ended"]


async def test_one_platform_that_is_refused_leaves_the_other_running():
    async with scene(slack={"refuses": WRONG_TOKEN}, discord={}) as on:
        running = asyncio.create_task(on.run())
        await asyncio.gather(*(platform.running.wait() for platform in on.platforms))
        await asyncio.sleep(0)
        assert not on.stopping.asked.is_set()
        on.stopping.ask("the test")
        await running
    assert "discord ended" in on.happened


async def test_the_only_platform_that_is_refused_ends_it_with_its_error():
    async with scene(slack={"refuses": WRONG_TOKEN}) as on:
        with pytest.raises(PlatformRefused) as refused:
            await on.run()
    assert refused.value is WRONG_TOKEN


async def test_when_all_are_refused_the_last_error_ends_it():
    async with scene(slack={"refuses": WRONG_TOKEN}, discord={"refuses": PlatformRefused("No.")}) as on:
        with pytest.raises(PlatformRefused):
            await on.run()


async def test_a_fault_in_one_platform_stops_the_others_in_order_and_is_raised():
    async with scene(slack={"refuses": RuntimeError("a fault")}, discord={}) as on:
        with pytest.raises(RuntimeError, match="a fault"):
            await on.run()
    assert "discord ended" in on.happened


async def test_what_platforms_need_to_stop_fits_into_their_time():
    links = Links("a secret", None, 30)
    settings = settings_of(slack=SLACK_SOCKET, discord={"token": "t"})
    async with built(settings, database_url="sqlite://") as parts:
        made = platforms_of(settings, {Role.SLACK, Role.DISCORD}, links, parts)
    assert [platform._grace for platform in made] == [GRACE, GRACE]
    assert GRACE + GOODBYE < FINISH


async def test_a_second_signal_does_not_wait_for_who_holds_on():
    async with scene(slack={"holds_on": True}) as on:
        running = asyncio.create_task(on.run())
        await on.platforms[0].running.wait()
        on.stopping.ask("first")
        await on.platforms[0].stopped.wait()
        on.stopping.ask("second")
        await running
    assert on.happened == ["slack stopped"]


async def test_chores_end_with_the_roles():
    ended = asyncio.Event()

    async def chore():
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with scene(slack={}) as on:
        running = asyncio.create_task(on.run(chore()))
        await on.platforms[0].running.wait()
        on.stopping.ask("the test")
        await running
    assert ended.is_set()


# the whole, in this process


async def test_run_serves_the_reading_room_and_stops_at_a_signal(tmp_path: Path, logging_as_it_was):
    settings = settings_of(
        database_url=f"sqlite:///{tmp_path / 'quoth.db'}", web={"host": "127.0.0.1", "port": 0}
    )
    ready: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(run(settings, None, ready.set_result))
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient() as client:
        port = await ready
        health = await client.get(f"http://127.0.0.1:{port}/healthz")
        metrics = await client.get(f"http://127.0.0.1:{port}/metrics")
        signal.raise_signal(signal.SIGTERM)
        await running
    assert health.json()["parts"] == {"database": True, "index": True}
    assert "quoth_memos 2.0" in metrics.text


# the program


class Program:
    """`python -m bot ...` with nothing set but what a test sets."""

    def __init__(self, tmp_path, *arguments, **environment):
        self._log = tmp_path / "stderr.txt"
        with self._log.open("w") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", *arguments],
                cwd=tmp_path,
                env={
                    "PATH": os.environ["PATH"],
                    "PYTHONPATH": str(ROOT),
                    "DATABASE_URL": f"sqlite:///{tmp_path / 'quoth.db'}",
                    "WEB__HOST": "127.0.0.1",
                    "WEB__PORT": "0",
                    **environment,
                },
                stderr=stderr,
                stdout=subprocess.PIPE,
            )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    @property
    def log(self):
        return self._log.read_text(encoding="utf-8")

    def events(self):
        return [json.loads(line) for line in self.log.splitlines() if line.startswith("{")]

    async def until(self, event):
        """The first event of that name."""
        async with asyncio.timeout(PATIENCE):
            while not (found := [each for each in self.events() if each["event"] == event]):
                assert self.process.poll() is None, self.log
                await asyncio.sleep(0.05)
        return found[0]

    async def ended(self):
        """Wait for the end; its exit code."""
        return await asyncio.to_thread(self.process.wait, PATIENCE)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_program_with_exit_code_0(tmp_path, number):
    with Program(tmp_path, "run", "web") as program:
        port = (await program.until("started"))["port"]
        async with httpx.AsyncClient() as client:  # its connection stays open, and holds nothing up
            assert (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
            program.process.send_signal(number)
            assert await program.ended() == 0
        assert program.events()[-1]["event"] == "stopped"
        assert "Traceback" not in program.log


async def test_a_start_with_nothing_configured_says_what_there_is_and_what_to_do(tmp_path):
    with Program(tmp_path, "run") as program:
        started = await program.until("started")
        said = " ".join(event.get("said", "") for event in program.events())
    assert started["roles"] == ["web"]
    assert "read 2 memos from seeds/" in said
    assert "set SLACK__BOT_TOKEN or DISCORD__TOKEN" in said
    assert "answers carry no links" in said


async def test_a_role_that_cannot_be_played_is_one_line(tmp_path):
    with Program(tmp_path, "run", "digests") as program:
        assert await program.ended() == 78
        assert program.log == (
            "quoth: The role digests needs somewhere to post: SLACK__BOT_TOKEN or DISCORD__TOKEN. "
            "Run: quoth doctor.\n"
        )


async def test_a_port_that_is_taken_is_one_line(tmp_path):
    taken = WebServer(None, "127.0.0.1", 0)
    with Program(tmp_path, "run", WEB__PORT=str(taken.port)) as program:
        assert await program.ended() == 78
        last = program.log.splitlines()[-1]
    assert last.startswith(f"quoth: The web cannot listen on port {taken.port} of 127.0.0.1: Address already")
    await taken.stop()
    await taken.run()


@asynccontextmanager
async def slack_that_refuses():
    async def no(_):
        return JSONResponse({"ok": False, "error": "invalid_auth"})

    server = WebServer(Starlette(routes=[Route("/api/{method}", no, methods=["POST"])]), "127.0.0.1", 0)
    running = asyncio.create_task(server.run())
    try:
        yield f"http://127.0.0.1:{server.port}/api/"
    finally:
        await server.stop()
        await running


async def test_a_wrong_token_ends_the_program_with_one_line_that_does_not_repeat_it(tmp_path):
    async with slack_that_refuses() as url:
        environment = {
            "SLACK__API_URL": url,
            "SLACK__BOT_TOKEN": "xoxb-hush",
            "SLACK__APP_TOKEN": "xapp-hush",
        }
        with Program(tmp_path, "run", **environment) as program:
            assert await program.ended() == 69
            log = program.log
    assert log.splitlines()[-1].startswith("quoth: Slack refused SLACK__BOT_TOKEN (invalid_auth).")
    assert "Traceback" not in log
    assert "hush" not in log
