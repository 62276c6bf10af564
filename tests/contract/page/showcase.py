"""A bot that uses every part of Discord that the page has to show."""

import asyncio
import io
import re
import struct
import zlib
from typing import Any, cast

import discord
from discord import app_commands, ui
from discord.ext import commands

LINES = (
    "### ⚠ Harassment · 7 readers · waiting <t:{since}:R>",
    "You are all bought, every one of you\\. I know where the editor lives\\.",
    "**salty\\_dog** · 3 of 41 hidden · 1 strike · here since 2019",
    "-# Worst first because: threat words, 2 trusted readers, 1 strike",
)


def picture(width: int = 480, height: int = 160) -> io.BytesIO:
    """Return a small PNG: bars, as a chart would have."""
    bars = (40, 70, 55, 120, 90, 30, 60, 110)
    ground, bar = b"\x23\x24\x28", b"\x58\x65\xf2"
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            tall = bars[x * len(bars) // width]
            rows += bar if (x % (width // len(bars)) > 14 and height - y < tall) else ground
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


class Verdict(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"v:(?P<verb>\w+):(?P<case>\d+)"):
    """A button of a card; it works after a restart, since its id says everything."""

    LABELS = {"keep": "Keep", "hide": "Hide: harassment", "ban": "Ban…", "more": "More"}  # noqa: RUF012 - as discord.py writes it
    STYLES = {"keep": discord.ButtonStyle.success, "hide": discord.ButtonStyle.danger}  # noqa: RUF012

    def __init__(self, verb: str, case: int) -> None:
        self.verb, self.case = verb, case
        style = self.STYLES.get(verb, discord.ButtonStyle.secondary)
        label, name = self.LABELS[verb], f"v:{verb}:{case}"
        super().__init__(ui.Button(label=label, style=style, custom_id=name))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: ui.Item[Any], found: re.Match[str]
    ) -> "Verdict":
        return cls(found["verb"], int(found["case"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        if self.verb == "ban":
            await interaction.response.send_modal(BanForm(self.case))
        elif self.verb == "more":
            await interaction.response.send_message(view=More(), ephemeral=True)
        elif self.verb == "keep":
            await interaction.response.defer(ephemeral=True, thinking=True)
            await interaction.followup.send("Kept. The author hears nothing.")
        else:
            who = interaction.user.display_name
            await interaction.response.edit_message(view=Decided(self.case, who))
            text = "Hidden, citing *3 Harassment*. The site has taken it down."
            await interaction.followup.send(text, ephemeral=True)


class Card(ui.LayoutView):
    """An open case."""

    def __init__(self, case: int, since: int) -> None:
        super().__init__(timeout=None)
        box = ui.Container[Card](accent_colour=discord.Colour(0xE67E22))
        for line in LINES:
            box.add_item(ui.TextDisplay(line.format(since=since)))
        row = ui.ActionRow[Any](*(Verdict(verb, case) for verb in Verdict.LABELS))
        box.add_item(ui.Separator()).add_item(row)
        self.add_item(box)


class Decided(ui.LayoutView):
    """A decided case."""

    def __init__(self, case: int, who: str) -> None:
        super().__init__(timeout=None)
        head = f"✔ **Hidden** · 3 Harassment · by {who} · done on the site"
        undo = ui.Button[Decided](label="Undo", custom_id=f"undo:{case}", disabled=True)
        section = ui.Section[Decided](
            ui.TextDisplay(head),
            ui.TextDisplay("-# “You are all bought, every one…” · salty\\_dog"),
            accessory=undo,
        )
        self.add_item(ui.Container(section, accent_colour=discord.Colour(0x248046)))


class More(ui.LayoutView):
    """Selects of each kind."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.TextDisplay("What else about case **1042**?"))
        rules = [
            discord.SelectOption(label=name, value=name.lower(), description=text)
            for name, text in (("Spam", "Selling things"), ("Insult", "Rude"), ("Hate", "Worse"))
        ]
        selects: tuple[ui.Item[Any], ...] = (
            ui.Select[Any](custom_id="rules", placeholder="Rules", max_values=2, options=rules),
            ui.UserSelect[Any](custom_id="people", placeholder="Give it to somebody"),
            ui.RoleSelect[Any](custom_id="roles", placeholder="Ask a role"),
            ui.ChannelSelect[Any](custom_id="places", placeholder="Move it"),
        )
        for select in selects:
            self.add_item(ui.ActionRow[Any](select))


class BanForm(ui.Modal):
    """A form with each kind of field."""

    def __init__(self, case: int) -> None:
        super().__init__(title=f"Ban salty_dog · #{case}", custom_id=f"ban:{case}")
        days = [
            discord.SelectOption(label=f"{d} days", value=str(d), default=d == 7) for d in (1, 7)
        ]
        self.days = ui.Select[BanForm](custom_id="days", options=days)
        self.rule = ui.RadioGroup[BanForm](
            custom_id="rule",
            options=[
                discord.RadioGroupOption(label="Harassment", value="3", description="Rule 3"),
                discord.RadioGroupOption(label="Hate", value="5"),
            ],
        )
        self.note = ui.TextInput[BanForm](
            custom_id="note", style=discord.TextStyle.paragraph, max_length=300
        )
        self.add_item(ui.TextDisplay("The ladder says **7 days**: second strike this year."))
        self.add_item(ui.Label(text="How long", component=self.days))
        self.add_item(ui.Label(text="Rule", description="Which is cited", component=self.rule))
        self.add_item(ui.Label(text="Note", component=self.note))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        said = f"Banned for {self.days.values[0]} days, rule {self.rule.value}: {self.note.value}"
        await interaction.response.send_message(said, ephemeral=True)


class Old(ui.View):
    """Buttons and a select from before Components V2, one of them deaf."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Button(label="The story", url="https://courier.example/story"))
        self.add_item(ui.Button(label="Off", custom_id="off", disabled=True))
        self.add_item(ui.Button(label="Deaf", custom_id="deaf"))


class Showcase(commands.Bot):
    """The bot; `guild` is where its commands are."""

    def __init__(self, guild: int) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, guild_reactions=True)
        super().__init__(commands.when_mentioned, intents=intents, guild_ready_timeout=0.05)
        self._guild = discord.Object(guild)
        self.picked: list[list[str]] = []

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Verdict)
        add_commands(self.tree)
        self.tree.copy_global_to(guild=self._guild)
        self.tree.clear_commands(guild=None)
        await self.tree.sync(guild=self._guild)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        data = dict(interaction.data or {})
        if "values" in data:
            self.picked.append([str(value) for value in cast("list[str]", data["values"])])

    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot and self.user in message.mentions:
            await message.reply("Half understood: nothing was done.")


def add_commands(tree: app_commands.CommandTree) -> None:
    """Add commands of every kind."""

    @tree.command(description="Hide a comment")
    @app_commands.describe(case="Which case", rule="The rule to cite", note="For the log")
    async def hide(
        interaction: discord.Interaction,
        case: app_commands.Range[int, 1, 9999],
        rule: str,
        note: str = "none",
    ) -> None:
        await interaction.response.send_message(f"Hid {case}, {rule}, note: {note}", ephemeral=True)

    @hide.autocomplete("rule")
    async def rules(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        names = ("Harassment", "Hate", "Spam")
        hits = (name for name in names if name.lower().startswith(typed.lower()))
        return [app_commands.Choice(name=name, value=name.lower()) for name in hits]

    @tree.command(description="Who is this?")
    async def record(interaction: discord.Interaction, who: discord.Member) -> None:
        await interaction.response.send_message(f"{who.mention} has a clean record.")

    @tree.command(description="Never answers")
    async def slow(_: discord.Interaction) -> None:
        await asyncio.sleep(0)

    queue = app_commands.Group(name="queue", description="The queue")

    @queue.command(description="Pause it")
    async def pause(interaction: discord.Interaction, minutes: int) -> None:
        await interaction.response.send_message(f"Paused for {minutes} minutes.")

    tree.add_command(queue)

    @tree.context_menu(name="Who reported this?")
    async def reporters(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"Seven readers ({message.id}).", ephemeral=True)

    @tree.context_menu(name="Decisions")
    async def decisions(interaction: discord.Interaction, who: discord.Member) -> None:
        await interaction.response.send_message(f"{who.display_name}: none yet.", ephemeral=True)
