"""Discourse, spoken to as a moderator through its own pages' JSON."""
