"""People who work here: sign-in, roles per consultation, API tokens."""
