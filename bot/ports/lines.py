"""What was typed, and which cases the desk's own messages belong to."""
