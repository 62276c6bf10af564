"""What people see in Discord: renderers, wording, escaping, limits and buttons."""
