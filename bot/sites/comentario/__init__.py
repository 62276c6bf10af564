"""Comentario, spoken to as a moderator or superuser."""
