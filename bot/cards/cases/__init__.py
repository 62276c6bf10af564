"""Cases as people see them: the card, the answers about one, and what is asked of it."""
