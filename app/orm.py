"""The base of all tables: how instants, enums and texts in several languages are stored."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, Date, DateTime, MetaData, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, registry

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class InstantType(TypeDecorator):
    """A moment: aware UTC in Python, timestamptz in PostgreSQL, naive UTC in SQLite."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect):
        """PostgreSQL keeps the zone, SQLite has none to keep."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value, dialect):
        """Refuse a time without zone: it would mean the server's."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant needs a zone; wall clocks have columns of their own")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value, dialect):
        """Return an aware datetime in UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

Instant = Annotated[datetime, "instant"]
WallClock = Annotated[datetime, "wall clock"]
Localized = Annotated[dict[str, str], "localized"]
JsonObject = Annotated[dict[str, Any], "json object"]
JsonList = Annotated[list[Any], "json list"]


class Base(DeclarativeBase):
    """What every table has in common."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            Instant: InstantType(),
            WallClock: DateTime(timezone=False),
            Localized: Json,
            JsonObject: Json,
            JsonList: Json,
            date: Date(),
            str: Text(),
        },
    )


def words(text: dict[str, str] | None, *languages: str) -> str:
    """Return ``text`` in the first of ``languages`` it has, else in the first it was written in."""
    if not text:
        return ""
    for language in languages:
        if text.get(language):
            return text[language]
    return next((value for value in text.values() if value), "")
