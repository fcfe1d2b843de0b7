"""Tests of synthesis and document."""
