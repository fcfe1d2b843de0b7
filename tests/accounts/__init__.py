"""Tests of people, sign-in, roles and tokens."""
