"""`comment-desk transparency`: a month counted from the database, for the public or for the EU."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from bot.cards.documents import dsa, figures
from bot.cli.documents import policy_there
from bot.domain.errors import NotUnderstood
from bot.domain.policy import Policy
from bot.domain.readers.figures import MonthFacts
from bot.domain.readers.published import published
from bot.services.readers.dsa import read_statements
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


def wanted(form: str, *, dsa: bool, statements: bool) -> Wanted:
    """Return what the options ask for.

    Raises:
        NotUnderstood: They ask for two things at once.
    """
    if dsa and statements:
        raise NotUnderstood("Ask for --dsa or for --dsa-statements, one at a time.")
    if dsa:
        return Wanted.DSA
    return Wanted.STATEMENTS if statements else Wanted(form)


async def counted(database: Place, policy_file: Path | None, month: str, what: Wanted) -> str:
    """Return a document about a month.

    Raises:
        NotUnderstood: It is no month, or none of which there is anything to count.
    """
    policy, now = policy_there(policy_file), datetime.now(UTC)
    zone = policy.alerts.zone

    def read(tx: Tx) -> str:
        facts = read_facts(tx, month, zone, now)
        if what in (Wanted.DSA, Wanted.STATEMENTS):
            made = read_statements(tx, facts, policy)
            if what is Wanted.DSA:
                return dsa.rows_as_csv(facts, made, policy)
            return dsa.statements_as_json(made, policy)
        return _said(facts, policy, what)

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
