"""The outbox and the job that empties it."""
