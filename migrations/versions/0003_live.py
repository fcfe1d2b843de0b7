"""Counters of live pages have a row of their own: they are raised without touching the session.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-25 06:58:00

"""

import sqlalchemy as sa
from alembic import op

from app.orm import InstantType

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "live_book",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("inner", sa.Integer(), nullable=False),
        sa.Column("stage_version", sa.Integer(), nullable=False),
        sa.Column("changed_at", InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
            name=op.f("fk_live_book_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_live_book")),
    )
    # Both engines can drop a column in place: no copy of the table, no child row at risk.
    op.execute("ALTER TABLE session DROP COLUMN live_revision")


def downgrade():
    op.execute("ALTER TABLE session ADD COLUMN live_revision INTEGER NOT NULL DEFAULT 1")
    op.drop_table("live_book")
