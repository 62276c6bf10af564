"""A case's pack: one page that stands by itself, or the same as JSON."""

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from bot.cards.documents.pack_items import Item, Section, moment, told, words
from bot.cards.documents.pack_roads import complaints, contests, lookers
from bot.cards.documents.page import page
from bot.cards.text import common as common_text
from bot.cards.text import pack as pack_text
from bot.domain.decisions import Decision, Verdict
from bot.domain.policy import Policy
from bot.domain.readers.pack import Pack


def as_page(pack: Pack, policy: Policy) -> str:
    """Return the pack as a page in HTML."""
    sections = [
        {
            "title": section.title,
            "lines": section.lines,
            "items": [
                {
                    "title": item.title,
                    "at": moment(pack, item.at),
                    "fields": item.fields,
                    "texts": item.texts,
                }
                for item in section.items
            ],
        }
        for section in _sections(pack, policy)
    ]
    return page(
        "pack.html",
        {
            "title": pack_text.title(pack.view.case.id),
            "made": pack_text.made(pack_text.both(pack.made_at, pack.zone)),
            "warnings": _warnings(pack, policy),
            "sections": sections,
            "nothing": pack_text.NOTHING,
        },
    )


def as_json(pack: Pack, policy: Policy) -> str:
    """Return the pack as JSON: the same sections, each moment in UTC and in the newsroom's zone."""
    said = {
        "case": pack.view.case.id,
        "made_at": pack.made_at.isoformat(),
        "time_zone": str(pack.zone),
        "texts_left_out": pack.withheld,
        "record": {
            "decisions": pack.proof.decisions,
            "head": pack.proof.head,
            "broken": pack.proof.broken,
        },
        **{
            section.name: [_item(pack, item) for item in section.items]
            for section in _sections(pack, policy)
        },
    }
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def _item(pack: Pack, item: Item) -> dict[str, Any]:
    return {
        "title": item.title,
        "at": item.at.astimezone(UTC).isoformat() if item.at else None,
        "at_local": item.at.astimezone(pack.zone).isoformat() if item.at else None,
        "fields": [{"name": name, "value": value} for name, value in item.fields],
        "texts": [{"name": name, "text": text} for name, text in item.texts],
    }


def _warnings(pack: Pack, policy: Policy) -> list[str]:
    status = pack.view.story_status
    if pack.withheld:
        return [pack_text.WITHHELD]
    restricted = status is not None and policy.stories.of(status.state).restricted
    return [pack_text.RESTRICTED] if restricted else []


def _sections(pack: Pack, policy: Policy) -> Iterator[Section]:
    yield Section(name="case_facts", title=pack_text.CASE, items=(_case(pack),))
    roads = tuple(complaints(pack, policy))
    yield Section(name="complaints", title=pack_text.ROADS, items=roads)
    yield Section(name="texts", title=pack_text.TEXTS, items=tuple(_texts(pack)))
    yield Section(
        name="people",
        title=pack_text.LOOKED,
        items=tuple(lookers(pack)),
        lines=(pack_text.LOOKS,),
    )
    yield Section(
        name="decisions", title=pack_text.DECISIONS, items=tuple(_decisions(pack, policy))
    )
    yield Section(name="orders", title=pack_text.TOLD, items=tuple(_orders(pack)))
    yield Section(name="contests", title=pack_text.CONTESTS, items=tuple(contests(pack)))
    yield Section(
        name="proof",
        title=pack_text.PROOF,
        items=tuple(_proof(pack)),
        lines=_walked(pack),
    )


def _case(pack: Pack) -> Item:
    case, view = pack.view.case, pack.view
    return Item(
        title=common_text.case(case.id),
        at=case.opened_at,
        fields=told(
            ("site", case.site),
            ("comment", case.comment_id),
            ("author", view.author.name),
            ("author's id", case.author_id),
            ("story", view.story.title),
            ("story's address", view.story.url),
            ("story's state", view.story_status.state if view.story_status else None),
            ("state", case.state),
            ("reports", case.reports),
            ("readers", case.reporters),
        ),
    )


def _texts(pack: Pack) -> Iterator[Item]:
    for one in pack.file.texts:
        parent = one.parent
        yield Item(
            title=pack_text.text(one.revision),
            at=one.created,
            fields=told(
                ("address", one.permalink),
                ("on the card since", moment(pack, one.shown_at)),
                ("answers", parent.author if parent else None),
            ),
            texts=words(
                pack, ("what it answers", parent.text if parent else None), ("text", one.text)
            ),
        )


def _decisions(pack: Pack, policy: Policy) -> Iterator[Item]:
    for made in pack.history:
        yield _decision(pack, made, policy)
    proposal = pack.view.proposal
    if proposal is not None:
        asked = proposal.verdict
        yield Item(
            title=pack_text.PROPOSED,
            at=proposal.at,
            fields=(
                *told(("asked for", pack_text.DONE[asked.action])),
                *_verdict(asked, policy),
                *told(("agreed to until", moment(pack, proposal.expires_at))),
            ),
            texts=words(pack, ("note", asked.note)),
        )


def _decision(pack: Pack, made: Decision, policy: Policy) -> Item:
    verdict = made.verdict
    cited = policy.rule(verdict.rule) if verdict.rule else None
    return Item(
        title=pack_text.decision(made.id, pack_text.DONE[made.did]),
        at=made.at,
        fields=(
            *_verdict(verdict, policy),
            *told(
                ("agreed to by", made.second.name if made.second else None),
                ("on text", made.revision),
                ("until", moment(pack, made.until)),
                ("undoes decision", made.reverses),
                ("corrects decision", made.amends),
                ("the rule's own words", cited.text if cited else None),
                ("author's page since", moment(pack, pack.file.stated.get(made.id))),
            ),
        ),
        texts=words(pack, ("note", verdict.note)),
    )


def _verdict(verdict: Verdict, policy: Policy) -> tuple[tuple[str, str], ...]:
    return told(
        ("by", verdict.by.name),
        ("how", pack_text.DOORS.get(verdict.door, verdict.door)),
        ("rule", common_text.rule(policy.rule(verdict.rule)) if verdict.rule else None),
        ("reason added", verdict.reason),
    )


def _orders(pack: Pack) -> Iterator[Item]:
    for one in pack.file.told:
        order = one.order
        yield Item(
            title=pack_text.order(pack_text.DONE[order.action], order.decision_id),
            at=order.at,
            fields=told(
                ("outcome", pack_text.STATES[one.state]),
                ("carried out", moment(pack, one.done_at)),
                ("attempts", one.attempts),
                ("trouble", one.trouble),
                ("words for the author", order.notice),
            ),
        )


def _proof(pack: Pack) -> Iterator[Item]:
    for made in pack.history:
        yield Item(
            title=pack_text.decision(made.id, pack_text.DONE[made.did]),
            fields=told(
                ("digest", made.digest),
                ("digest before it", made.previous),
                ("verified", _verified(pack, made)),
            ),
        )


def _verified(pack: Pack, made: Decision) -> str:
    good = made.id <= pack.proof.decisions
    return pack_text.UNCHANGED if good else pack_text.CHANGED


def _walked(pack: Pack) -> tuple[str, ...]:
    proof = pack.proof
    said = pack_text.broken(proof.broken) if proof.broken else pack_text.whole(proof.decisions)
    return (said, proof.head, pack_text.HOW_TO_CHECK)
