"""What is known of the ways into Discord's channels: what was tried, and what is refused."""
