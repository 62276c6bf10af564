"""A local stand-in for Discord on loopback: the demo's other half, and the tests' real thing."""
