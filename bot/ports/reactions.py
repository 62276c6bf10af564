"""Reactions to cards, and what they make the desk ask."""
