"""`comment-desk transparency`: a month counted from the database, for the public or for the EU."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from bot.cards.documents import dsa, figures
from bot.cards.documents.dsa_parts import PARTS, Reported, part_as_csv
from bot.cli.documents import policy_there
from bot.domain.errors import NotUnderstood
from bot.domain.policy import Policy
from bot.domain.readers.figures import MonthFacts
from bot.domain.readers.published import published
from bot.services.readers.dsa import read_contested, read_statements
from bot.services.readers.transparency import read_facts
from bot.store.opening import open_store
from bot.store.store import Place
from bot.store.tx import Tx


class Wanted(StrEnum):
    """What is asked for of a month."""

    HTML = "html"
    CSV = "csv"
    JSON = "json"
    DSA = "dsa"
    """Rows for the harmonised report."""
    STATEMENTS = "statements"
    """Statements for the EU's database."""
    PART = "part"
    """A part of the harmonised report, as its template has it."""


_FOR_THE_EU = frozenset({Wanted.DSA, Wanted.STATEMENTS, Wanted.PART})


def wanted(form: str, *, dsa: bool, statements: bool, part: int | None = None) -> Wanted:
    """Return what the options ask for.

    Raises:
        NotUnderstood: They ask for two things at once, or for a part that there is not.
    """
    if dsa + statements + (part is not None) > 1:
        raise NotUnderstood("Ask for --dsa, --dsa-part or --dsa-statements, one at a time.")
    if part is not None and part not in PARTS:
        raise NotUnderstood(
            f"The desk fills in the parts {', '.join(map(str, PARTS))} of the template. The others "
            "are for you to fill in."
        )
    if dsa or part is not None:
        return Wanted.DSA if dsa else Wanted.PART
    return Wanted.STATEMENTS if statements else Wanted(form)


async def counted(
    database: Place, policy_file: Path | None, month: str, what: Wanted, part: int = 0
) -> str:
    """Return a document about a month; for the EU, also about a year.

    Raises:
        NotUnderstood: It is no month, or none of which there is anything to count.
    """
    policy, now = policy_there(policy_file), datetime.now(UTC)
    zone = policy.alerts.zone

    def read(tx: Tx) -> str:
        facts = read_facts(tx, month, zone, now, years=what in _FOR_THE_EU)
        if what not in _FOR_THE_EU:
            return _said(facts, policy, what)
        made = read_statements(tx, facts, policy)
        if what is Wanted.DSA:
            return dsa.rows_as_csv(facts, made, policy)
        if what is Wanted.STATEMENTS:
            return dsa.statements_as_json(made, policy)
        contested = read_contested(tx, facts)
        said = Reported(facts=facts, restrictions=made, contested=contested, policy=policy)
        return part_as_csv(part, said)

    async with open_store(database, create=False) as store:
        return await store.read(read)


def _said(facts: MonthFacts, policy: Policy, what: Wanted) -> str:
    found = published(facts, policy.by_number)
    write = {
        Wanted.HTML: figures.as_page,
        Wanted.CSV: figures.as_table,
        Wanted.JSON: figures.as_json,
    }
    return write[what](found, policy)
