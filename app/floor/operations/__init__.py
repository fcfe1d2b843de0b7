"""What can happen on the floor. One function per verb, one transaction each.

Every verb holds the session first (decision 005): whoever asks, and whoever gives, decides by the
line as it is then. What live pages show is counted last.
"""

from app.floor.operations.line import (
    NotRegistered,
    RegistrationCancelled,
    SessionEnded,
    SessionNotOpen,
    Wish,
    ask,
    change,
    close_list,
    leave,
    open_list,
    pause,
    resume,
    withdraw,
    write,
)
from app.floor.operations.questions import mark_question
from app.floor.operations.rehearsing import steps
from app.floor.operations.turns import (
    NoFollowUp,
    NotSpeaking,
    done,
    extend,
    follow_up,
    forget_words,
    give,
    lost,
    start_answer,
    stop_answer,
)

__all__ = [
    "NoFollowUp", "NotRegistered", "NotSpeaking", "RegistrationCancelled", "SessionEnded",
    "SessionNotOpen", "Wish", "ask", "change", "close_list", "done", "extend", "follow_up",
    "forget_words", "give", "leave", "lost", "mark_question", "open_list", "pause", "resume",
    "start_answer", "steps", "stop_answer", "withdraw", "write",
]  # fmt: skip
