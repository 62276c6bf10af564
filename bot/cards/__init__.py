"""What people see in Discord: renderers, text, escaping, limits and buttons."""
