"""Staff: who is on shift, what waits too long, and what the desk tells its people."""
