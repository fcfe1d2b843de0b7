"""Calendars out: the bodies of feeds, public ones and those behind a secret."""

from app.feeds.exports.public import Wanted, of_programme, of_session
from app.feeds.exports.secret import of_participant, of_staff

__all__ = ["Wanted", "of_participant", "of_programme", "of_session", "of_staff"]
