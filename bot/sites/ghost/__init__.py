"""Ghost, spoken to as a custom integration of its admin."""
