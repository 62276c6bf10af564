"""By which roads complaints about a comment came, who looked, and what was contested."""

from collections.abc import Iterator

from bot.cards.documents.pack_items import Item, moment, told, words
from bot.cards.text import common as common_text
from bot.cards.text import notices as notice_text
from bot.cards.text import pack as pack_text
from bot.domain.policy import Policy
from bot.domain.readers.contest import Contest
from bot.domain.readers.notice import Notice
from bot.domain.readers.pack import LegalStep, Pack
from bot.domain.readers.report import shown


def complaints(pack: Pack, policy: Policy) -> Iterator[Item]:
    """Yield every complaint, by whatever road, in the order in which they came."""
    found = [*_reports(pack, policy), *_receipts(pack, policy), *_notices(pack), *_legal(pack)]
    yield from sorted(found, key=lambda item: item.at or pack.made_at)


def contests(pack: Pack) -> Iterator[Item]:
    """Yield what was said against decisions, with the answers."""
    for one in pack.file.contests:
        yield _contest(pack, one)


def lookers(pack: Pack) -> Iterator[Item]:
    """Yield who had a hand in the case, as far as that is known."""
    yield from _in_work(pack)
    for note in pack.file.notes:
        texts = words(pack, ("staff note", note.text))
        yield Item(title=note.by_name, at=note.at, texts=texts)
    for looker in pack.file.lookers:
        yield Item(title=looker.by_name, at=looker.at, fields=told(("opened it", "yes")))
    life = pack.view.life
    for step, done in life.done.items() if life is not None else ():
        yield Item(title=done.by_name, at=done.at, fields=told(("threat to life", step)))
    for state in pack.file.states:
        texts = words(pack, ("note", state.note))
        story = told(("said of the story", state.state))
        yield Item(title=state.by_name, at=state.at, fields=story, texts=texts)


def _in_work(pack: Pack) -> Iterator[Item]:
    work = pack.view.work
    if work.claim is not None:
        yield Item(title=work.claim.by_name, at=work.claim.at, fields=told(("claimed it", "yes")))
    if work.assigned is not None:
        by = told(("asked by", work.assigned.by_name))
        yield Item(title=work.assigned.to_name, at=work.assigned.at, fields=by)
    if work.escalation is not None:
        made = work.escalation
        said = words(pack, ("note", made.note))
        yield Item(title=made.by_name, at=made.at, fields=told(("to", "the editors")), texts=said)


def _reports(pack: Pack, policy: Policy) -> Iterator[Item]:
    for one in pack.file.complaints:
        yield Item(
            title=pack_text.report(one.reader),
            at=one.at,
            fields=told(("rule", common_text.rule(policy.rule(one.rule)))),
            texts=words(pack, ("the reader's note", one.note)),
        )


def _receipts(pack: Pack, policy: Policy) -> Iterator[Item]:
    for one in pack.file.filed:
        yield Item(
            title=shown(one.reference),
            at=one.at,
            fields=told(
                ("came by", "the form for readers"),
                ("rule", common_text.rule(policy.rule(one.rule))),
                ("about text", one.revision),
                ("language", one.locale),
                ("taken back", moment(pack, one.withdrawn_at)),
            ),
        )


def _notices(pack: Pack) -> Iterator[Item]:
    for one in pack.file.notices:
        yield _notice(pack, one)


def _notice(pack: Pack, one: Notice) -> Item:
    said = one.said
    return Item(
        title=f"{notice_text.KINDS[one.kind]} {shown(one.reference)}",
        at=one.received_at,
        fields=told(
            ("came by", one.road),
            ("entered by", one.taken_by),
            ("name", said.name),
            ("e-mail", said.email),
            ("address of the comment", said.address),
            ("to be answered by", moment(pack, one.act_by)),
            ("outcome", one.outcome),
            ("answered by", one.by_name),
            ("answered", moment(pack, one.answered_at)),
        ),
        texts=words(
            pack, ("why", said.text), ("what is untrue", said.falsity), ("answer", one.answer)
        ),
    )


def _legal(pack: Pack) -> Iterator[Item]:
    for one in pack.file.legal:
        steps = [step for step in pack.file.legal_steps if step.notice == one.id]
        yield Item(
            title=pack_text.legal_notice(one.id),
            at=one.received_at,
            fields=told(
                ("name", one.name),
                ("e-mail", one.email),
                ("entered by", one.by_name),
                ("to be dealt with by", moment(pack, one.act_by)),
                *((str(step.stage), _step(pack, step)) for step in steps),
            ),
            texts=words(pack, ("what it means", one.meaning), ("what is untrue", one.falsity)),
        )


def _step(pack: Pack, step: LegalStep) -> str:
    return f"{moment(pack, step.at)}, {step.by_name}"


def _contest(pack: Pack, one: Contest) -> Item:
    return Item(
        title=pack_text.contest(one.id),
        at=one.at,
        fields=told(
            ("by", pack_text.PARTIES[one.party]),
            ("against decision", one.decision_id),
            ("language", one.locale),
            ("answer", pack_text.ANSWERS[one.answer] if one.answer else None),
            ("answered by", one.by_name),
            ("answered", moment(pack, one.answered_at)),
        ),
        texts=words(pack, ("what was said", one.text), ("reasons given", one.reasons)),
    )
