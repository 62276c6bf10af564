"""Alerts: noticing report spikes, telling editors, and what editors say of it."""
