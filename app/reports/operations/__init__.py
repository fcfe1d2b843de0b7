"""What can happen on the way from contributions to the document. One function per verb.

The consultation is held first: coding, writing, answering, withdrawing and freezing go one by one.
"""

from app.core.synthesis.gate import NotReady
from app.core.synthesis.statements import NoSource
from app.core.synthesis.themes import CannotMerge
from app.reports.operations.editions import (
    Prepared,
    forget_names,
    forget_passages,
    freeze,
    prepare,
    publish,
    write_paper,
)
from app.reports.operations.excerpts import (
    AlreadyMarked,
    ExcerptCited,
    change_excerpt,
    list_difference,
    mark,
    unmark,
)
from app.reports.operations.freezing import ask as ask_to_freeze
from app.reports.operations.outcomes import (
    OutcomeMissing,
    check_answers,
    record_outcome,
    refuse_closing,
)
from app.reports.operations.statements import (
    Cites,
    NamedInAnswers,
    StatementChanged,
    as_sent,
    change,
    move,
    remove,
    review,
    write,
)
from app.reports.operations.themes import add_theme, change_theme, merge

__all__ = [
    "AlreadyMarked",
    "CannotMerge",
    "Cites",
    "ExcerptCited",
    "NamedInAnswers",
    "NoSource",
    "NotReady",
    "OutcomeMissing",
    "Prepared",
    "StatementChanged",
    "add_theme",
    "as_sent",
    "ask_to_freeze",
    "change",
    "change_excerpt",
    "change_theme",
    "check_answers",
    "forget_names",
    "forget_passages",
    "freeze",
    "list_difference",
    "mark",
    "merge",
    "move",
    "prepare",
    "publish",
    "record_outcome",
    "refuse_closing",
    "remove",
    "review",
    "unmark",
    "write",
    "write_paper",
]  # fmt: skip
