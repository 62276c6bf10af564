"""The use cases, one a file; they reach the outside world through `bot.ports` only."""
