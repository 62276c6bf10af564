"""HTTP in: signed reports from the sites, health, metrics and their description."""
