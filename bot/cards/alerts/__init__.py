"""Report spikes as editors see them: the alert, its answers, and the pictures."""
