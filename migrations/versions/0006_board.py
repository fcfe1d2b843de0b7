"""Drafts of ideas; a session's stream; a consultation's hashtag.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-25 07:30:00

"""

import sqlalchemy as sa
from alembic import op

from app.orm import InstantType, Json

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "idea_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("saved_at", InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_idea_draft_participant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
            name=op.f("fk_idea_draft_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_draft")),
        sa.UniqueConstraint("public_id", name=op.f("uq_idea_draft_public_id")),
    )
    op.create_index("ix_idea_draft_participant", "idea_draft", ["participant_id", "session_id"])
    op.add_column("session", sa.Column("stream_url", sa.Text(), nullable=True))
    op.add_column("consultation", sa.Column("hashtag", sa.Text(), nullable=True))


def downgrade():
    op.execute("ALTER TABLE consultation DROP COLUMN hashtag")
    op.execute("ALTER TABLE session DROP COLUMN stream_url")
    op.drop_index("ix_idea_draft_participant", table_name="idea_draft")
    op.drop_table("idea_draft")
