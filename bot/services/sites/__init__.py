"""Sites: asking each for its reports, and for what was decided there."""
