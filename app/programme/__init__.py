"""Sessions, venues, agenda: what happens when, where and in which format."""
