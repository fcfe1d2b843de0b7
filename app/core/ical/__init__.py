"""RFC 5545: our feeds and invitations, other people's files (the only user of icalendar)."""
