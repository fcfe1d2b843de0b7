"""Tests of core.ical."""
