"""Cases of which nothing may be forgotten, as the store keeps them."""

from datetime import datetime
from typing import Protocol

from bot.domain.ids import CaseId, PersonId
from bot.domain.life import Life, LifeStep


class Preserved(Protocol):
    """The cases that are kept whole, and what was done about each threat to life."""

    def keep(self, case_id: CaseId, why: str, at: datetime) -> bool:
        """Keep a case whole from now on; false if it was kept before."""
        ...

    def is_kept(self, case_id: CaseId) -> bool:
        """Whether nothing of a case may be forgotten."""
        ...

    def life(self, case_id: CaseId) -> Life | None:
        """Return what was done about a threat to life, `None` if the case is none."""
        ...

    def tick(
        self, case_id: CaseId, step: LifeStep, by_id: PersonId, by_name: str, at: datetime
    ) -> bool:
        """Keep that somebody did a step; false if it was done before."""
        ...
