"""The doors in Discord: each cog turns one kind of event into one service call."""
