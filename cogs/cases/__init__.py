"""The doors to cases: buttons, reactions, typed lines and slash commands."""
