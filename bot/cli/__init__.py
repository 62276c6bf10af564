"""What the command line does, one command a file; `bot.__main__` only names them."""
