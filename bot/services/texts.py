"""Which text is a comment's now: what the site says is newest, whatever it calls it."""

from dataclasses import replace
from datetime import datetime

from bot.domain.case import Case
from bot.domain.comment import Comment, TextMark, is_newer, text_key
from bot.store.tx import Tx


def take_text(
    tx: Tx, case: Case, comment: Comment, at: datetime, now: datetime
) -> tuple[Case, bool]:
    """Return the case with the text that stands now, and whether that is another than before.

    `at` is when somebody reported the text, or when it was read at the site.

    A new name for the same text is kept for the site's sake and is no edit; an older text that
    comes late changes nothing. An edit is kept at once, and ends what was proposed on the text
    before; the case itself is for the caller to touch.
    """
    stands = case.text or _mark_of(tx, case)
    key, at = text_key(comment.text), comment.read_at or at
    if not is_newer(comment, at, now, stands, case.revision_key):
        return case, False
    mark = TextMark(key=key, at=_as_of(comment, at, stands), taken_at=now)
    if key == stands.key:
        _rename(tx, case, comment)
        return replace(case, revision_key=comment.revision, text=mark), False
    tx.cases.revise(case, comment)
    tx.proposals.drop(case.id)
    revised = replace(case, revision=case.revision + 1, revision_key=comment.revision, text=mark)
    return revised, True


def take_read(tx: Tx, case: Case, comment: Comment, now: datetime) -> tuple[Case, bool]:
    """Do the same with a text that was just read at the site; it is newer than all before."""
    return take_text(tx, case, replace(comment, read_at=now), now, now)


def _mark_of(tx: Tx, case: Case) -> TextMark:
    """Return the mark of a text that was kept before such marks were."""
    text = tx.cases.comment(case).text
    return TextMark(key=text_key(text), at=case.reported_at, taken_at=case.reported_at)


def _as_of(comment: Comment, at: datetime, stands: TextMark) -> datetime:
    """Return the time of a text: what was read at the site itself is newer than all before."""
    return max(at, stands.at) if comment.read_at is not None else at


def _rename(tx: Tx, case: Case, comment: Comment) -> None:
    if comment.revision != case.revision_key:
        tx.cases.rename(case, comment)
