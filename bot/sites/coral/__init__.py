"""Coral, spoken to as an administrator in GraphQL."""
