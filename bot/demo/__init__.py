"""The demo: a small paper, its newsroom, and the desk between them on this machine."""
