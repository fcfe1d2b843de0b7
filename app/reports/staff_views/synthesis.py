"""The synthesis: themes at the start, the sentences of one, the excerpts they cite, the gate."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.consultations.models import Consultation
from app.core.refusals import Refusal
from app.core.synthesis.coverage import NOT_STATED
from app.core.synthesis.excerpts import Stance
from app.reports import queries
from app.reports.forms import STANCES, SentenceForm, ThemeForm, sentence_form, theme_form
from app.reports.staff_views import desk as desks
from app.reports.staff_views.blueprint import P, bp, page, whole
from app.web import choices, filters
from app.web.access import requires

NEW = "new"
GROUPED = 12  # points listed before "and so many more"


@bp.get("/")
@requires(P.SEE_DOCUMENT)
def synthesis(consultation: Consultation):
    """Show the synthesis; ``?statement=`` opens a sentence, or ``new`` a new one."""
    return shown(consultation)


def shown(
    consultation: Consultation,
    *,
    opened: str = "",
    theme: int = 0,
    form: SentenceForm | None = None,
    ticked: set[int] | None = None,
    conflict: dict[str, Any] | None = None,
    refused: Refusal | None = None,
    wrong: ThemeForm | None = None,
):
    """Render the synthesis; a form that was refused comes back with everything typed and ticked.

    ``theme`` is the one to show where no sentence of one is open, ``refused`` an act that was
    refused, ``wrong`` the form of a theme that does not fit.
    """
    found = queries.keeping.kept(consultation)
    opened = opened or request.args.get("statement", "")
    theme = theme_of(found, opened) or theme or whole("theme")
    order = request.args.get("order", "")
    stance = request.args.get("stance", "")
    desk = desks.desk(
        found,
        theme=theme,
        order=order if order in desks.ORDERS else desks.ORDERS[0],
        stance=stance if stance in set(Stance) else "",
        start=whole("from"),
    )
    statement = next((each for each in found.statements if each.number == opened), None)
    if statement is None and opened != NEW:
        opened = ""
    if opened and form is None:
        form = filled(found, statement)
    if ticked is None:
        ticked = set(found.citations.get(statement.id, ())) if statement else set()
    here = {each.id for each in desk.sources}
    return page(
        "synthesis",
        max([200, *(each.status for each in (form, refused, wrong) if each is not None)]),
        consultation=consultation,
        desk=desk,
        opened=opened,
        form=form,
        ticked=ticked,
        elsewhere=sorted(ticked - here),
        conflict=conflict,
        refused=refused.text(_) if refused else "",
        wrong=wrong,
        progress=queries.coding.progress(consultation),
        edition=(latest.number if (latest := queries.latest(consultation)) else 0) + 1,
        theme_form=wrong or theme_form(consultation)(consultation=consultation),
        stances=STANCES,
        points=list(points(consultation, desk)),
        here=lambda **changes: here_with(consultation, desk, opened, changes),
        size=desks.PAGE,
        key_words=key_words,
        named_shares=lambda side: [
            (key_words(side, key), each) for key, each in getattr(desk.coverage, side).items()
        ],
    )


def key_words(side: str, key: str) -> str:
    """Return a group, a way of taking part or a language in words."""
    if key == NOT_STATED:
        return _("Not stated")
    if side == "by_group":
        return choices.group_name(key)
    if side == "by_language":
        return filters.language(key)
    return {"on_site": _("Room"), "online": _("Online"), "written": _("In writing")}.get(key, key)


def theme_of(found: queries.Material, number: str) -> int:
    """Return the theme in which a sentence stands now; 0 where there is no such sentence."""
    themes = {row.id: row.number for row in found.themes}
    for each in found.statements:
        if each.number == number:
            return themes[each.theme_id]
    return 0


def filled(found: queries.Material, statement: Any) -> SentenceForm:
    """Return the form of a sentence, or of a new one."""
    kind = sentence_form(found.consultation)
    if statement is None:
        return kind(data={"side": "for"})
    side = desks.side(found, statement.id)
    data = {f"text__{code}": text for code, text in statement.text.items()}
    data |= {"side": side, "revision": str(statement.revision)}
    return kind(data=data, is_mixed=side == "kept")


def here_with(
    consultation: Consultation, desk: desks.Desk, opened: str, changes: dict[str, Any]
) -> str:
    """Return this page's address with some of it changed: the filters of the excerpts stay."""
    kept = {
        "theme": desk.theme.number if desk.theme else None,
        "statement": opened or None,
        "order": request.args.get("order") or None,
        "stance": request.args.get("stance") or None,
    }
    return url_for(".synthesis", consultation=consultation.slug, **kept | changes)


def points(consultation: Consultation, desk: desks.Desk):
    """Yield what blocks as (words, what to do, where); missing answers are one line."""
    listed = desk.points if request.args.get("all") else desk.points[:GROUPED]
    for each in listed:
        if each.code == "opposing_view_missing":
            label, anchor = _("Show it"), "excerpts"
            values: dict[str, Any] = {"theme": each.object, "stance": "against"}
        else:
            label, anchor = _("Open %(number)s", number=each.object), "open"
            values = {"statement": each.object}
        address = url_for(".synthesis", consultation=consultation.slug, _anchor=anchor, **values)
        yield each.text(_), label, address
    if rest := len(desk.points) - len(listed):
        address = url_for(".synthesis", consultation=consultation.slug, all=1, _anchor="blocks")
        yield _("%(count)s more in sentences and themes.", count=rest), _("Show all"), address
    if desk.unanswered:
        address = url_for(".coding", consultation=consultation.slug, show="unanswered")
        label = _("Answer %(count)s", count=desk.unanswered)
        text = _("Contributions without a published answer: %(count)s.", count=desk.unanswered)
        yield text, label, address
