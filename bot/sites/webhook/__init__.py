"""Any site that takes a signed webhook."""
