"""Notices when reports pile up on a story, a commenter or the whole site."""
