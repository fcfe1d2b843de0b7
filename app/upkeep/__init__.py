"""The installation's upkeep: is it ready, a backup in one file, and back from it."""
