"""A complaint by telephone from the command to the answer, over real sockets."""

from tests.journey.newsroom import Newsroom


async def test_a_complaint_is_entered_joins_its_case_and_is_answered(newsroom: Newsroom):
    case = await newsroom.report()
    await newsroom.card(case)
    ana, olly = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("olly")
    asked = {"kind": "to the newsroom", "by": "telephone", "about": f"#{case}", "received": "2h"}
    assert "Only a moderator" in (await olly.slash("general", "complaint", **asked)).text

    form = await ana.slash("moderation", "complaint", **asked)
    words = "It names *my son* @everyone"
    entered = await ana.submit(form, who="Jane Doe jane@example.org", text=words)
    assert "taken in as notice 1" in entered.text
    assert f"#{case}" in entered.text
    assert entered.ephemeral

    card = await ana.wait_for("moderation", "Complaint to the newsroom: notice 1")
    assert "by telephone" in card.text
    assert "Jane" not in card.text
    assert "my son" not in card.text
    await newsroom.card(case, "Complaint to the newsroom")

    full = await ana.press(card, "Read")
    assert full.ephemeral
    assert "jane@example.org" in full.text
    assert "@everyone" not in full.text
    answer = await ana.press(card, "Answer")
    done = await ana.submit(answer, outcome=["acted"], words="We spoke.")
    assert "is answered" in done.text
    await ana.wait_for("moderation", "Answered: something was done")


async def test_what_the_desk_does_not_know_stands_by_itself_until_it_is_tied(newsroom: Newsroom):
    sam = newsroom.sandbox.as_user("sam")
    form = await sam.slash(
        "moderation",
        "complaint",
        kind="legal notice",
        by="e-mail",
        about="https://courier.example/x",
    )
    entered = await sam.submit(form, address="https://courier.example/x", who="Jane", text="Bribes")
    assert "does not know its comment" in entered.text
    card = await sam.wait_for("moderation", "Legal notice: notice 1")
    assert "It does not say" in card.text
    case = await newsroom.report()
    await newsroom.card(case)
    tie = await sam.press(card, "Tie to a case")
    assert "no case" in (await sam.submit(tie, case="999")).text.lower()
    tie = await sam.press(card, "Tie to a case")
    assert f"tied to #{case}" in (await sam.submit(tie, case=f"#{case}")).text
    await newsroom.sandbox.as_user("ed").wait_for("editors", "Legal notice 1")
