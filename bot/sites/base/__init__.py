"""What every adapter stands on: requests, answers, what JSON may hold, outcomes in words."""
