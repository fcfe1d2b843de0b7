"""The floor: its list, requests, turns, and what became of questions.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-25 07:08:00

"""

import sqlalchemy as sa
from alembic import op

from app.orm import InstantType

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ATTRIBUTIONS = "attribution IN ('named', 'organisation', 'group_country', 'anonymous')"
STATES = "state IN ('waiting', 'speaking', 'done', 'withdrawn')"


def upgrade():
    op.create_table(
        "floor_list",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_floor_list_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_floor_list")),
    )  # fmt: skip
    op.create_table(
        "floor_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("representation", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("stakeholder_group", sa.String(length=40), nullable=True),
        sa.Column("attribution", sa.String(length=20), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("needs_time", sa.Boolean(), nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("asked_at", InstantType(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.Column("lost_at", InstantType(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("mode IN ('on_site', 'online')", name=op.f("ck_floor_request_mode")),
        sa.CheckConstraint("kind IN ('voice', 'text')", name=op.f("ck_floor_request_kind")),
        sa.CheckConstraint(STATES, name=op.f("ck_floor_request_state")),
        sa.CheckConstraint(ATTRIBUTIONS, name=op.f("ck_floor_request_attribution")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_floor_request_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_floor_request_participant_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"],
            name=op.f("fk_floor_request_contribution_id"), ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floor_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_floor_request_public_id")),
    )  # fmt: skip
    op.create_index("ix_floor_request_session", "floor_request", ["session_id", "state"])
    op.create_index("ix_floor_request_participant", "floor_request", ["participant_id"])
    op.create_index(op.f("ix_floor_request_contribution_id"), "floor_request", ["contribution_id"])
    is_open = sa.text("state IN ('waiting', 'speaking')")
    op.create_index(
        "uq_floor_request_open", "floor_request", ["session_id", "person"], unique=True,
        sqlite_where=is_open, postgresql_where=is_open,
    )  # fmt: skip
    op.create_table(
        "floor_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("started_at", InstantType(), nullable=False),
        sa.Column("ended_at", InstantType(), nullable=True),
        sa.Column("limit_seconds", sa.Integer(), nullable=False),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(length=20), nullable=True),
        sa.Column("is_follow_up", sa.Boolean(), nullable=False),
        sa.Column("answer_started_at", InstantType(), nullable=True),
        sa.Column("answer_ended_at", InstantType(), nullable=True),
        sa.CheckConstraint("limit_seconds > 0", name=op.f("ck_floor_turn_limit_seconds")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_floor_turn_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["floor_request.id"], name=op.f("fk_floor_turn_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floor_turn")),
    )  # fmt: skip
    op.create_index("ix_floor_turn_session", "floor_turn", ["session_id", "id"])
    op.create_index("ix_floor_turn_request", "floor_turn", ["request_id"])
    lasts = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_floor_turn_lasting", "floor_turn", ["session_id"], unique=True,
        sqlite_where=lasts, postgresql_where=lasts,
    )  # fmt: skip
    op.create_table(
        "question_mark",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("read_at", InstantType(), nullable=True),
        sa.Column("answered_at", InstantType(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"],
            name=op.f("fk_question_mark_contribution_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_question_mark")),
    )  # fmt: skip


def downgrade():
    for table in ("question_mark", "floor_turn", "floor_request", "floor_list"):
        op.drop_table(table)
