"""Headline and site agree: while a site does not obey, nobody reads that it did."""

from datetime import timedelta

import pytest

from bot.cards.cases import case_answers, case_card
from bot.domain.decisions import Action, Door
from bot.domain.effects import TRIES, Outcome, Verb, wait_before
from bot.domain.ids import SiteId
from bot.domain.site import Seen
from bot.services.authors.bans import lift
from bot.services.cases.lookup import look
from bot.services.cases.reverse import after, reverse
from bot.services.deliver import order_lane
from bot.services.outbox_worker import turn
from bot.services.sites.site_sync import follow
from tests.services.desks import ANA, SAM, Bench
from tests.services.outside import ObedientSite
from tests.unit.cards.reading import text

SITE = SiteId("courier")


class Site(ObedientSite):
    """A site that answers as it is told to."""

    answer: Outcome | None = None

    async def carry_out(self, order):
        return self.answer or await super().carry_out(order)


REFUSALS = {
    "down": Outcome(verb=Verb.LATER, words="The site did not answer."),
    "refuses": Outcome(verb=Verb.REFUSED, words="The site refused the order (418)."),
    "set up wrongly": Outcome(verb=Verb.MISCONFIGURED, words="The site wants another secret."),
    "gone": Outcome(verb=Verb.GONE, words="The site closed its address."),
}


@pytest.fixture(params=REFUSALS)
def refusal(request: pytest.FixtureRequest) -> Outcome:
    return REFUSALS[request.param]


async def tell(bench: Bench, site: Site, answer: Outcome | None = None) -> None:
    """Let the site answer each order so, or obey."""
    site.answer = answer
    while await turn(order_lane(bench.desk, SITE, site)):
        pass


async def shown(bench: Bench, case_id) -> str:
    view = await look(bench.desk, case_id)
    return text(case_card.render(view, bench.policy, now=bench.clock.now))


async def test_a_comment_the_site_does_not_hide_is_still_visible(bench: Bench, refusal: Outcome):
    case_id, site = await bench.take(), Site()
    await bench.decide(case_id)
    await tell(bench, site, refusal)

    said = await shown(bench, case_id)
    assert "**Still visible: the site was asked to hide it**" in said
    assert "Hidden" not in said

    bench.clock.pass_by(minutes=1)
    if refusal.verb in {Verb.LATER, Verb.MISCONFIGURED}:
        await tell(bench, site)
        assert "Hidden" in await shown(bench, case_id)
        assert "Still" not in await shown(bench, case_id)
        assert site.hidden == {"c1"}


async def test_an_author_the_site_does_not_ban_is_not_said_to_be(bench: Bench, refusal: Outcome):
    case_id, site = await bench.take(), Site()
    await bench.decide(case_id, Action.BAN, lasting=timedelta(days=7))
    await tell(bench, site, refusal)

    said = await shown(bench, case_id)
    assert "**Still visible: the site was asked to hide it and to ban the author until <t:" in said
    assert "Banned" not in said


async def test_a_comment_the_site_does_not_show_again_is_still_hidden(
    bench: Bench, refusal: Outcome
):
    case_id, site = await bench.take(), Site()
    await bench.decide(case_id)
    await tell(bench, site)
    await reverse(bench.desk, case_id, by=ANA, door=Door.BUTTON)
    await tell(bench, site, refusal)
    assert "Still hidden: the site was asked to show it." in await shown(bench, case_id)


async def test_an_author_the_site_does_not_let_in_is_still_banned(bench: Bench, refusal: Outcome):
    case_id, site = await bench.take(), Site()
    await bench.decide(case_id, Action.BAN, lasting=timedelta(days=7))
    await tell(bench, site)
    await reverse(bench.desk, case_id, by=ANA, door=Door.BUTTON)
    await tell(bench, site, refusal)
    assert "Still hidden, and the author still banned:" in await shown(bench, case_id)


async def test_a_lifted_ban_that_the_site_keeps_up_is_still_a_ban(bench: Bench, refusal: Outcome):
    case_id, site = await bench.take(), Site()
    ban = await bench.decide(case_id, Action.BAN, lasting=timedelta(days=7))
    await tell(bench, site)
    await lift(bench.desk, ban.id, by=ANA)
    await tell(bench, site, refusal)
    assert "Still banned: the site was asked to lift the ban" in await shown(bench, case_id)


async def test_what_the_site_did_earlier_is_not_said_to_be_undone(bench: Bench, refusal: Outcome):
    case_id, site = await bench.take(), Site()
    await bench.decide(case_id)
    await tell(bench, site)
    await bench.take(revision="r2", text="Milder.")
    await bench.decide(case_id)
    await tell(bench, site, refusal)
    assert "Hidden" in await shown(bench, case_id)
    assert "Still" not in await shown(bench, case_id)


async def test_a_kept_comment_that_was_never_hidden_is_kept(bench: Bench, refusal: Outcome):
    case_id, site = await bench.take(), Site()
    await bench.decide(case_id, Action.KEEP)
    await tell(bench, site, refusal)
    assert "Kept" in await shown(bench, case_id)
    assert "Still" not in await shown(bench, case_id)


async def test_a_comment_hidden_at_the_site_itself_is_still_hidden(bench: Bench, refusal: Outcome):
    case_id, site = await bench.take(), Site()
    bench.clock.pass_by(minutes=1)
    await follow(bench.desk, SITE, Seen(comment_id="c1", visible=False, at=bench.clock.now))
    await reverse(bench.desk, case_id, by=SAM, door=Door.BUTTON)
    await tell(bench, site, refusal)
    assert "Still hidden" in await shown(bench, case_id)


async def test_an_undo_of_what_the_site_never_hid_does_not_say_hidden(bench: Bench):
    case_id, site = await bench.take(), Site()
    await bench.decide(case_id)
    await tell(bench, site, REFUSALS["refuses"])
    await reverse(bench.desk, case_id, by=ANA, door=Door.BUTTON)
    await tell(bench, site, REFUSALS["refuses"])
    assert "Still hidden" not in await shown(bench, case_id)


@pytest.mark.parametrize("jitter", [0.0, 0.999])
def test_the_tries_outlast_a_site_that_is_down_for_eight_hours(jitter: float):
    waits = [wait_before(attempt, jitter=jitter) for attempt in range(2, TRIES + 1)]
    assert sum(waits, timedelta()) > timedelta(hours=8, minutes=30)


@pytest.mark.parametrize("verb", [Verb.LATER, Verb.MISCONFIGURED])
async def test_a_site_that_is_away_for_eight_hours_gets_its_order(bench: Bench, verb: Verb):
    case_id, site = await bench.take(), Site()
    await bench.decide(case_id)
    site.answer = Outcome(verb=verb, words="Not now.")
    for _ in range(8 * 60):
        await turn(order_lane(bench.desk, SITE, site))
        bench.clock.pass_by(minutes=1)
    assert "Still visible" in await shown(bench, case_id)
    bench.clock.pass_by(minutes=16)
    await tell(bench, site)
    assert site.hidden == {"c1"}
    assert "Hidden" in await shown(bench, case_id)


@pytest.mark.parametrize(("page", "words"), [("sites", "most {}"), ("wordpress", "most {} times")])
def test_the_docs_name_the_number_of_tries(page: str, words: str, pytestconfig):
    written = (pytestconfig.rootpath / "docs" / f"{page}.md").read_text(encoding="utf-8")
    assert words.format(TRIES) in written


async def answer(bench: Bench, decision) -> str:
    left = await after(bench.desk, decision, ANA)
    return text(case_answers.ruled(decision, bench.policy, after=left))


async def test_a_comment_that_is_put_back_is_not_said_to_stay(bench: Bench):
    case_id = await bench.take()
    kept = await bench.decide(case_id, Action.KEEP)
    assert "It stays on the site." in await answer(bench, kept)

    other = await bench.take(comment="c2")
    await bench.decide(other)
    await bench.take(comment="c2", revision="r2", text="Milder.")
    kept = await bench.decide(other, Action.KEEP)
    assert "stays" not in await answer(bench, kept)
    assert "It is being put back on the site." in await answer(bench, kept)
