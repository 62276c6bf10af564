"""What is handed out as a file: a page that stands by itself and prints well, a table, JSON."""
