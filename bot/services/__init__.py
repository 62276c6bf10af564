"""The use cases, by subject, one a file; they reach the outside world through `bot.ports` only."""
