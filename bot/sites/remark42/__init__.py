"""Remark42, spoken to as its administrator."""
