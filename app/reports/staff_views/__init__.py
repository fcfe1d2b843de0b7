"""Where rapporteurs work: marking, themes and sentences, answers, the gate, editions, outcome."""

from app.reports.staff_views import answering, editions, marking, sentences, synthesis, themes
from app.reports.staff_views.blueprint import bp

__all__ = ["answering", "bp", "editions", "marking", "sentences", "synthesis", "themes"]
