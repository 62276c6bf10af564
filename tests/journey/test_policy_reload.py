"""The rules and the policy in chat, and a changed policy without a restart."""

from tests.journey.newsroom import Newsroom
from tests.support.waiting import until

NEW_RULE = """\
[[rules]]
number = 10
code = "offtopic"
name = "Beside the point"
text = "Keep to the story."
severity = "low"
notice = "Your comment was removed because it has nothing to do with the story."

[[rules]]"""


async def test_the_house_rules_are_listed_and_shown_one_by_one(newsroom: Newsroom):
    ana, olly = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("olly")

    listed = await ana.slash("moderation", "rules")
    one = await ana.slash("moderation", "rules", rule=6)
    none = await ana.slash("moderation", "rules", rule=77)

    assert "3 Harassment" in listed.text
    assert "high · legal" in listed.text
    assert "It can wreck a trial" in one.text
    assert "court proceedings are active" in one.text
    assert listed.ephemeral
    assert "no house rule 77" in none.text
    assert "Only a moderator" in (await olly.slash("general", "rules")).text


async def test_the_policy_is_shown_in_words(newsroom: Newsroom):
    shown = (await newsroom.sandbox.as_user("ana").slash("moderation", "policy show")).text

    for words in (
        "strike for 365 days",
        "1 day, 3 days",
        "What takes two people: a permanent ban",
        "⚖ Active proceedings",
        "own channel",
        "While 50 cases or more are open",
    ):
        assert words in shown, words


async def test_a_changed_policy_is_in_force_without_a_restart(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    newsroom.write_policy()
    await newsroom.start()
    low = await newsroom.report(reason="spam")
    other = await newsroom.report(comment={"id": "c2"}, reason="abuse")
    await newsroom.card(low)
    await newsroom.card(other)
    courts = newsroom.add_channel("courts")
    newsroom.write_policy(
        ('severity = "low"', 'severity = "critical"'),
        ('keep = "✅"', 'keep = "👍"'),
        ("[[rules]]", f'[[routes]]\nreason = "abuse"\nchannel = {courts}\n\n{NEW_RULE}'),
    )
    ed, ana = newsroom.sandbox.as_user("ed"), newsroom.sandbox.as_user("ana")

    answer = (await ed.slash("moderation", "policy reload")).text

    assert "The new policy is in force" in answer
    assert "New rules: 10 Beside the point" in answer
    assert "Changed rules: 9 Spam" in answer
    assert "the reactions" in answer
    assert "2 open cases have another place" in answer
    queue = (await ana.slash("moderation", "queue")).text
    assert queue.index(f"#{low}") < queue.index(f"#{other}"), "spam is the worst now"
    await until(
        lambda: any(f"#{other}" in one.text for one in ana.sees("courts") or []), what="the move"
    )
    await ana.react(await newsroom.card(low), "👍")
    await newsroom.card(low, "Kept")
    third = await newsroom.report(comment={"id": "c3"}, reason="offtopic")
    await newsroom.card(third, "Beside the point")


async def test_a_bad_policy_is_refused_with_its_line_and_the_old_one_kept(
    quiet_newsroom: Newsroom,
):
    newsroom = quiet_newsroom
    newsroom.write_policy()
    await newsroom.start()
    ed, ana = newsroom.sandbox.as_user("ed"), newsroom.sandbox.as_user("ana")
    newsroom.write_policy(('keep = "✅"', 'keep = "keep"'))
    lines = newsroom.policy.read_text().split("\n")
    wrong = 1 + lines.index('keep = "keep"')

    answer = (await ed.slash("moderation", "policy reload")).text

    assert f"line {wrong}" in answer
    assert "`keep`" in answer.replace("\\", "")
    assert "the one from before stays in force" in answer
    case = await newsroom.report()
    card = await newsroom.card(case)
    await until(lambda: len(card.reactions) == 3, what="the reactions to press")
    await ana.react(card, "✅")
    await newsroom.card(case, "Kept")

    newsroom.policy.unlink()
    assert "cannot be read" in (await ed.slash("moderation", "policy reload")).text


async def test_only_editors_reload_and_an_unchanged_policy_says_so(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    newsroom.write_policy()
    await newsroom.start()

    for who in ("ana", "sam"):
        refused = await newsroom.sandbox.as_user(who).slash("moderation", "policy reload")
        assert "Only an editor" in refused.text
    again = await newsroom.sandbox.as_user("ed").slash("moderation", "policy reload")
    assert "what it said before" in again.text
