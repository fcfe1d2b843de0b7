"""Help, privacy, what changed, and the secret preview of a draft programme."""

from __future__ import annotations

from datetime import datetime

from app.consultations import operations as consultations
from app.core import links
from app.core.links import Purpose
from app.programme import operations as programme
from tests import make
from tests.portal.test_programme import words


def test_privacy_names_who_why_how_long_and_whom_to_ask(app, client, clock):
    make.consultation()

    page = words(client.get("/probe/privacy"))

    assert "Who is responsible Probe Office" in page
    assert "What for To hear what people say." in page
    assert "Personal data is erased 12 months after the last session." in page
    assert "Questions and complaints talks@example.org" in page


def test_privacy_names_the_site_while_nobody_said_who_is_responsible(app, client, clock):
    make.consultation(controller=None, purpose=None, contact_email=None)

    page = words(client.get("/probe/privacy"))

    assert "Who is responsible Open Talks" in page
    assert "What for" not in page
    assert "Questions and complaints" not in page


def test_what_changed_shows_before_and_now(app, client, clock):
    cafe = make.cafe()
    clock.go_on(hours=1)
    programme.change(
        cafe,
        {
            "starts": datetime(2028, 10, 10, 19, 0),
            "ends": datetime(2028, 10, 10, 21, 0),
            "venue": {"name": "Popov Room", "city": "Geneva"},
        },
    )

    page = words(client.get("/probe/changes?tz=America/New_York"))

    assert "Fri 1 September 2028, 05:00 your time · Changed Cafe" in page
    assert "Begins before: Tue 10 October 2028, 18:15 now: Tue 10 October 2028, 19:00" in page
    assert "Place before: ICT Discovery, Geneva now: Popov Room, Geneva" in page
    assert "Fri 1 September 2028, 04:00 your time · Added Cafe" in page


def test_help_leads_to_form_and_link(app, client, clock):
    make.consultation()

    page = client.get("/probe/help").text

    assert 'href="/probe/register"' in page
    assert 'href="/probe/find"' in page


def preview(app, consultation) -> str:
    """Return the secret address as staff see it."""
    token = links.derive(
        app.config["LINK_KEY"],
        Purpose.PREVIEW,
        consultation.slug,
        consultation.preview_version,
    )
    return f"/{consultation.slug}/preview/{token}/"


def test_the_preview_shows_drafts_to_whoever_has_its_address(app, client, clock):
    probe = make.consultation(status="draft")
    make.session("secret", title={"en": "Quokka"}, status="draft")
    address = preview(app, probe)

    page = client.get(address)

    assert "Quokka" in words(page)
    assert "Draft" in words(page)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page.text
    assert "Quokka" in words(client.get(f"{address}secret/"))


def test_an_old_or_foreign_preview_address_is_not_found(app, client, clock):
    probe = make.consultation(status="draft")
    other = make.consultation("other", status="draft")
    address = preview(app, probe)

    assert client.get(preview(app, other).replace("/other/", "/probe/")).status_code == 404
    assert client.get("/probe/preview/%C3%A4%00/").status_code == 404
    consultations.renew_preview(probe)
    assert client.get(address).status_code == 404
    assert client.get(preview(app, probe)).status_code == 200
