"""The glossary as enums: the field's own words, stored and spoken by value."""

from enum import StrEnum


class Mode(StrEnum):
    """How one person takes part in one session."""

    ON_SITE = "on_site"
    ONLINE = "online"


class ConsultationStatus(StrEnum):
    """Where a consultation stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


class SessionStatus(StrEnum):
    """Where a session stands; *running* and *full* are derived, never stored."""

    DRAFT = "draft"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    CLOSED = "closed"


class RegistrationStatus(StrEnum):
    """Where a registration stands."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    DECLINED = "declined"
    CANCELLED = "cancelled"

    @property
    def is_live(self) -> bool:
        """Whether the person still stands in this session or in its line."""
        return self not in (RegistrationStatus.DECLINED, RegistrationStatus.CANCELLED)


class Source(StrEnum):
    """How a participant came to us; only who came by the form must still open a mail.

    A sample is nobody: invented, to show or to rehearse a session.
    """

    FORM = "form"
    STAFF = "staff"
    API = "api"
    WALK_IN = "walk_in"
    IMPORT = "import"
    SAMPLE = "sample"


class StakeholderGroup(StrEnum):
    """The eight groups a person may choose to speak from."""

    GOVERNMENT = "government"
    INTERGOVERNMENTAL = "intergovernmental"
    PRIVATE_SECTOR = "private_sector"
    CIVIL_SOCIETY = "civil_society"
    TECHNICAL = "technical"
    ACADEMIA = "academia"
    MEDIA = "media"
    INDIVIDUAL = "individual"


class Role(StrEnum):
    """What a person does in a consultation; ``admin`` is for the installation."""

    ADMIN = "admin"
    OWNER = "owner"
    ORGANISER = "organiser"
    REGISTRAR = "registrar"
    DOOR = "door"
    FACILITATOR = "facilitator"
    MODERATOR = "moderator"
    ONLINE_MODERATOR = "online_moderator"
    RAPPORTEUR = "rapporteur"
    VIEWER = "viewer"


class ScanKind(StrEnum):
    """What a door device recorded."""

    IN = "in"
    OUT = "out"
    UNDO = "undo"
    WALK_IN = "walk_in"


class Verdict(StrEnum):
    """What the server says of one scan."""

    WELCOME = "welcome"
    ALREADY_IN = "already_in"
    ON_WAITING_LIST = "on_waiting_list"
    CANCELLED = "cancelled"
    OTHER_MODE = "other_mode"
    OTHER_SESSION = "other_session"
    UNKNOWN_TICKET = "unknown_ticket"
    LEFT = "left"
    UNDONE = "undone"
    INVALID = "invalid"
