"""The pages that are open to everybody: the report form, and the way back to one's own report."""
