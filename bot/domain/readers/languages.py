"""The languages that the readers' pages can speak, each a file in `bot/web/public/strings`."""

from typing import Final

LANGUAGES: Final = ("en", "cy", "de", "es", "fr", "pl")
