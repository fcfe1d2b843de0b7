"""World Café seating: who sits where in which round, and what that is worth beside its bounds."""

from app.core.seating.engine import seat
from app.core.seating.problem import (
    MOST_ROUNDS,
    MOST_TABLES,
    Change,
    Person,
    Plan,
    Policy,
    Problem,
    Situation,
    Table,
    situation,
)
from app.core.seating.refusal import SeatingImpossible, SwapBreaksRule
from app.core.seating.replan import patch, swap
from app.core.seating.report import Report, Violation, evaluate, violations

__all__ = [
    "MOST_ROUNDS",
    "MOST_TABLES",
    "Change",
    "Person",
    "Plan",
    "Policy",
    "Problem",
    "Report",
    "SeatingImpossible",
    "Situation",
    "SwapBreaksRule",
    "Table",
    "Violation",
    "evaluate",
    "patch",
    "seat",
    "situation",
    "swap",
    "violations",
]
