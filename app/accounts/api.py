"""What the accounts give the API: acts that are done once per Idempotency-Key."""

from app.accounts.keys import register

__all__ = ["register"]
