"""What all tables of the policy file share."""

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """One table of the policy file; what is not known in it is refused.

    Each field's description completes the sentence "`key` is ...; it should be ...".
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
