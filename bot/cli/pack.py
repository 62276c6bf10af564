"""`comment-desk pack`: all that is on record of a case, from the database itself."""

from datetime import UTC, datetime
from pathlib import Path

from bot.cards.documents import pack as documents
from bot.cli.documents import policy_there
from bot.domain.ids import CaseId
from bot.services.readers.pack import pack_of
from bot.store.opening import open_store
from bot.store.store import Place


async def packed(
    database: Place, policy_file: Path | None, case: int, form: str, *, withheld: bool = False
) -> str:
    """Return a case's pack, whole: whoever can read the file can read every text in it.

    Raises:
        NoSuchCase: There is no case of that number.
    """
    policy = policy_there(policy_file)
    async with open_store(database, create=False) as store:
        found = await pack_of(store, policy, CaseId(case), datetime.now(UTC), withheld=withheld)
    write = documents.as_json if form == "json" else documents.as_page
    return write(found, policy)
