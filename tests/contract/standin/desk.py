"""A small bot that uses what the product uses of Discord, and remembers what it heard."""

import asyncio
import re
from typing import Any, ClassVar, Self

import discord
from discord import app_commands
from discord.ext import commands

from bot.standin.world import World
from tests.support.cards import Card

INTENTS = discord.Intents(guilds=True, guild_messages=True, guild_reactions=True)
NAMES = ("alpha", "beta", "alps")


class Decide(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"(?P<verb>\w+):(?P<n>\d+)"):
    STYLES: ClassVar = {
        "hide": discord.ButtonStyle.danger,
        "keep": discord.ButtonStyle.success,
        "ban": discord.ButtonStyle.secondary,
        "quiet": discord.ButtonStyle.secondary,
    }

    def __init__(self, verb: str, number: int) -> None:
        self.verb, self.number = verb, number
        style = self.STYLES[verb]
        button = discord.ui.Button[Any](
            label=verb.capitalize(), style=style, custom_id=f"{verb}:{number}"
        )
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: Any, match: re.Match[str]
    ) -> Self:
        return cls(match["verb"], int(match["n"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        name = interaction.user.display_name
        if self.verb == "hide":
            await interaction.response.edit_message(view=card(f"Hidden by {name}", self.number))
        elif self.verb == "keep":
            await interaction.response.defer(ephemeral=True, thinking=True)
            await interaction.followup.send("Kept, thank you.")
            await interaction.followup.send("And another.", ephemeral=True)
        elif self.verb == "quiet":
            await interaction.response.defer()
            await interaction.edit_original_response(view=card("Edited later", self.number))
        else:
            await interaction.response.send_modal(BanForm(self.number))


class BanForm(discord.ui.Modal, title="Ban for how long?"):
    rule = discord.ui.Label(
        text="Rule",
        component=discord.ui.Select(
            options=[
                discord.SelectOption(label="Spam", value="spam"),
                discord.SelectOption(label="Insult", value="insult", default=True),
            ]
        ),
    )
    note = discord.ui.Label(
        text="Note",
        description="For the log",
        component=discord.ui.TextInput[Any](max_length=300, required=False),
    )

    def __init__(self, number: int) -> None:
        super().__init__(custom_id=f"ban-form:{number}")
        self.number = number

    async def on_submit(self, interaction: discord.Interaction) -> None:
        rule, note = self.rule.component.values[0], self.note.component.value
        await interaction.response.send_message(f"{self.number}: {rule} / {note}", ephemeral=True)


class Pick(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.select(
        custom_id="pick",
        placeholder="Choose a rule",
        max_values=2,
        options=[discord.SelectOption(label=one, value=one) for one in ("Spam", "Insult", "Hate")],
    )
    async def pick(self, interaction: discord.Interaction, select: Any) -> None:
        await interaction.response.send_message("picked " + ",".join(select.values))

    @discord.ui.select(cls=discord.ui.UserSelect, custom_id="whom", placeholder="Choose a person")
    async def whom(self, interaction: discord.Interaction, select: Any) -> None:
        await interaction.response.send_message(f"chose {select.values[0].display_name}")


def card(text: str, number: int = 1) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    row = discord.ui.ActionRow[Any](*(Decide(verb, number) for verb in Decide.STYLES))
    parts = (discord.ui.TextDisplay[Any](f"## Comment {number}"), discord.ui.TextDisplay[Any](text))
    inside = (*parts, discord.ui.Separator[Any](), row)
    view.add_item(discord.ui.Container[Any](*inside, accent_colour=0x5865F2))
    return view


class Desk(commands.Bot):
    def __init__(self, world: World, intents: discord.Intents = INTENTS, **options: Any) -> None:
        options.setdefault("guild_ready_timeout", 0.05)
        super().__init__(command_prefix=commands.when_mentioned, intents=intents, **options)
        self.world = world
        self.task: asyncio.Task[None] | None = None
        self.heard: list[discord.Message] = []
        self.reacted: list[discord.RawReactionActionEvent] = []
        self.held = asyncio.Event()
        self.tree.on_error = self._on_command_error
        self.failures: list[Exception] = []

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Decide)
        self.add_view(Pick())
        for command in (lookup, slow, flag, history, queue_group()):
            self.tree.add_command(command)
        guild = discord.Object(int(self.world.guild_id))
        self.tree.copy_global_to(guild=guild)
        self.tree.clear_commands(guild=None)
        await self.tree.sync(guild=guild)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once; the library waits five seconds by default."""

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        self.reacted.append(event)

    async def _on_command_error(
        self, _interaction: discord.Interaction, error: app_commands.AppCommandError
    ) -> None:
        self.failures.append(error)

    def place(self, name: str = "moderation") -> discord.TextChannel:
        channel = self.get_channel(int(self.world.place(name)))
        assert isinstance(channel, discord.TextChannel)
        return channel

    def seen(self, message: discord.Message, by: str = "ana") -> Card:
        channel_id, message_id = str(message.channel.id), str(message.id)
        return Card(self.world, channel_id, message_id, self.world.person(by))

    async def post(self, text: str = "a comment", number: int = 1) -> Card:
        return self.seen(await self.place().send(view=card(text, number)))


@app_commands.command(description="Look somebody up")
@app_commands.describe(name="their name", who="a member", limit="how many")
async def lookup(
    interaction: discord.Interaction,
    name: str,
    who: discord.Member | None = None,
    limit: app_commands.Range[int, 1, 10] = 3,
) -> None:
    text = f"{name}/{who and who.display_name}/{limit}"
    await interaction.response.send_message(text, ephemeral=True)


@lookup.autocomplete("name")
async def complete_name(
    _interaction: discord.Interaction, typed: str
) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=one, value=one) for one in NAMES if one.startswith(typed)]


@app_commands.command(description="Answers when it is told to")
async def slow(interaction: discord.Interaction) -> None:
    client = interaction.client
    assert isinstance(client, Desk)
    await client.held.wait()
    await interaction.response.send_message("at last")


@app_commands.context_menu(name="Flag")
async def flag(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"flagged {message.content!r}")


@app_commands.context_menu(name="History")
async def history(interaction: discord.Interaction, member: discord.Member) -> None:
    await interaction.response.send_message(f"history of {member.name}")


def queue_group() -> app_commands.Group:
    rights = discord.Permissions(manage_messages=True)
    group = app_commands.Group(name="queue", description="The queue", default_permissions=rights)

    @group.command(name="pause", description="Pause it")
    async def pause(interaction: discord.Interaction, minutes: int) -> None:
        await interaction.response.send_message(f"paused {minutes}")

    return group
