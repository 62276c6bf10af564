"""How far the lines in each channel were read, without leaving one out."""

from bot.services.desk import Desk


class Reading:
    """Moves a channel's cursor on, never past a line that is not done with.

    After a new session there may be lines that no event told of. Until those were looked for, what
    is typed meanwhile moves nothing.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sessions = 0
        self._caught_up = False
        self._newest: dict[int, int] = {}
        self._open: dict[int, set[int]] = {}

    def new_session(self) -> None:
        """Note that lines may have been missed."""
        self._sessions += 1
        self._caught_up = False

    @property
    def session(self) -> int:
        """Which session this is, counted from the desk's start."""
        return self._sessions

    def caught_up(self, session: int) -> None:
        """Note that what was missed before a session was read, unless a newer one began."""
        self._caught_up = session == self._sessions

    def begin(self, channel_id: int, message_id: int) -> None:
        """Note that a message has come, before anything is awaited."""
        self._newest[channel_id] = max(message_id, self._newest.get(channel_id, 0))
        self._open.setdefault(channel_id, set()).add(message_id)

    def passed(self, channel_id: int, message_id: int) -> None:
        """Note that there is nothing to do about a message."""
        self._open.get(channel_id, set()).discard(message_id)

    async def done(self, channel_id: int, message_id: int) -> None:
        """Note that a line is done with, and keep how far that is."""
        self.passed(channel_id, message_id)
        if self._caught_up:
            await self.keep(channel_id, self._newest.get(channel_id, message_id))

    async def keep(self, channel_id: int, up_to: int) -> None:
        """Keep how far a channel was read, as far as no line before that is still open."""
        waiting = self._open.get(channel_id)
        far = min(up_to, min(waiting) - 1) if waiting else up_to
        await self._desk.store.write(lambda tx: tx.cursors.read_typed(channel_id, far))
