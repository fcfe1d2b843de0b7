"""contributions

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-25 04:54:06.846000

"""

import sqlalchemy as sa
from alembic import op

from app.orm import InstantType, Json

# revision identifiers, used by Alembic.
revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("stance", sa.String(length=12), nullable=True),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("author", Json, nullable=False),
        sa.Column("attribution", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("entered_by", sa.String(length=60), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("guiding_question", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("spin", sa.BigInteger(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sent_at", InstantType(), nullable=False),
        sa.Column("changed_at", InstantType(), nullable=False),
        sa.Column("published_at", InstantType(), nullable=True),
        sa.CheckConstraint(
            "attribution IN ('named', 'organisation', 'group_country', 'anonymous')",
            name=op.f("ck_contribution_attribution"),
        ),
        sa.CheckConstraint(
            "kind IN ('note', 'card', 'turn', 'question', 'idea', 'comment', 'written')",
            name=op.f("ck_contribution_kind"),
        ),
        sa.CheckConstraint(
            "status IN ('submitted', 'held', 'published', 'rejected', 'withdrawn')",
            name=op.f("ck_contribution_status"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_contribution_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_parent_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_contribution_participant_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
            name=op.f("fk_contribution_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint(
            "consultation_id",
            "series",
            "number",
            name=op.f("uq_contribution_consultation_id_series_number"),
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_contribution_reference")),
    )
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.create_index(
            "ix_contribution_consultation", ["consultation_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_contribution_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_contribution_participant_id"), ["participant_id"], unique=False
        )
        batch_op.create_index(
            "ix_contribution_session", ["session_id", "kind", "status"], unique=False
        )

    op.create_table(
        "contribution_book",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
            name=op.f("fk_contribution_book_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_contribution_book")),
    )
    op.create_table(
        "contribution_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("was_public", sa.Boolean(), nullable=False),
        sa.Column("replaced_at", InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_version_contribution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_version")),
        sa.UniqueConstraint(
            "contribution_id", "number", name=op.f("uq_contribution_version_contribution_id_number")
        ),
    )
    op.create_table(
        "kept_idea",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("sent_at", InstantType(), nullable=False),
        sa.Column("lapses_at", InstantType(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_kept_idea_contribution_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_kept_idea_participant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_kept_idea_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_idea")),
        sa.UniqueConstraint("public_id", name=op.f("uq_kept_idea_public_id")),
    )
    with op.batch_alter_table("kept_idea", schema=None) as batch_op:
        batch_op.create_index(
            "ix_kept_idea_participant", ["participant_id", "session_id"], unique=False
        )

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", InstantType(), nullable=False),
        sa.Column("settled_at", InstantType(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_report_contribution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(
            "ix_report_contribution", ["contribution_id", "settled_at"], unique=False
        )

    op.create_table(
        "ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("at", InstantType(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_ruling_contribution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
    )
    with op.batch_alter_table("ruling", schema=None) as batch_op:
        batch_op.create_index("ix_ruling_contribution", ["contribution_id", "id"], unique=False)

    op.create_table(
        "support",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("at", InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_support_contribution_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_support_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contribution_id", "participant_id", name=op.f("pk_support")),
    )
    with op.batch_alter_table("support", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_support_participant_id"), ["participant_id"], unique=False
        )


def downgrade():
    with op.batch_alter_table("support", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_participant_id"))

    op.drop_table("support")
    with op.batch_alter_table("ruling", schema=None) as batch_op:
        batch_op.drop_index("ix_ruling_contribution")

    op.drop_table("ruling")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ix_report_contribution")

    op.drop_table("report")
    with op.batch_alter_table("kept_idea", schema=None) as batch_op:
        batch_op.drop_index("ix_kept_idea_participant")

    op.drop_table("kept_idea")
    op.drop_table("contribution_version")
    op.drop_table("contribution_book")
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.drop_index("ix_contribution_session")
        batch_op.drop_index(batch_op.f("ix_contribution_participant_id"))
        batch_op.drop_index(batch_op.f("ix_contribution_parent_id"))
        batch_op.drop_index("ix_contribution_consultation")

    op.drop_table("contribution")
