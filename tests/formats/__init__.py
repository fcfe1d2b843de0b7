"""Tests of the session formats."""
