"""iCal feeds: public, personal, staff."""
