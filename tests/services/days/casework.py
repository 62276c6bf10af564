"""Taking reports in, and all that is done with a case up to its decision and after."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.bans import BanDraft
from bot.domain.cases import CardRef
from bot.domain.comments import Comment
from bot.domain.decisions import Action, Door, Verdict
from bot.domain.effects import Order, Outcome, Verb
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.domain.lines import TypedLine
from bot.domain.site import Seen
from bot.domain.triage import LifeStep
from bot.services.cases import (
    auto_hide,
    ban_draft,
    bulk,
    claim,
    escalate,
    lines,
    lookup,
    next_case,
    notes,
    reacting,
    reverse,
    snooze,
    two_person,
)
from bot.services.cases.decide import decide
from bot.services.deliver import card_lane
from bot.services.outbox_worker import turn
from bot.services.sites.site_sync import follow
from bot.services.staff.overdue import page_overdue
from tests.services.days.people import drawn, how_said, report, takes
from tests.services.days.told import Day, orders
from tests.services.desks import ANA, BEN, OLLY, SAM, Bench
from tests.services.outside import CHANNEL, ObedientSite

COURIER = SiteId("courier")
MARKS = {Action.KEEP: "✅", Action.HIDE: "🙈", Action.BAN: "🔨"}
NEVER = CaseId(99)


def desk(bench: Bench) -> Bench:
    """Return the desk of this day."""
    return bench


async def told(day: Day) -> None:
    """Go through the day."""
    board = day.board()
    await takes(day, 1, author="dog", rule=RuleNumber(2))
    await drawn(day, board)
    await _reports(day)
    await drawn(day, board)
    await _claims(day)
    await drawn(day, board)
    await _put_off_and_handed_on(day)
    await drawn(day, board)
    await _decisions(day)
    await _drawn_and_carried_out(day)
    await _reactions(day)
    await _typed(day)
    await _two_people(day)
    await _drafts(day)
    await _many(day)
    await _at_the_site(day)
    await _overtaken(day)
    await _dangers(day)
    await _read(day)


async def _reports(day: Day) -> None:
    for number, name in enumerate(("dog", "dog", "cat", "owl", "elk", "fox", "fox", "hen"), 1):
        await takes(day, number, author=name, rule=RuleNumber(1 + number % 5))
    for reader in (21, 22):
        await takes(day, 2, author="dog", reader=reader, note="It is a lie.", rule=RuleNumber(5))
    await takes(day, 2, author="dog", reader=22, again="the same reader reports it again")
    await takes(
        day, 2, author="dog", reader=23, revision="r2", text="You are all bought! I said so."
    )
    before = day.bench.clock.now - timedelta(seconds=9)
    late = report(day.bench, 2, author="dog", reader=24, at=before)
    await takes(day, 2, what=late, again="an older text comes late")
    day.bench.clock.pass_by(seconds=7)
    same = report(day.bench, 2, author="dog", reader=25, revision="r3", text="Now then.")
    await takes(day, 2, what=same)
    await takes(day, 2, what=same, again="the very same delivery")


async def _claims(day: Day) -> None:
    at = day.bench.desk
    one, two, three = CaseId(1), CaseId(2), CaseId(3)
    await day.do("Ana claims 2", claim.claim(at, two, ANA))
    await day.do("Ben claims it as well", claim.claim(at, two, BEN))
    day.bench.clock.pass_by(minutes=1)
    await day.do("Ben takes it over", claim.claim(at, two, BEN, take_over=True))
    await day.do("Ana lets go of what Ben has", claim.release(at, two, ANA))
    await day.do("Sam lets go of what Ben has", claim.release(at, two, SAM))
    await day.do("Olly claims", claim.claim(at, two, OLLY))
    await day.do("Ana claims 3", claim.claim(at, three, ANA))
    await day.do("Ana lets go of 3", claim.release(at, three, ANA))
    await day.do("Ana claims 1", claim.claim(at, one, ANA))
    await day.do("Ana hands 1 to Ben", claim.assign(at, one, BEN, ANA))
    await day.do("Ben takes 2 himself", claim.assign(at, two, BEN, BEN))
    await day.do("nobody is to have 2", claim.assign(at, two, None, ANA))
    await day.do("Ana hands 3 to Olly", claim.assign(at, three, OLLY, ANA))
    await day.do("Ben claims 1", claim.claim(at, one, BEN))
    day.bench.clock.pass_by(minutes=16)
    await day.do("claims run out", claim.release_expired(at))
    await day.do("none has run out", claim.release_expired(at))
    await day.do("Ana claims what there is not", claim.claim(at, NEVER, ANA))
    await day.do("Ana asks for the next", next_case.hand_out(at, ANA, where=None, own=CHANNEL))
    await day.do("Ana asks again", next_case.hand_out(at, ANA, where=CHANNEL, own=CHANNEL))
    await day.do("Ana skips it", next_case.skip(at, two, ANA))
    await day.do("Ana asks once more", next_case.hand_out(at, ANA, where=None, own=CHANNEL))
    await day.do("the late ones are called out", page_overdue(at))
    day.bench.clock.pass_by(minutes=45)
    await day.do("the editors are called", page_overdue(at))


async def _put_off_and_handed_on(day: Day) -> None:
    at, now = day.bench.desk, day.bench.clock.now
    four, five = CaseId(4), CaseId(5)
    await day.do("claims run out", claim.release_expired(at))
    await day.do("Ana puts 4 off", snooze.snooze(at, four, ANA, now + timedelta(hours=2)))
    await day.do("Ben puts 5 off", snooze.snooze(at, five, BEN, now + timedelta(days=7)))
    await day.do("for too long", snooze.snooze(at, five, BEN, now + timedelta(days=7, seconds=1)))
    await day.do("until now", snooze.snooze(at, five, BEN, now))
    await day.do("Ben wakes 5", snooze.wake(at, five, BEN))
    await day.do("Ben wakes 5 again", snooze.wake(at, five, BEN))
    await day.do("nothing is back yet", snooze.bring_back(at))
    day.bench.clock.pass_by(hours=2)
    await day.do("4 is back", snooze.bring_back(at))
    await day.do("Ana puts 4 off", snooze.snooze(at, four, ANA, now + timedelta(hours=9)))
    await takes(day, 4, author="owl", reader=31, revision="r9", text="Another text.")
    await day.do("4 is back as it was edited", snooze.bring_back(at))
    await day.do("Ana hands 5 on", escalate.escalate(at, five, ANA, " What do you say? "))
    await day.do("Ben hands 5 on too", escalate.escalate(at, five, BEN))
    await day.do("Ben claims 5", claim.claim(at, five, BEN))
    await day.do("Ben decides 5", decide(at, five, verdict(Action.KEEP, by=BEN)))
    await day.do("Ben takes 5 back", escalate.take_back(at, five, BEN))
    await day.do("Ana takes 5 back", escalate.take_back(at, five, ANA))
    await day.do("Ana takes 5 back again", escalate.take_back(at, five, ANA))
    await day.do("a note", notes.add_note(at, five, ANA, "  I know them. "))
    await day.do("an empty note", notes.add_note(at, five, ANA, "  "))
    await day.do("a long note", notes.add_note(at, five, ANA, "n" * 1001))
    await day.do("a note on nothing", notes.add_note(at, NEVER, ANA, "n"))
    await day.do("Ana looks in", notes.look_in(at, five, ANA))
    await day.do("Ben looks in", notes.look_in(at, five, BEN))
    await day.do("a thread", notes.ask_thread(at, five, BEN))
    await day.do("a thread on nothing", notes.ask_thread(at, NEVER, BEN))
    begun = day.bench.store.write(lambda tx: notes.begun(five, 77, day.bench.clock.now, tx))
    await day.do("the thread is there", begun)
    await day.do("a second thread", notes.ask_thread(at, five, ANA))


def verdict(action: Action, **more: object) -> Verdict:
    """Return a verdict of Ana's by a button."""
    usual = Verdict(action=action, by=ANA, door=Door.BUTTON)
    return replace(usual, **more)  # type: ignore[arg-type]


async def _decisions(day: Day) -> None:
    at = day.bench.desk
    one, two, three, four = map(CaseId, (1, 2, 3, 4))
    week = timedelta(days=7)
    await day.do("a rule there is not", decide(at, one, verdict(Action.HIDE, rule=RuleNumber(77))))
    await day.do("no verdict", decide(at, one, verdict(Action.UNHIDE)))
    await day.do("a ban too long", decide(at, one, verdict(Action.BAN, lasting=timedelta(4000))))
    await day.do("a text unseen", decide(at, one, verdict(Action.HIDE), seen=0))
    await day.do("a text edited", decide(at, two, verdict(Action.HIDE), seen=1))
    await day.do("a foreign reason", decide(at, two, verdict(Action.HIDE, reason="Because.")))
    await day.do("Olly decides", decide(at, one, verdict(Action.HIDE, by=OLLY)))
    await day.do("Ana keeps 1", decide(at, one, verdict(Action.KEEP), seen=1))
    await day.do("Ben hides 1", decide(at, one, verdict(Action.HIDE, by=BEN)))
    day.bench.clock.pass_by(minutes=1)
    await day.do("Ana hides 2", decide(at, two, verdict(Action.HIDE, note="Third time."), seen=3))
    await day.do("Ben bans 3", decide(at, three, verdict(Action.BAN, by=BEN, lasting=week)))
    await day.do("Ana undoes Ben's", reverse.reverse(at, three, by=ANA, door=Door.BUTTON))
    await day.do("another was meant", reverse.reverse(at, three, by=BEN, door=Door.SLASH, meant=1))
    amended = reverse.amend(at, two, RuleNumber(4), by=ANA, door=Door.BUTTON)
    await day.do("2 rests on rule 4", amended)
    unchanged = reverse.amend(at, two, RuleNumber(4), by=ANA, door=Door.BUTTON)
    await day.do("2 rests on it already", unchanged)
    await day.do("1 was kept", reverse.amend(at, one, RuleNumber(4), by=ANA, door=Door.BUTTON))
    await day.do("no such rule", reverse.amend(at, two, RuleNumber(44), by=ANA, door=Door.BUTTON))
    await day.do("Ben undoes his", reverse.reverse(at, three, by=BEN, door=Door.SLASH, note="Oh."))
    await day.do("nothing stands", reverse.reverse(at, three, by=BEN, door=Door.SLASH))
    day.bench.clock.pass_by(minutes=11)
    await day.do("too late for Ana", reverse.reverse(at, two, by=ANA, door=Door.BUTTON))
    undone = await day.do("Sam undoes it", reverse.reverse(at, two, by=SAM, door=Door.TYPED))
    assert undone
    await day.do("what is left by it", reverse.after(at, undone, SAM))
    await takes(day, 1, author="dog", reader=41, again="what was kept is reported again")
    await takes(day, 1, author="dog", reader=42, revision="r4", text="Edited after all.")
    await day.do("Ana hides 4", decide(at, four, verdict(Action.HIDE)))
    await takes(day, 4, author="owl", reader=43, revision="r10", text="Hidden, and edited.")


async def _drawn_and_carried_out(day: Day) -> None:
    site, channel = ObedientSite(), day.board()
    lane = card_lane(day.bench.desk, channel)
    given = orders(day.bench.desk, COURIER, site)
    day.bench.clock.pass_by(seconds=9)
    for number in range(3):
        await day.do(f"cards are drawn, {number}", turn(lane))
    await day.do("the site is asked", turn(given))
    site.trouble = "down"
    await day.do("Ana hides 3", decide(day.bench.desk, CaseId(3), verdict(Action.HIDE)))
    await day.do("the site is down", turn(given))
    await day.do("Ana has it tried again", lookup.retry(day.bench.desk, CaseId(3), ANA))
    await day.do("the site is asked again", turn(given))
    await day.do("Ana has it tried once more", lookup.retry(day.bench.desk, CaseId(3), ANA))
    channel.messages.pop(min(channel.messages))
    day.bench.clock.pass_by(seconds=9)
    await day.do("cards are drawn, one is gone", turn(lane))
    shown = sorted(
        (one.channel_id, one.touched, how_said(one)) for one in channel.messages.values()
    )
    day.lines += [f"shown {one}" for *_, one in shown]


async def _reactions(day: Day) -> None:
    at = day.bench.desk

    def reacted(number: int, action: Action, seen: int = 1, by=ANA) -> reacting.Reacted:
        card = CardRef(
            case_id=CaseId(number), channel_id=CHANNEL, message_id=500 + number, revision=seen
        )
        return reacting.Reacted(card=card, by=by, emoji=MARKS[action], action=action, seen=seen)

    for number in range(11, 16):
        await takes(day, number, author=f"bee{number}", rule=RuleNumber(2))
    await day.do("a reaction hides 11", reacting.react(at, reacted(9, Action.HIDE)))
    await day.do("on another text", reacting.react(at, reacted(10, Action.HIDE, seen=2)))
    await day.do("a reaction to ban", reacting.react(at, reacted(10, Action.BAN)))
    await day.do("the same again", reacting.react(at, reacted(10, Action.BAN)))
    await day.do("Ben answers it", reacting.confirm(at, 1, CaseId(10), BEN))
    await day.do("for another case", reacting.confirm(at, 1, CaseId(9), ANA))
    await day.do("Ana confirms it", reacting.confirm(at, 1, CaseId(10), ANA))
    await day.do("and once more", reacting.confirm(at, 1, CaseId(10), ANA))
    await day.do("a reaction to ban 11", reacting.react(at, reacted(11, Action.BAN, by=BEN)))
    taken = reacted(11, Action.BAN, by=BEN).reaction
    await day.do("it is taken away", reacting.withdraw(at, taken))
    given = [reacted(12, Action.KEEP), reacted(12, Action.HIDE, by=BEN)]
    await day.do("given while the desk was down", reacting.ask_all(at, given))
    await day.do("one that cannot be taken off", reacting.refused(at, given[0].reaction))
    await day.do("a question is dropped", reacting.cancel(at, 3))
    await day.do("Olly reacts", reacting.react(at, reacted(11, Action.HIDE, by=OLLY)))
    for number, how in ((11, "off"), (12, "at once")):
        kind = type(day.bench.policy.reaction_ban)(how)
        day.bench.policy = replace(day.bench.policy, reaction_ban=kind)
        made = reacted(number, Action.BAN)
        await day.do(f"a ban by reaction: {how}", reacting.react(day.bench.desk, made))


async def _typed(day: Day) -> None:
    def line(number: int, **more: object) -> TypedLine:
        now = day.bench.clock.now
        usual = TypedLine(message_id=number, channel_id=CHANNEL, by=BEN, at=now, then=now)
        return replace(usual, **more)  # type: ignore[arg-type]

    at = day.bench.desk
    for number in range(16, 22):
        await takes(day, number, author=f"ant{number}", rule=RuleNumber(3))
    for number, text in (
        (901, "hide #14 2, keep #15, claim #16"),
        (902, "ban #17 7d 5 third time"),
        (903, "undo #14, undo #15, undo #18"),
        (904, "frobnicate #14"),
        (905, "hide #99"),
        (906, "h"),
        (901, "hide #18"),
    ):
        await day.do(f"Ben types {number}: {text}", lines.carry_out(at, line(number), text))
    await day.do("Olly types", lines.carry_out(at, line(907, by=OLLY), "hide #14"))
    done = await day.do("Ana types", lines.carry_out(at, line(908, by=ANA), "h #18, k #19"))
    assert done
    await day.do("what is not answered", lines.unanswered(at))
    await day.do("what the site made of it", lines.with_site(at, done))
    await day.do("it is answered", lines.answered(at, 908, 950, done))
    await day.do("a reply means those", lines.carry_out(at, line(909, answers=950), "undo"))
    await day.do("a reply to a card", lines.say_of_card(at, 950, 951))
    await day.do("it is about them", lines.belongs(at, 951))
    await day.do("it is about nothing", lines.belongs(at, 952))


async def _two_people(day: Day) -> None:
    at = day.bench.desk
    for number in range(31, 35):
        await takes(day, number, author=f"yak{number}", rule=RuleNumber(4))
    first, second, third = CaseId(20), CaseId(21), CaseId(22)
    for_good = verdict(Action.BAN, rule=RuleNumber(1), note="For good.")
    await day.do("Ana bans for good", decide(at, first, for_good))
    await day.do("Ana asks again", decide(at, first, for_good))
    await day.do("Ana agrees herself", two_person.agree(at, first, by=ANA))
    await day.do("another was meant", two_person.agree(at, first, by=BEN, meant=99))
    await day.do("another text was seen", two_person.agree(at, first, by=BEN, seen=2))
    await day.do("Ben agrees", two_person.agree(at, first, by=BEN, seen=1))
    await day.do("Ben agrees again", two_person.agree(at, first, by=BEN))
    await day.do("Ana bans another for good", decide(at, second, for_good))
    other = decide(at, second, replace(for_good, by=BEN, rule=RuleNumber(2)))
    await day.do("Ben does, under another rule", other)
    same = decide(at, second, replace(for_good, by=SAM, rule=RuleNumber(2)))
    await day.do("Sam does, under the same", same)
    await day.do("Ana bans a third for good", decide(at, third, for_good))
    await day.do("Olly declines", two_person.decline(at, third, by=OLLY))
    await day.do("Ben declines", two_person.decline(at, third, by=BEN))
    await day.do("Ben declines again", two_person.decline(at, third, by=BEN))
    await day.do("Ana bans it after all", decide(at, third, for_good))
    await day.do("nothing has expired", two_person.expire(at))
    day.bench.clock.pass_by(hours=13)
    await day.do("Ben agrees too late", two_person.agree(at, third, by=BEN))
    await day.do("it has expired", two_person.expire(at))


async def _drafts(day: Day) -> None:
    at = day.bench.desk

    def draft(**changes: object) -> BanDraft:
        usual = BanDraft(
            case_id=CaseId(23),
            by_id=ANA.id,
            at=day.bench.clock.now,
            seen=1,
            rule=RuleNumber(3),
            lasting=timedelta(days=3),
            note="Third time.",
        )
        return replace(usual, **changes)  # type: ignore[arg-type]

    case = CaseId(23)
    await day.do("a draft", ban_draft.keep_draft(at, draft(), ANA))
    await day.do("of a text edited since", ban_draft.keep_draft(at, draft(seen=2), ANA))
    await day.do("under no rule", ban_draft.keep_draft(at, draft(rule=RuleNumber(88)), ANA))
    await day.do("Ana's draft", ban_draft.draft_of(at, case, ANA))
    await day.do("Ben's draft", ban_draft.draft_of(at, case, BEN))
    kept = await ban_draft.draft_of(at, case, ANA)
    assert kept
    await day.do("not the one seen", ban_draft.send_draft(at, case, ANA, kept.number + 1))
    await day.do("a draft again", ban_draft.keep_draft(at, draft(reason="No reason of ours"), ANA))
    kept = await ban_draft.draft_of(at, case, ANA)
    assert kept
    await day.do("the one seen", ban_draft.draft_shown(at, case, ANA, kept.number))
    await day.do("Ana sends it", ban_draft.send_draft(at, case, ANA, kept.number))
    await day.do("Ana sends it again", ban_draft.send_draft(at, case, ANA, kept.number))
    await day.do("Ana drops it", ban_draft.drop_draft(at, case, ANA))


async def _many(day: Day) -> None:
    at = day.bench.desk
    for number in range(41, 46):
        await takes(day, number, author="spam", rule=RuleNumber(6))
    hour = timedelta(hours=1)
    seen = CaseId(24)
    found = await day.do("of one author", bulk.reported_of_late(at, seen, hour, by=ANA))
    assert found
    mark = bulk.mark_of(found)
    day.lines.append(f"mark {mark}")
    await day.do("Ben claims one", claim.claim(at, CaseId(25), BEN))
    for within in (timedelta(), timedelta(hours=169)):
        await day.do(f"{within}", bulk.hide_all(at, seen, within, by=ANA, door=Door.SLASH))
    other = bulk.hide_all(at, seen, hour, by=ANA, door=Door.SLASH, listed=mark)
    await day.do("others were listed", other)
    rules = replace(day.bench.policy.brake, hides=2)
    day.bench.policy = replace(day.bench.policy, brake=rules)
    at = day.bench.desk
    await day.do("Ana hides all", bulk.hide_all(at, seen, hour, by=ANA, door=Door.SLASH))
    await day.do("the run", bulk.run_of(at, 1))
    await day.do("Ana takes it back", bulk.take_back(at, 1, by=ANA))
    await day.do("Sam takes it back", bulk.take_back(at, 1, by=SAM))
    await day.do("Sam takes it back again", bulk.take_back(at, 1, by=SAM))
    await day.do("Sam takes another back", bulk.take_back(at, 7, by=SAM))


async def _at_the_site(day: Day) -> None:
    at = day.bench.desk
    for number in range(51, 56):
        await takes(day, number, author=f"site{number}", rule=RuleNumber(2))
    day.bench.clock.pass_by(minutes=5)
    now = day.bench.clock.now
    text = Comment(external_id="c53", revision="r7", text="As it stands there.")
    for name, seen in (
        ("hidden there", Seen(comment_id="c51", visible=False, by="Editor There", at=now)),
        ("kept there", Seen(comment_id="c52", visible=True, at=now)),
        ("edited there", Seen(comment_id="c53", comment=text)),
        ("deleted there", Seen(comment_id="c54", unwritten=True)),
        (
            "decided there before",
            Seen(comment_id="c55", visible=False, at=now - timedelta(hours=9)),
        ),
        ("nothing of ours", Seen(comment_id="c99", visible=False, at=now)),
    ):
        await day.do(name, follow(at, COURIER, seen))


class EditedThere(ObedientSite):
    """A site that has another text of every comment."""

    async def carry_out(self, order: Order) -> Outcome:
        found = Comment(external_id=order.comment_id, revision="there", text="Edited there.")
        return Outcome(verb=Verb.CHANGED, words="It was edited.", found=found)


async def _overtaken(day: Day) -> None:
    at, first = day.bench.desk, 34
    for number in range(61, 66):
        await takes(day, number, author=f"late{number}", rule=RuleNumber(2))
    await drawn(day, day.board())
    day_long = timedelta(days=1)
    given = orders(at, COURIER, ObedientSite())
    while await turn(given):
        day.note()
    for number, action in enumerate((Action.HIDE, Action.BAN, Action.KEEP, Action.HIDE)):
        made = decide(at, CaseId(first + number), verdict(action, by=SAM, lasting=day_long))
        await day.do(f"Sam decides {first + number}", made)
    await day.do("and undoes one", reverse.reverse(at, CaseId(37), by=SAM, door=Door.BUTTON))
    late = orders(at, COURIER, EditedThere())
    for _ in range(3):
        await day.do("the site has other texts", turn(late))
    await day.do("as it is then", lookup.view(at, CaseId(first), SAM))
    await day.do("a ban as it is then", lookup.view(at, CaseId(first + 1), SAM))


async def _dangers(day: Day) -> None:
    danger = replace(day.bench.policy.rules[0], life=True)
    rules = (danger, *day.bench.policy.rules[1:])
    day.bench.policy = replace(day.bench.policy, rules=rules)
    at, case = day.bench.desk, CaseId(39)
    await takes(day, 71, author="danger", rule=danger.number)
    await takes(day, 71, author="danger", reader=12, rule=danger.number)
    for step in (LifeStep.POLICE, LifeStep.POLICE, LifeStep.KEPT):
        await day.do(f"{step} is done", auto_hide.tick(at, case, step, ANA))
    await day.do("of no danger", auto_hide.tick(at, CaseId(1), LifeStep.POLICE, ANA))
    await day.do("as it is then", lookup.view(at, case, ANA))
    rule = next(one for one in rules if one.reasons)
    for reason in (rule.reasons[0], "none of them"):
        draft = BanDraft(
            case_id=case,
            by_id=ANA.id,
            at=day.bench.clock.now,
            seen=1,
            rule=rule.number,
            lasting=timedelta(days=1),
            reason=reason,
        )
        await day.do(f"a draft that adds {reason}", ban_draft.keep_draft(at, draft, ANA))
        sent = ban_draft.send_draft(at, case, ANA, draft.number)
        await day.do("it is sent", sent)
        day.bench.clock.pass_by(seconds=1)
    hidden = decide(at, CaseId(38), verdict(Action.HIDE, rule=rule.number, reason=rule.reasons[0]))
    await day.do("a reason is told", hidden)
    other = reverse.amend(
        at, CaseId(38), rule.number, by=ANA, door=Door.BUTTON, reason=rule.reasons[1]
    )
    await day.do("another reason is told", other)


async def _read(day: Day) -> None:
    at = day.bench.desk
    await day.do("case 2 as Ana sees it", lookup.view(at, CaseId(2), ANA))
    await day.do("what readers wrote", lookup.notes(at, CaseId(2), ANA))
    await day.do("the queue", lookup.queue(at, ANA, limit=3, offset=1))
    await day.do("nothing", lookup.view(at, NEVER, ANA))
    await day.do("which text stood there", lookup.seen_on_card(at, CaseId(2), day.bench.clock.now))
    for line in ("by:yak hidden", "bought", "rule:4 open", ""):
        await day.do(f"search: {line}", lookup.search(at, line, ANA))
    await day.do("further on", lookup.search(at, "bought", ANA, offset=6))
