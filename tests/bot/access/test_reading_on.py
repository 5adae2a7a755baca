"""Does a link open the cited memo, and nothing that its reader may not see?"""

import httpx

from bot.access import Allowed, Rules
from bot.web import Links, create_web
from retrieval import Memo, superseded_by
from tests.bot.access.team import DAY, MANAGED, team

OLD = Memo(
    id="canteen",
    title="Canteen",
    text="The canteen is open at noon.",
    source="policy/canteen.txt",
    sha256="1" * 64,
)
NEW = OLD.model_copy(
    update={"source": "board/canteen.txt", "text": "The canteen is sold to Zebra.", "sha256": "2" * 64}
)
AFTER = Memo(
    id="takeover",
    title="The Takeover",
    text="Zebra takes the canteen over.",
    source="board/takeover.txt",
    supersedes=("canteen",),
    sha256="3" * 64,
)
DIVIDED = Rules(channels={"slack:T1/C1": Allowed(names=frozenset({"policy"}))})


async def page_after_a_day(here):
    """The page behind a link to the old version, once there is a newer one and a memo that supersedes it."""
    links = Links("a secret of the test", None, 30, here.now)
    await here.add(OLD)
    excerpt = (await here.reply("When is the canteen open?")).answer.excerpts[0]
    path = links.path(OLD.id, excerpt.citation.sha256, excerpt.span)
    here.time += DAY
    await here.add(NEW, AFTER)
    site = create_web(
        here.store,
        links,
        is_ready=lambda: {"index": True},
        successors=lambda memo_id: superseded_by(here.library.index, memo_id),
        may_read_on=here.access.may_read_on,
    )
    transport = httpx.ASGITransport(site)
    async with httpx.AsyncClient(transport=transport, base_url="http://reading-room.test") as reader:
        return await reader.get(path)


async def test_what_is_newer_and_out_of_sight_is_not_told():
    async with team(DIVIDED) as here:
        page = await page_after_a_day(here)
        assert page.status_code == 200
        assert "open at noon" in page.text
        for word in ("Zebra", "Takeover", "takeover", "sold"):
            assert word not in page.text


async def test_while_everybody_sees_everything_it_is():
    async with team(MANAGED) as here:
        page = await page_after_a_day(here)
        assert "sold to Zebra" in page.text
        assert "The Takeover" in page.text
