"""The command line: `comment-desk`, or `python -m bot`."""

from bot.cli.entry import cli as main

if __name__ == "__main__":
    main()
