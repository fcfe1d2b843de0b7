"""Rehearsals: copies of a session with invented people, and how far each was played.

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-25 07:26:00

"""

import sqlalchemy as sa
from alembic import op

from app.orm import InstantType

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("consultation", sa.Column("rehearsal_of", sa.Integer(), nullable=True))
    op.create_index("ix_consultation_rehearsal_of", "consultation", ["rehearsal_of"])
    op.create_table(
        "rehearsal",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("started_at", InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"],
            name=op.f("fk_rehearsal_consultation_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_rehearsal_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_rehearsal")),
    )  # fmt: skip
    op.create_index(op.f("ix_rehearsal_session_id"), "rehearsal", ["session_id"])


def downgrade():
    op.drop_table("rehearsal")
    op.drop_index("ix_consultation_rehearsal_of", table_name="consultation")
    op.drop_column("consultation", "rehearsal_of")
