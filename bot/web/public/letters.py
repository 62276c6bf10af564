"""Mails to readers in words: each in the reader's language, as plain text, with two links."""

from dataclasses import dataclass

from bot.domain.policy import Policy
from bot.domain.readers.mail import Letter, MailEvent
from bot.domain.readers.report import shown
from bot.web.public.states import labels, state_of_notice, state_of_report
from bot.web.public.words import Language, language


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A mail in words; `stop` is the page by which there are no more."""

    subject: str
    body: str
    stop: str
    language: str


def written(letter: Letter, policy: Policy, url: str) -> Written:
    """Return a mail in words; `url` is where the readers' pages are, without a slash at its end."""
    said = language(letter.to.locale)
    words, about = said.mail, "notice" if letter.to.notice_id else "report"
    page = f"{url}/your-{about}/{letter.secret}?lang={said.code}"
    stop = f"{url}/mail/{letter.secret}/stop?lang={said.code}"
    reference = shown(letter.reference)
    if letter.event is MailEvent.CONFIRM:
        link = f"{url}/mail/{letter.secret}?lang={said.code}"
        received = words[f"received_{about}"].format(reference=reference)
        parts = [received, words["confirm"], link, words["not_you"]]
    else:
        parts = [*_what(letter, said, policy), words["see"], page, words["stop_at"], stop]
    return Written(
        subject=words[f"subject_{about}"].format(reference=reference),
        body="\n\n".join(parts) + "\n",
        stop=stop,
        language=said.code,
    )


def _what(letter: Letter, said: Language, policy: Policy) -> list[str]:
    if letter.answer is not None:
        return [said.contest[letter.answer.value]]
    if letter.progress is not None:
        return [state_of_report(letter.progress, said, policy)]
    return _of_notice(letter, said, policy)


def _of_notice(letter: Letter, said: Language, policy: Policy) -> list[str]:
    if letter.told is None or letter.kind is None:
        return []
    so_far = state_of_notice(letter.told, said, policy)
    if letter.event is MailEvent.DECIDED:
        return [said.mail["answered_notice"], so_far]
    missing = "\n".join(f"- {one}" for one in labels(letter.lacking, letter.kind, said))
    return [so_far, missing] if missing else [so_far]
