"""Freezing in the background: what was asked for, and how far it is.

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-25 11:10:00

"""

import sqlalchemy as sa
from alembic import op

from app.orm import InstantType

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "freezing",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("compilation", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_name", sa.String(length=60), nullable=False),
        sa.Column("asked_at", InstantType(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(length=80), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("touched_at", InstantType(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"],
            name=op.f("fk_freezing_consultation_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_freezing")),
    )  # fmt: skip


def downgrade():
    op.drop_table("freezing")
