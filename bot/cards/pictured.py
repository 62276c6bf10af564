"""An answer with pictures in it."""

from typing import Any

import discord

from bot.cards.parts import Item


class Pictured(discord.ui.LayoutView):
    """A view that is sent together with the files its pictures are in."""

    def __init__(self, *items: Item, files: tuple[discord.File, ...]) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)
        self.files = files


def picture(file: discord.File) -> discord.ui.MediaGallery[Any]:
    """Return the place where a file's picture is shown, described by the file's own words."""
    gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery()
    gallery.add_item(media=f"attachment://{file.filename}", description=file.description)
    return gallery
