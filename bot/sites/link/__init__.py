"""Sites whose own console alone decides."""
