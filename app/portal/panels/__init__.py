"""What the portal's pages are made of: values for its templates, from several features."""

from app.portal.panels.changes import changes
from app.portal.panels.consultation import cards, has_document, overline, path
from app.portal.panels.metadata import metadata_of_consultation, metadata_of_session
from app.portal.panels.notice import privacy_notice
from app.portal.panels.programme import calendar, filter_bar, notices, reader, rows
from app.portal.panels.session import (
    good_to_know,
    nearby,
    session_calendar,
    shared_session,
    where,
    window,
)

__all__ = [
    "calendar", "cards", "changes", "filter_bar", "good_to_know", "has_document",
    "metadata_of_consultation", "metadata_of_session", "nearby", "notices", "overline", "path",
    "privacy_notice", "reader", "rows", "session_calendar", "shared_session", "where", "window",
]  # fmt: skip
