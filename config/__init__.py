"""What an operator may set: the settings of an installation and the policy of a newsroom."""
