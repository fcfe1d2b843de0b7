"""Stages of cafés: what the projector shows, turned by hand.

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-25 07:54:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "cafe_stage",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("shows", sa.String(length=12), nullable=False),
        sa.Column("screen", sa.Integer(), nullable=False),
        sa.CheckConstraint("shows IN ('seats', 'harvest')", name=op.f("ck_cafe_stage_shows")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_cafe_stage_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_cafe_stage")),
    )  # fmt: skip


def downgrade():
    op.drop_table("cafe_stage")
