"""What organisers type about sessions and their running orders."""

from app.programme.forms.agenda import AgendaForm
from app.programme.forms.session import (
    NewSessionForm,
    SessionForm,
    filled,
    new_form,
    session_form,
    settings_form,
)

__all__ = [
    "AgendaForm",
    "NewSessionForm",
    "SessionForm",
    "filled",
    "new_form",
    "session_form",
    "settings_form",
]
