"""Letters about a legal notice, to be copied; drafts, which somebody who knows the law reads."""

from bot.domain.cases import CaseView
from bot.domain.legal import LegalNotice, Stage

_WITHHELD = "(withheld: the complainant does not agree to it)"


def letters(notice: LegalNotice, view: CaseView) -> list[tuple[str, str]]:
    """Return the letters that a stage asks for, each with its heading."""
    match notice.stage:
        case Stage.RECEIVED:
            return [
                ("To the poster", _to_poster(notice, view)),
                ("To the complainant, once the poster was told", _told(view)),
            ]
        case Stage.DEFECTIVE:
            return [("To the complainant", _defective(notice, view))]
        case Stage.POSTER_TOLD:
            return [("To the complainant", _told(view))]
        case Stage.POSTER_INSISTS:
            return [("To the complainant", _insists(view))]
        case Stage.POSTER_SILENT | Stage.POSTER_AGREES | Stage.REMOVED:
            return [("To the complainant", _removed(view))]
        case _:
            return []


def _where(view: CaseView) -> str:
    return view.comment.permalink or view.story.url


def _to_poster(notice: LegalNotice, view: CaseView) -> str:
    name = notice.name if notice.may_give_name else _WITHHELD
    email = notice.email if notice.may_give_email else _WITHHELD
    return f"""Somebody complains that your comment is defamatory:
{_where(view)}

Complainant: {name}
E-mail: {email}
What they say it means, and why that harms them: {notice.meaning}
What they say is untrue: {notice.falsity}

The comment may be removed unless you answer by midnight at the end of the fifth day after
today. Please tell us whether you agree to its removal. If you do not, we need your full name
and postal address, and whether we may pass these on to the complainant."""


def _defective(notice: LegalNotice, view: CaseView) -> str:
    missing = "\n".join(f"- {words}" for words in notice.defects)
    return f"""Your complaint about this comment reached us:
{_where(view)}

It is not yet a notice under section 5 of the Defamation Act 2013 and the regulations under it.
It does not say:
{missing}

Please send it again with these. We may act on it under our own house rules in any case."""


def _told(view: CaseView) -> str:
    return f"""Your notice about this comment reached us:
{_where(view)}

We have sent it to the person who posted it. They have until midnight at the end of the fifth
day after that to answer. We shall write to you again within 48 hours of their answer, or of
that time passing; weekends and bank holidays do not count."""


def _insists(view: CaseView) -> str:
    return f"""We sent your notice about this comment to the person who posted it:
{_where(view)}

They do not agree to its removal, and it stays for now. [Where they consent: their name and
postal address are … / Otherwise: they do not consent to our passing on their details.]"""


def _removed(view: CaseView) -> str:
    return f"""The comment that you complained about was removed:
{_where(view)}"""
