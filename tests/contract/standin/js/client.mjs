// A bot on discord.js that does what the tests tell it, one JSON object a line, and says what came.
//
// In: {"id": 1, "act": "send", "channel": "…", "body": {…}}
// Out: {"id": 1, "done": …} or {"id": 1, "failed": {"status": 403, "code": 50013}}, and
// {"event": "…", …} for what the bot hears.

import { createInterface } from 'node:readline';
import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  Events,
  GatewayIntentBits,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  Partials,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
  UserSelectMenuBuilder,
} from 'discord.js';

const { SANDBOX_API, SANDBOX_TOKEN } = process.env;
const client = new Client({
  intents: [
    GatewayIntentBits.Guilds,
    GatewayIntentBits.GuildMessages,
    GatewayIntentBits.GuildMessageReactions,
  ],
  partials: [Partials.Message, Partials.Reaction, Partials.User],
  rest: { api: SANDBOX_API, retries: 0 },
});

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

// What the bot hears

client.once(Events.ClientReady, (ready) => {
  const guild = ready.guilds.cache.first();
  say({
    event: 'ready',
    name: ready.user.username,
    guild: guild.name,
    channels: guild.channels.cache.map((one) => one.name).sort(),
    roles: guild.roles.cache.map((one) => one.name).sort(),
    rights: guild.members.me.permissions.toArray(),
  });
});
client.on(Events.MessageCreate, (message) =>
  say({
    event: 'message',
    text: message.content,
    type: message.type,
    author: message.author.username,
    thread: message.channel.isThread(),
    answers: message.reference?.messageId ?? null,
  }),
);
client.on(Events.MessageUpdate, (_, message) => say({ event: 'edited', message: message.id }));
client.on(Events.MessageDelete, (message) => say({ event: 'deleted', message: message.id }));
client.on(Events.MessageReactionAdd, (reaction, user) =>
  say({ event: 'reaction', emoji: reaction.emoji.name, by: user.id, message: reaction.message.id }),
);
client.on(Events.ThreadCreate, (thread) => say({ event: 'thread', name: thread.name }));
client.on(Events.ChannelPinsUpdate, (channel) => say({ event: 'pins', channel: channel.name }));
client.on(Events.ChannelUpdate, (_, channel) =>
  say({
    event: 'channel',
    name: channel.name,
    rights: channel.permissionsFor(client.user)?.toArray() ?? [],
  }),
);
client.on(Events.ShardResume, (_, replayed) => say({ event: 'resumed', replayed }));
client.on(Events.Error, (error) => say({ event: 'error', text: String(error) }));

// What it answers

const buttons = {
  async reply(press) {
    await press.reply({ content: `hello ${press.user.username}`, flags: MessageFlags.Ephemeral });
    await press.editReply('hello again');
    return (await press.fetchReply()).content;
  },
  async defer(press) {
    await press.deferReply({ flags: MessageFlags.Ephemeral });
    await press.editReply({
      components: [new TextDisplayBuilder().setContent('filled')],
      flags: MessageFlags.IsComponentsV2,
    });
    const more = await press.followUp({ content: 'more', flags: MessageFlags.Ephemeral });
    await press.webhook.editMessage(more.id, 'even more');
  },
  async update(press) {
    await press.update({ content: 'updated', components: [] });
  },
  async later(press) {
    await press.deferUpdate();
    await press.editReply({ content: 'updated later' });
  },
  async gone(press) {
    await press.reply('for a moment');
    await press.deleteReply();
  },
  async form(press) {
    const words = new TextInputBuilder().setCustomId('words').setStyle(TextInputStyle.Paragraph);
    const rule = new StringSelectMenuBuilder()
      .setCustomId('rule')
      .addOptions({ label: 'Spam', value: 'spam' }, { label: 'Insult', value: 'insult' });
    const modal = new ModalBuilder()
      .setCustomId('form')
      .setTitle('Why?')
      .addLabelComponents(
        new LabelBuilder().setLabel('Rule').setStringSelectMenuComponent(rule),
        new LabelBuilder().setLabel('Words').setTextInputComponent(words.setRequired(false)),
      );
    await press.showModal(modal);
  },
};

const commands = {
  async look(command) {
    await command.deferReply();
    await command.editReply(`looked for ${command.options.getString('name')}`);
  },
  async Flag(command) {
    await command.reply(`flagged ${command.targetMessage.id}`);
  },
};

async function answer(interaction) {
  if (interaction.isButton()) return buttons[interaction.customId](interaction);
  if (interaction.isAnySelectMenu()) return interaction.reply(interaction.values.join(','));
  if (interaction.isModalSubmit()) {
    const rule = interaction.fields.getStringSelectValues('rule').join(',');
    const words = interaction.fields.getTextInputValue('words');
    return interaction.reply(`${rule}: ${words}`);
  }
  if (interaction.isAutocomplete()) {
    const typed = interaction.options.getFocused();
    return interaction.respond([{ name: `${typed}…`, value: typed }]);
  }
  return commands[interaction.commandName](interaction);
}

client.on(Events.InteractionCreate, async (interaction) => {
  try {
    await answer(interaction);
    say({ event: 'answered' });
  } catch (error) {
    say({ event: 'error', text: String(error) });
  }
});

// What it is told to do

const rowOf = (...parts) => new ActionRowBuilder().addComponents(parts);
const message = ({ channel, message: id }) => client.channels.cache.get(channel).messages.fetch(id);

const acts = {
  async send({ channel, body }) {
    return (await client.channels.cache.get(channel).send(body)).id;
  },
  async sendButtons({ channel }) {
    const made = Object.keys(buttons).map((name) =>
      new ButtonBuilder().setCustomId(name).setLabel(name).setStyle(ButtonStyle.Secondary),
    );
    const rows = [rowOf(...made.slice(0, 5)), rowOf(...made.slice(5))];
    return acts.send({ channel, body: { content: 'press', components: rows } });
  },
  async sendSelects({ channel }) {
    const fixed = new StringSelectMenuBuilder()
      .setCustomId('pick')
      .addOptions({ label: 'Spam', value: 'spam' }, { label: 'Hate', value: 'hate' });
    const people = new UserSelectMenuBuilder().setCustomId('whom');
    const rows = [rowOf(fixed), rowOf(people)];
    return acts.send({ channel, body: { content: 'pick', components: rows } });
  },
  async sendFile({ channel }) {
    const body = { files: [{ attachment: Buffer.from('hello'), name: 'a.txt' }] };
    const sent = await client.channels.cache.get(channel).send(body);
    return sent.attachments.first().size;
  },
  async edit(about) {
    return (await (await message(about)).edit(about.body)).content;
  },
  async react(about) {
    const found = await message(about);
    const made = await found.react(about.emoji);
    const who = await made.users.fetch();
    await made.users.remove(client.user.id);
    return who.map((one) => one.username);
  },
  async pin(about) {
    const found = await message(about);
    await found.pin();
    const pinned = await found.channel.messages.fetchPins();
    await found.unpin();
    return pinned.items.map((one) => one.message.id);
  },
  async startThread(about) {
    const thread = await (await message(about)).startThread({ name: 'talk' });
    await thread.send('in the thread');
    await thread.setArchived(true);
    return { id: thread.id, archived: thread.archived };
  },
  async remove(about) {
    await (await message(about)).delete();
  },
  async history({ channel }) {
    const found = await client.channels.cache.get(channel).messages.fetch({ limit: 10 });
    return found.map((one) => one.content);
  },
  async member({ person }) {
    const found = await client.guilds.cache.first().members.fetch(person);
    return { name: found.displayName, roles: found.roles.cache.map((one) => one.name) };
  },
  async register() {
    const made = await client.application.commands.set(
      [
        {
          name: 'look',
          description: 'Look somebody up',
          options: [
            { type: 3, name: 'name', description: 'Whom', required: true, autocomplete: true },
          ],
        },
        { type: 3, name: 'Flag' },
      ],
      client.guilds.cache.first().id,
    );
    return made.map((one) => one.name).sort();
  },
};

async function obey({ id, act, ...about }) {
  try {
    say({ id, done: (await acts[act](about)) ?? null });
  } catch (error) {
    say({ id, failed: { status: error.status ?? 0, code: error.code ?? 0, text: String(error) } });
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => obey(JSON.parse(line)))
  .on('close', () => client.destroy().then(() => process.exit(0)));
await client.login(SANDBOX_TOKEN);
