"""The settings of the record's signed anchor."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class AnchorSettings(BaseModel):
    """The signed anchor of the record, once a day, which shows whether it was written anew."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Path | None = Field(
        default=None,
        description="The file that anchors are added to, best on another disk; beside the database "
        "without it.",
    )
    key_path: Path | None = Field(
        default=None,
        description="The file with the Ed25519 key they are signed with, as PEM; made beside the "
        "database without it.",
    )
    to_editors: bool = Field(
        default=False, description="Whether the editors' channel gets each anchor too."
    )

    def file_of(self, database: Path) -> Path:
        """Return where the anchors of a database are kept."""
        return self.file or database.with_name(f"{database.name}.anchors.jsonl")

    def key_of(self, database: Path) -> Path:
        """Return where the key is that they are signed with."""
        return self.key_path or database.with_name(f"{database.name}.anchor-key")
