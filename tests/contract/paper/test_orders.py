import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from standardwebhooks import Webhook

from bot.demo.paper.memory import Memory
from bot.domain.decisions import Action
from bot.domain.effects import Outcome, Verb
from bot.sites.webhook.site import WebhookSite, body_of

from .newsstand import DESK_SECRET, INTAKE_SECRET, make_order, newsstand, now

BOUGHT = "You are all bought"
DONE = Outcome(verb=Verb.DONE)


async def test_a_hidden_comment_vanishes_and_the_rule_stands_in_its_place(tmp_path):
    async with newsstand(tmp_path) as stand:
        assert BOUGHT in (await stand.get("/story"))[1]
        assert await stand.desk.carry_out(make_order(Action.HIDE, "3", "d-1")) == DONE
        page = (await stand.get("/story"))[1]
    assert BOUGHT not in page
    assert "This comment has been removed by the moderators." in page
    assert "House rule 3, Harassment." in page
    assert "It goes after a person." not in page


async def test_its_author_still_sees_it_with_the_notice(tmp_path):
    async with newsstand(tmp_path) as stand:
        await stand.desk.carry_out(make_order(Action.HIDE, "3", "d-1"))
        await stand.read_as("salty_dog")
        page = (await stand.get("/story"))[1]
    assert BOUGHT in page
    assert "Your comment has been removed by the moderators." in page
    assert "It goes after a person." in page


ON_HOLD = "On hold until a moderator has looked at it"
HELD = {"rule": None, "rule_name": None, "notice": "Your comment is on hold."}


@pytest.mark.parametrize("reader", ["maryk", "salty_dog"])
async def test_a_held_comment_is_said_to_be_on_hold_and_no_rule_is_named(tmp_path, reader):
    async with newsstand(tmp_path) as stand:
        assert await stand.desk.carry_out(make_order(Action.HOLD, "3", "d-1", **HELD)) == DONE
        await stand.read_as(reader)
        page = (await stand.get("/story"))[1]
    comments = page[page.index('id="comments"') : page.index("</main>")]
    assert ON_HOLD in comments
    assert (BOUGHT in comments) is (reader == "salty_dog"), "only its author still sees it"
    assert "removed" not in comments
    assert "House rule " not in comments


@pytest.mark.parametrize("action", [Action.KEEP, Action.UNHIDE])
async def test_a_held_comment_is_shown_again(tmp_path, action):
    async with newsstand(tmp_path) as stand:
        await stand.desk.carry_out(make_order(Action.HOLD, "3", "d-1", **HELD))
        assert await stand.desk.carry_out(make_order(action, "3", "d-2", rule=None)) == DONE
        page = (await stand.get("/story"))[1]
    assert BOUGHT in page
    assert ON_HOLD not in page


async def test_hiding_a_held_comment_says_which_rule_and_holding_it_again_does_not(tmp_path):
    async with newsstand(tmp_path) as stand:
        await stand.desk.carry_out(make_order(Action.HOLD, "3", "d-1", **HELD))
        await stand.desk.carry_out(make_order(Action.HIDE, "3", "d-2"))
        hidden = (await stand.get("/story"))[1]
        await stand.desk.carry_out(make_order(Action.HOLD, "3", "d-3", **HELD))
        held = (await stand.get("/story"))[1]
    assert ON_HOLD not in hidden
    assert "House rule 3, Harassment." in hidden
    assert ON_HOLD in held
    assert "House rule 3, Harassment." not in held


@pytest.mark.parametrize("action", [Action.HIDE, Action.HOLD, Action.BAN])
async def test_the_author_alone_is_shown_where_to_read_why(tmp_path, action):
    url = "https://reports.courier.example/decision/x"
    async with newsstand(tmp_path) as stand:
        order = make_order(action, "3", "d-1", statement_url=url)
        assert await stand.desk.carry_out(order) == DONE
        assert url not in (await stand.get("/story"))[1]
        await stand.read_as("salty_dog")
        page = (await stand.get("/story"))[1]
        assert page.count(f'href="{url}"') == (2 if action is Action.BAN else 1)
        await stand.desk.carry_out(make_order(Action.UNBAN, "3", "d-2"))
        assert url not in (await stand.get("/story"))[1]


async def test_what_was_hidden_is_shown_again(tmp_path):
    async with newsstand(tmp_path) as stand:
        await stand.desk.carry_out(make_order(Action.HIDE, "3", "d-1"))
        assert await stand.desk.carry_out(make_order(Action.UNHIDE, "3", "d-2")) == DONE
        assert BOUGHT in (await stand.get("/story"))[1]


async def test_a_banned_author_cannot_post_and_is_told_until_when_and_why(tmp_path):
    until = datetime(2099, 3, 9, 14, 3, tzinfo=UTC)
    async with newsstand(tmp_path) as stand:
        order = make_order(Action.BAN, "3", "d-1", until=until)
        assert await stand.desk.carry_out(order) == DONE
        await stand.read_as("salty_dog")
        page = (await stand.get("/story"))[1]
        assert "You cannot comment until 9 March, 2.03pm." in page
        assert "House rule 3, Harassment." in page
        assert 'name="text"' not in page
        status, page = await stand.post("/story/comments", text="Let me in")
        assert status == 403
        assert "Let me in" not in page
        await stand.read_as("maryk")
        assert (await stand.post("/story/comments", text="I may"))[0] == 200


async def test_a_ban_ends_by_itself(tmp_path):
    ahead = timedelta()
    async with newsstand(tmp_path, clock=lambda: now() + ahead) as stand:
        order = make_order(Action.BAN, "3", "d-1", until=now() + timedelta(days=7))
        await stand.desk.carry_out(order)
        await stand.read_as("salty_dog")
        assert (await stand.post("/story/comments", text="Early"))[0] == 403
        ahead = timedelta(days=7, seconds=1)
        assert (await stand.post("/story/comments", text="I am back"))[0] == 200


async def test_a_ban_for_good_is_lifted_only_by_the_desk(tmp_path):
    async with newsstand(tmp_path) as stand:
        assert await stand.desk.carry_out(make_order(Action.BAN, "3", "d-1")) == DONE
        await stand.read_as("salty_dog")
        assert "You can no longer comment" in (await stand.get("/story"))[1]
        assert await stand.desk.carry_out(make_order(Action.UNBAN, "3", "d-2")) == DONE
        page = (await stand.get("/story"))[1]
        assert "Join in as" in page
        assert "Only you can still see" not in page


async def test_a_kept_comment_is_marked_until_it_is_reopened_or_edited(tmp_path):
    async with newsstand(tmp_path) as stand:
        assert await stand.desk.carry_out(make_order(Action.KEEP, "2", "d-1")) == DONE
        assert "Checked by the moderators" not in (await stand.get("/story"))[1], "unless it is set"
        await stand.post("/paper/demo", do="checked")
        assert "Checked by the moderators" in (await stand.get("/story"))[1]
        assert await stand.desk.carry_out(make_order(Action.REOPEN, "2", "d-2")) == DONE
        assert "Checked by the moderators" not in (await stand.get("/story"))[1]
        await stand.desk.carry_out(make_order(Action.KEEP, "2", "d-3"))
        await stand.read_as("maryk")
        page = (await stand.post("/story/comments/2/edit", text="Something else"))[1]
        assert "Checked by the moderators" not in page


async def test_the_same_order_twice_is_obeyed_once(tmp_path):
    async with newsstand(tmp_path) as stand:
        hide = make_order(Action.HIDE, "3", "d-1")
        await stand.desk.carry_out(hide)
        await stand.desk.carry_out(make_order(Action.UNHIDE, "3", "d-2"))
        late = await stand.desk.carry_out(hide)
        assert BOUGHT in (await stand.get("/story"))[1]
    # It answers what is true, so that the desk would notice.
    assert "still visible" in (late.words or "")


async def test_orders_obeyed_are_remembered_through_a_restart(tmp_path):
    hide = make_order(Action.HIDE, "3", "d-1")
    async with newsstand(tmp_path) as stand:
        await stand.desk.carry_out(hide)
        await stand.desk.carry_out(make_order(Action.UNHIDE, "3", "d-2"))
    async with newsstand(tmp_path) as stand:
        await stand.desk.carry_out(hide)
        assert BOUGHT in (await stand.get("/story"))[1]


async def test_an_order_and_its_being_obeyed_are_written_together(tmp_path):
    async with newsstand(tmp_path) as stand:
        await stand.desk.carry_out(make_order(Action.HIDE, "3", "d-1"))
        kept = Memory.model_validate_json((tmp_path / "paper.json").read_bytes())
    assert kept.orders == ["d-1"]
    assert kept.comments[2].hidden is not None


async def test_a_comment_that_is_not_there_is_gone(tmp_path):
    async with newsstand(tmp_path) as stand:
        outcome = await stand.desk.carry_out(make_order(Action.HIDE, "99", "d-1"))
    assert outcome.verb is Verb.GONE


async def test_a_wrong_signature_changes_nothing(tmp_path):
    async with newsstand(tmp_path) as stand:
        url = stand.url + "/paper/desk"
        async with WebhookSite(url, [INTAKE_SECRET], clock=now, allow_private=True) as stranger:
            outcome = await stranger.carry_out(make_order(Action.HIDE, "3", "d-1"))
        assert BOUGHT in (await stand.get("/story"))[1]
    assert outcome.verb is Verb.MISCONFIGURED
    assert "outgoing secret" in (outcome.words or "")


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "nothing"},
        {"webhook-signature": "v1,%%%"},
        {"webhook-timestamp": "0"},
        {"webhook-timestamp": "soon"},
        {"webhook-id": "d-2"},
    ],
)
async def test_a_tampered_request_is_refused_and_changes_nothing(tmp_path, change):
    order = make_order(Action.HIDE, "3", "d-1")
    async with newsstand(tmp_path) as stand:
        headers = signed("d-1", body_of(order)) | change
        assert await send(stand, body_of(order), headers) == 401
        assert BOUGHT in (await stand.get("/story"))[1]


async def test_an_unsigned_request_is_refused(tmp_path):
    async with newsstand(tmp_path) as stand:
        assert await send(stand, b"{}", {}) == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"data": {"action": "hide"}}', b"\xff"])
async def test_a_signed_body_that_is_no_order_is_refused(tmp_path, body):
    async with newsstand(tmp_path) as stand:
        text = body.decode("latin-1").encode()
        assert await send(stand, text, signed("d-1", text)) == 400


async def test_a_paper_that_is_down_hangs_up_and_obeys_later(tmp_path):
    async with newsstand(tmp_path) as stand:
        hide = make_order(Action.HIDE, "3", "d-1")
        stand.paper.down = True
        outcome = await stand.desk.carry_out(hide)
        assert outcome.verb is Verb.LATER
        assert "did not answer" in (outcome.words or "")
        assert BOUGHT in (await stand.get("/story"))[1]
        stand.paper.down = False
        assert await stand.desk.carry_out(hide) == DONE


@pytest.mark.parametrize(
    ("status", "verb"), [(503, Verb.LATER), (429, Verb.LATER), (422, Verb.REFUSED)]
)
async def test_a_paper_can_be_made_to_answer_any_status(tmp_path, status, verb):
    async with newsstand(tmp_path) as stand:
        stand.paper.down = status
        assert (await stand.desk.carry_out(make_order(Action.HIDE, "3", "d-1"))).verb is verb
        assert BOUGHT in (await stand.get("/story"))[1]


async def test_a_paper_that_says_yes_and_does_nothing_is_found_out(tmp_path):
    async with newsstand(tmp_path) as stand:
        stand.paper.down = 200
        outcome = await stand.desk.carry_out(make_order(Action.HIDE, "3", "d-1"))
    assert outcome.verb is Verb.LATER
    assert "the comment is still visible" in (outcome.words or "")


async def test_the_answer_is_the_state_read_back(tmp_path):
    until = datetime(2099, 3, 9, tzinfo=UTC)
    body = body_of(make_order(Action.BAN, "3", "d-1", until=until))
    async with newsstand(tmp_path) as stand:
        url, headers = stand.url + "/paper/desk", signed("d-1", body)
        async with stand.session.post(url, data=body, headers=headers) as answer:
            assert json.loads(await answer.text()) == {
                "comment": {"id": "3", "visible": False},
                "author": {
                    "id": "salty_dog",
                    "banned": True,
                    "until": "2099-03-09T00:00:00+00:00",
                },
            }


def signed(key: str, body: bytes) -> dict[str, str]:
    at = now()
    return {
        "webhook-id": key,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(DESK_SECRET).sign(key, at, body.decode()),
    }


async def send(stand, body: bytes, headers: dict[str, str]) -> int:
    async with stand.session.post(stand.url + "/paper/desk", data=body, headers=headers) as answer:
        return answer.status


async def test_the_paper_obeys_only_on_the_text_that_was_judged(tmp_path):
    async with newsstand(tmp_path) as stand:
        memory = stand.paper.memory
        comment = memory.comment("2")
        assert comment is not None
        judged = sha256(comment.text.encode()).hexdigest()
        await stand.read_as("maryk")
        await stand.post("/story/comments/2/edit", text="Something kinder")

        outcome = await stand.desk.carry_out(make_order(Action.BAN, "2", "d-1", text_sha256=judged))

        assert outcome.found is not None
        assert (outcome.found.text, outcome.found.revision) == ("Something kinder", "2")
        page = (await stand.get("/story"))[1]
        assert "Something kinder" in page
        assert "cannot comment" not in page
        now = sha256(b"Something kinder").hexdigest()
        hide = make_order(Action.HIDE, "2", "d-2", text_sha256=now)
        assert await stand.desk.carry_out(hide) == DONE
