"""What readers say beside their reports, as moderators see it: contests and notices."""
