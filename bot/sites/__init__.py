"""HTTP out: one file a comment platform, each carrying out decisions there."""
