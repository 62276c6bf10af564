"""The settings of where a desk listens, how it says how it is, and where its backups go."""

from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

_USUAL_HEALTH_PORT: Final = 8082


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WebSettings(_Group):
    """Where the desk listens for reports."""

    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8080, ge=0, le=65535, description="The port to listen on.")


class HealthSettings(_Group):
    """Where the desk says how it is, to your own network: /healthz, /readyz and /metrics."""

    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        description="The port; 8082 if empty. The one of DESK_WEB__PORT to have one for both.",
    )

    @field_validator("port", mode="before")
    @classmethod
    def _none_if_empty(cls, port: object) -> object:
        return None if port == "" else port

    def place(self, web: WebSettings) -> tuple[str, int] | None:
        """Return host and port; `None` where it is said at the address for reports.

        A desk that leaves the choice of that port to the system, as a trial does, has one for both.
        """
        if self.port is None:
            return (self.host, _USUAL_HEALTH_PORT) if web.port else None
        return None if self.port and self.port == web.port else (self.host, self.port)


class BackupSettings(_Group):
    """Where the running desk copies its database to, by itself; the copies are opened and read."""

    folder: Path | None = Field(
        default=None,
        description="The folder, best on another disk; `backups` beside the database if empty.",
    )
    every_hours: float = Field(
        default=24, ge=0, le=24 * 31, description="Hours from one copy to the next; 0 for none."
    )
    keep: int = Field(default=14, ge=1, le=1000, description="How many of them stay.")

    @field_validator("folder", mode="before")
    @classmethod
    def _none_if_empty(cls, folder: object) -> object:
        return folder or None

    def folder_of(self, database: Path) -> Path:
        """Return the folder for a database's copies."""
        return self.folder or database.absolute().parent / "backups"
