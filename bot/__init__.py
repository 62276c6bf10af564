"""Comment Desk: from a reader's report to a moderator's decision, and back to the site."""
