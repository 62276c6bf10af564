"""How long the tests wait for something to happen before they say that it does not."""

PATIENCE = 60.0
"""Seconds. Nothing waits so long but on a crowded machine, or for what never comes."""
