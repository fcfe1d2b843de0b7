"""Pages of staff about mails: what was sent to whom, what failed, and sending it again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.consultations.models import Consultation
from app.core.permissions import Permission
from app.mail import kinds, operations, queries
from app.mail.models import OutboxMail
from app.web.access import requires

bp = Blueprint("mail_staff", __name__)
PAGE = 50
STATUSES = {
    "queued": _l("To be sent"),
    "sending": _l("Being sent"),
    "sent": _l("Sent"),
    "failed": _l("Failed"),
    "held": _l("Held"),
    "dropped": _l("Dropped"),
}


@bp.get("/manage/<consultation>/outbox")
@requires(Permission.OUTBOX)
def outbox(consultation: Consultation) -> ResponseReturnValue:
    """List mails, failures first."""
    return listing(consultation)


@bp.get("/manage/outbox")
@requires(Permission.INSTALLATION)
def installation() -> ResponseReturnValue:
    """List the mails of no consultation: links to sign in."""
    return listing(None)


def listing(consultation: Consultation | None) -> ResponseReturnValue:
    """Show a page of the outbox, filtered as the address says."""
    where = consultation.id if consultation else None
    status = request.args.get("status") if request.args.get("status") in STATUSES else None
    kind = request.args.get("kind") or None
    number = max(request.args.get("page", 1, type=int), 1)
    mails, more = queries.listed(where, status=status, kind=kind, page=number, size=PAGE)
    return render_template(
        "mail/outbox.html",
        consultation=consultation,
        mails=mails,
        more=more,
        number=number,
        status=status,
        kind=kind,
        statuses=STATUSES,
        kinds=queries.kinds(where),
        counts=queries.counts(where),
    )


@bp.get("/manage/<consultation>/outbox/<int:mail>")
@requires(Permission.OUTBOX)
def message(consultation: Consultation, mail: OutboxMail) -> ResponseReturnValue:
    """Show one mail as it was written, personal links left out."""
    claim = operations.copy(mail)
    words = kinds.for_staff(kinds.Words.read(mail.body), claim) if mail.body else None
    return render_template(
        "mail/message.html",
        consultation=consultation,
        mail=mail,
        status=STATUSES[mail.status],
        words=words,
    )


@bp.post("/manage/<consultation>/outbox/<int:mail>/resend")
@requires(Permission.OUTBOX)
def resend(consultation: Consultation, mail: OutboxMail) -> ResponseReturnValue:
    """Send the very same message again."""
    operations.resend(mail)
    flash(_("It is sent again: the same message, with the same number."))
    return redirect(url_for(".message", consultation=consultation.slug, mail=mail.id), 303)


@bp.post("/manage/<consultation>/outbox/resend-failed")
@requires(Permission.OUTBOX)
def resend_failed(consultation: Consultation) -> ResponseReturnValue:
    """Try everything again that failed."""
    number = operations.resend_failed(consultation.id)
    flash(ngettext("%(num)s mail is sent again.", "%(num)s mails are sent again.", number))
    return redirect(url_for(".outbox", consultation=consultation.slug), 303)


@bp.post("/manage/<consultation>/outbox/release")
@requires(Permission.OUTBOX)
def release(consultation: Consultation) -> ResponseReturnValue:
    """Send what a restore held back."""
    number = operations.release_held(consultation.id)
    flash(ngettext("%(num)s mail is released.", "%(num)s mails are released.", number))
    return redirect(url_for(".outbox", consultation=consultation.slug), 303)
