"""Do the settings of who may see what mean what they say, and are mistakes in them found at the start?"""

import pytest

from bot.access import EVERYTHING, NOTHING, Allowed, Standing, read_rules
from bot.app.roles import problems
from bot.errors import SetupError
from bot.settings import Settings
from bot.storage import Said


def seen(channel="slack:T1/C1", said=None, **given):
    return Standing(read_rules(**given), said or Said()).seen_in(channel)


def test_a_library_without_collections_is_open_to_every_channel():
    assert seen().allowed == EVERYTHING


def test_once_a_setting_names_a_channel_the_others_see_nothing():
    given = {"channels": {"slack:T1/C1": ["policy", "Ops/On Call"]}}
    assert seen(**given).allowed == Allowed(names=frozenset({"policy", "ops/on-call"}))
    assert seen("slack:T1/C2", **given).allowed == NOTHING
    assert seen("slack:T2/C1", **given).allowed == NOTHING
    assert seen("discord:T1/C1", **given).allowed == NOTHING


@pytest.mark.parametrize(
    ("unbound", "allowed"),
    [
        (["everything"], EVERYTHING),
        (["*"], EVERYTHING),
        (["nothing"], NOTHING),
        ([], NOTHING),
        (["handbook", "News"], Allowed(names=frozenset({"handbook", "news"}))),
    ],
)
def test_what_unbound_channels_see_is_a_setting(unbound, allowed):
    assert seen("slack:T1/C2", channels={"slack:T1/C1": ["policy"]}, unbound=unbound).allowed == allowed


@pytest.mark.parametrize(
    "given",
    [
        {"managers": ["alice"]},
        {"managers": ["slack:"]},
        {"channels": {"C1": ["policy"]}},
        {"channels": {"slack:T1/C1": ["policy", "*"]}},
        {"unbound": ["everything", "policy"]},
        {"unbound": ["auto", "policy"]},
        {"direct": "roles", "roles": {"S1": ["policy"]}},
        {"roles": {"slack:T1/S1": ["policy"]}},
    ],
)
def test_a_mistake_is_told_and_names_its_setting(given):
    with pytest.raises(SetupError, match=r"ACCESS__\w+"):
        read_rules(**given)


def test_a_mistake_is_found_before_the_bot_starts():
    settings = Settings(_env_file=None, access={"channels": {"C1": ["policy"]}})
    assert any("ACCESS__CHANNELS: 'C1'" in said for said in problems(settings))
