"""What the desk is about, as plain typed code: no I/O, no clock, no framework."""
