"""The doors to alerts: what editors press and ask about report spikes."""
