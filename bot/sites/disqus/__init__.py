"""Disqus, spoken to as a moderator of a forum."""
