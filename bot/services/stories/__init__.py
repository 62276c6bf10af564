"""Stories: how each stands in law, who may say so, and what follows for its comments."""
