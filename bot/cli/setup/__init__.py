"""`comment-desk setup`: from a bot's token to a desk whose every check is green."""
