"""Who was there: door scans and online joins, and what they add up to."""
