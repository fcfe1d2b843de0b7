"""Participants, their places, the waiting list, and the page behind their link."""
