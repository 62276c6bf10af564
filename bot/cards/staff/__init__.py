"""What the desk shows its own people: the policy, help, and messages to staff."""
