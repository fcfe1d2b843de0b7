"""World Café: tables, plans of who sits at them, rounds that began, and the tags of notes.

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-25 07:20:00

"""

import sqlalchemy as sa
from alembic import op

from app.orm import InstantType, Json

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    # Both engines add an empty column in place: no copy of the table, no child row at risk.
    op.execute("ALTER TABLE contribution ADD COLUMN tag VARCHAR(12)")
    op.create_table(
        "cafe_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("guiding_question", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("twin", sa.Integer(), nullable=True),
        sa.Column("join_url", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.CheckConstraint("mode IN ('on_site', 'online')", name=op.f("ck_cafe_table_mode")),
        sa.CheckConstraint("least >= 1 AND most >= least", name=op.f("ck_cafe_table_size")),
        sa.ForeignKeyConstraint(
            ["host_id"],
            ["participant.id"],
            name=op.f("fk_cafe_table_host_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
            name=op.f("fk_cafe_table_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cafe_table")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_cafe_table_fingerprint")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cafe_table_public_id")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_cafe_table_session_id_number")),
    )
    op.create_index(op.f("ix_cafe_table_host_id"), "cafe_table", ["host_id"])
    op.create_table(
        "seating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("problem", Json, nullable=False),
        sa.Column("report", Json, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(length=12), nullable=False),
        sa.Column("people", sa.String(length=12), nullable=False),
        sa.Column("made_at", InstantType(), nullable=False),
        sa.Column("published_at", InstantType(), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'published')", name=op.f("ck_seating_state")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_seating_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seating")),
        sa.UniqueConstraint("session_id", "state", name=op.f("uq_seating_session_id_state")),
    )
    op.create_table(
        "cafe_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", InstantType(), nullable=False),
        sa.Column("ends_at", InstantType(), nullable=False),
        sa.Column("ended_at", InstantType(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
            name=op.f("fk_cafe_round_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cafe_round")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_cafe_round_session_id_number")),
    )


def downgrade():
    op.drop_table("cafe_round")
    op.drop_table("seating")
    op.drop_index(op.f("ix_cafe_table_host_id"), table_name="cafe_table")
    op.drop_table("cafe_table")
    op.execute("ALTER TABLE contribution DROP COLUMN tag")
