"""All that a card shows of one case, gathered from every table in one go."""

from datetime import datetime

from bot.domain.account_similarity import AuthorRef
from bot.domain.cases import AuthorRecord, Case, CaseView
from bot.domain.comments import Author, Comment, Parent, Story
from bot.domain.decisions import original
from bot.store.ban_evasion import BanEvasion
from bot.store.contests import Contests
from bot.store.decisions import Decisions, proposal_of
from bot.store.deliveries import asked_of, closing_of, delivery_of
from bot.store.engine.connection import Connection
from bot.store.legal import life_of
from bot.store.notices import marks_of
from bot.store.stories import status_of
from bot.store.times import moment_if, stored
from bot.store.triage import Triage

STRIKES = """
SELECT COUNT(*) FROM standing
WHERE site = ? AND author_id = ? AND at >= ? AND action IN ('hide', 'ban')
"""
# Each is the first that the index of bans has.
_BAN = """
SELECT until FROM standing
WHERE site = ? AND author_id = ? AND action = 'ban' AND until IS NULL LIMIT 1
"""
_BAN_UNTIL = """
SELECT until FROM standing
WHERE site = ? AND author_id = ? AND action = 'ban' AND until IS NOT NULL
ORDER BY until DESC LIMIT 1
"""
_REPORTED = "SELECT reported, taken_down FROM author_counts WHERE site = ? AND author_id = ?"
_AUTHOR = "SELECT name, since FROM authors WHERE site = ? AND external_id = ?"
_STORY = """
SELECT story.external_id, title, url, section, published FROM cases
JOIN stories AS story ON story.site = cases.site AND story.external_id = cases.story_id
WHERE cases.id = ?
"""
_TEXT = """
SELECT revision_key, text, permalink, created, parent_author, parent_text, sent
FROM revisions WHERE case_id = ? AND revision = ?
"""
# Each has a moment, but only where that is said too are they read by the index of what has a note.
_NOTES = """
SELECT COUNT(*) FROM reports
WHERE case_id = ? AND note IS NOT NULL AND at > -4611686018427387904
"""
_UNCOUNTED = "SELECT COUNT(*) FROM uncounted_reports WHERE case_id = ?"
_AGAIN = "SELECT COUNT(*) FROM reports WHERE case_id = ? AND at > ?"


def view_of(connection: Connection, case: Case, strikes_since: int) -> CaseView:
    """Return the case's view; `why` is left empty, as it needs the house rules.

    Args:
        connection: Where to read, inside the transaction that read the case.
        case: The case.
        strikes_since: In microseconds since 1970; what is older has expired.
    """
    decisions = Decisions(connection)
    history = decisions.newest_names(decisions.of_case(case.id))
    decision = next((made for made in history if made.id == case.decision_id), None)
    story = _story(connection, case)
    return CaseView(
        case=case,
        comment=comment_of(connection, case),
        author=_author(connection, case),
        story=story,
        record=_record(connection, case, strikes_since),
        decision=decision,
        history=tuple(history),
        delivery=delivery_of(connection, case.id),
        asked=asked_of(connection, case.id),
        before=_text_before(connection, case),
        # A rule that was corrected since settled nothing.
        again=_again(connection, case, original(decision, history).at) if decision else 0,
        hints=tuple(BanEvasion(connection).hints(AuthorRef(site=case.site, id=case.author_id))),
        notes=int(connection.run(_NOTES, (case.id,)).fetchone()[0]),
        proposal=proposal_of(connection, case.id),
        story_status=status_of(connection, case.id),
        closing=closing_of(connection, case.site, story.external_id),
        life=life_of(connection, case.id),
        notices=marks_of(connection, case.id),
        work=Triage(connection).get(case.id),
        uncounted=int(connection.run(_UNCOUNTED, (case.id,)).fetchone()[0]),
        contests=tuple(made.mark for made in Contests(connection).of_case(case.id)),
    )


def _again(connection: Connection, case: Case, since: datetime) -> int:
    return int(connection.run(_AGAIN, (case.id, stored(since))).fetchone()[0])


def comment_of(connection: Connection, case: Case) -> Comment:
    """Return a case's comment with the text that stands."""
    key, text, permalink, created, parent_author, parent_text, sent = connection.run(
        _TEXT, (case.id, case.revision)
    ).fetchone()
    return Comment(
        external_id=case.comment_id,
        revision=key,
        text=text,
        permalink=permalink,
        created=moment_if(created),
        parent=None if parent_text is None else Parent(author=parent_author, text=parent_text),
        sent=sent,
    )


def _text_before(connection: Connection, case: Case) -> str | None:
    row = connection.run(_TEXT, (case.id, case.revision - 1)).fetchone()
    return row[1] if row else None


def _author(connection: Connection, case: Case) -> Author:
    name, since = connection.run(_AUTHOR, (case.site, case.author_id)).fetchone()
    return Author(external_id=case.author_id, name=name, since=moment_if(since))


def _story(connection: Connection, case: Case) -> Story:
    external_id, title, url, section, published = connection.run(_STORY, (case.id,)).fetchone()
    return Story(
        external_id=external_id,
        title=title,
        url=url,
        section=section,
        published=moment_if(published),
    )


def _record(connection: Connection, case: Case, strikes_since: int) -> AuthorRecord:
    author = (case.site, case.author_id)
    reported, hidden = connection.run(_REPORTED, author).fetchone() or (0, 0)
    strikes = connection.run(STRIKES, (*author, strikes_since)).fetchone()[0]
    # One for good, else the one that ends last.
    ban = connection.run(_BAN, author).fetchone() or connection.run(_BAN_UNTIL, author).fetchone()
    return AuthorRecord(
        reported=reported,
        hidden=hidden,
        strikes=strikes,
        banned=ban is not None,
        banned_until=moment_if(ban[0]) if ban else None,
    )
