"""What differs from one database engine to another; the statements themselves are shared."""
