"""What is kept of people, for how long, and how it is shown to them and forgotten."""
