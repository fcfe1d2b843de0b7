"""Answers, and the document: themes, excerpts, statements, editions, what came of it.

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-25 07:17:35.397117

"""

import sqlalchemy as sa
from alembic import op

from app.orm import InstantType, Json

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot_at", InstantType(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("compilation", sa.Boolean(), nullable=False),
        sa.Column("sentences", Json, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_edition_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_edition_consultation_id_number")
        ),
    )
    op.create_table(
        "merge_trace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.Integer(), nullable=False),
        sa.Column("into", sa.Integer(), nullable=False),
        sa.Column("excerpts", Json, nullable=False),
        sa.Column("statements", Json, nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("at", InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_merge_trace_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_trace")),
    )
    op.create_index("ix_merge_trace_consultation", "merge_trace", ["consultation_id", "id"])

    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("text", Json, nullable=False),
        sa.Column("told_at", InstantType(), nullable=True),
        sa.Column("changed_at", InstantType(), nullable=False),
        sa.CheckConstraint(
            "what IN ('noted', 'discussed', 'action', 'not_taken_up')", name=op.f("ck_outcome_what")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_outcome_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint(
            "consultation_id", "edition", name=op.f("uq_outcome_consultation_id_edition")
        ),
    )
    op.create_table(
        "paper",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_paper_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_paper")),
    )
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("guiding_question", sa.Integer(), nullable=True),
        sa.Column("title", Json, nullable=False),
        sa.Column("last_sentence", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("created_at", InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_theme_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["theme.id"],
            name=op.f("fk_theme_merged_into_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_theme_consultation_id_number")
        ),
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", Json, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", InstantType(), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.Column("reviewed_at", InstantType(), nullable=True),
        sa.Column("reviewed_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_statement_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_statement_theme_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_statement_consultation_id_number")
        ),
    )
    op.create_index("ix_statement_theme", "statement", ["theme_id", "place"])

    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("disposition", sa.String(length=20), nullable=False),
        sa.Column("statement", sa.String(length=12), nullable=True),
        sa.Column("text", Json, nullable=False),
        sa.Column("published_at", InstantType(), nullable=True),
        sa.Column("told_at", InstantType(), nullable=True),
        sa.Column("changed_at", InstantType(), nullable=False),
        sa.CheckConstraint(
            "disposition IN ('reflected', 'brought_together', 'few', 'outside_scope', "
            "'not_reflected')",
            name=op.f("ck_answer_disposition"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_answer_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_answer_contribution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_answer_contribution_id")),
    )
    op.create_index("ix_answer_consultation", "answer", ["consultation_id", "statement"])

    op.create_table(
        "excerpt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("marked_in", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(length=12), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("coder", sa.String(length=60), nullable=False),
        sa.Column("at", InstantType(), nullable=False),
        sa.CheckConstraint(
            "stance IN ('for', 'against', 'mixed', 'question', 'fact')",
            name=op.f("ck_excerpt_stance"),
        ),
        sa.CheckConstraint('start >= 0 AND "end" > start', name=op.f("ck_excerpt_passage")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_excerpt_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_excerpt_contribution_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_excerpt_theme_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excerpt")),
    )
    op.create_index("ix_excerpt_consultation", "excerpt", ["consultation_id", "id"])
    op.create_index("ix_excerpt_contribution", "excerpt", ["contribution_id"])
    op.create_index("ix_excerpt_theme", "excerpt", ["theme_id", "id"])

    op.create_table(
        "citation",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("excerpt_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "role IN ('supports', 'opposes', 'illustrates')", name=op.f("ck_citation_role")
        ),
        sa.ForeignKeyConstraint(
            ["excerpt_id"], ["excerpt.id"], name=op.f("fk_citation_excerpt_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name=op.f("fk_citation_statement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("statement_id", "excerpt_id", name=op.f("pk_citation")),
    )
    op.create_index("ix_citation_excerpt", "citation", ["excerpt_id"])

    op.create_table(
        "edition_part",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("said", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
            name=op.f("fk_edition_part_edition_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("edition_id", "reference", name=op.f("pk_edition_part")),
    )
    op.create_index("ix_edition_part_reference", "edition_part", ["reference"])
    op.create_table(
        "redaction",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("passage", sa.Boolean(), nullable=False),
        sa.Column("at", InstantType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_redaction_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "consultation_id", "reference", "passage", name=op.f("pk_redaction")
        ),
    )
    op.add_column("contribution", sa.Column("withdrawn_at", InstantType(), nullable=True))


def downgrade():
    op.execute("ALTER TABLE contribution DROP COLUMN withdrawn_at")

    op.drop_table("redaction")
    op.drop_table("edition_part")
    op.drop_table("citation")

    op.drop_table("excerpt")

    op.drop_table("answer")

    op.drop_table("statement")
    op.drop_table("theme")
    op.drop_table("paper")
    op.drop_table("outcome")

    op.drop_table("merge_trace")
    op.drop_table("edition")
