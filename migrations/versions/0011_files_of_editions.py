"""Files of editions: made once and kept.

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-25 11:20:00

"""

import sqlalchemy as sa
from alembic import op

from app.orm import InstantType

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "edition_file",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=4), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("is_original", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("media", sa.String(length=100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", InstantType(), nullable=False),
        sa.CheckConstraint(
            "form IN ('html', 'docx', 'pdf', 'md', 'json')", name=op.f("ck_edition_file_form")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_file_edition_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("edition_id", "form", "language", name=op.f("pk_edition_file")),
    )  # fmt: skip


def downgrade():
    op.drop_table("edition_file")
