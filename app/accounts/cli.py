"""`flask people …` and `flask welcome`: who may come in, from the machine itself."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from app.accounts import operations, queries
from app.accounts.models import Person
from app.consultations import queries as consultations
from app.core import texts
from app.core.permissions import Scope
from app.core.vocabulary import Role
from app.web.urls import external


@click.group()
def people() -> None:
    """People who work here."""


@people.command()
@click.argument("email")
@click.option("--name", default="", help="Their name.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--consultation", "slug", help="Where the role counts; every role but admin has one.")
@click.option("--password-stdin", is_flag=True, help="Read a password from standard input.")
@with_appcontext
def add(email: str, name: str, role: str, slug: str | None, password_stdin: bool) -> None:
    """Give EMAIL a role, and make the person if there is none with this address."""
    consultation = consultations.by_slug(slug) if slug else None
    if slug and consultation is None:
        raise click.ClickException(f"There is no consultation “{slug}”.")
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    person = operations.add_with_role(
        email, Role(role), name=name, consultation=consultation, password=password
    )
    where = f" in {consultation.slug}" if consultation else ""
    click.echo(f"{person.email} is {role}{where}.")


@people.command()
@click.argument("email")
@with_appcontext
def link(email: str) -> None:
    """Print a sign-in link for EMAIL: good once, for 15 minutes."""
    click.echo(address_of(operations.make_link(the_person(email))))


@people.command()
@click.argument("email")
@click.option("--name", default="API", help="What the token is for.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice([s.value for s in Scope]))
@with_appcontext
def token(email: str, name: str, scopes: tuple[str, ...]) -> None:
    """Print a new API token of EMAIL, this once; without --scope it may what the person may."""
    click.echo(operations.make_token(the_person(email), name=name, scopes=scopes or None))


@click.command()
@with_appcontext
def welcome() -> None:
    """Say where to look; while no administrator has signed in, print a sign-in link."""
    config = current_app.config
    click.echo(f"{config['SITE_NAME']}: {config['SITE_URL']}/")
    found = operations.first_administrator()
    if found is not None:
        person, secret = found
        click.echo(f"Sign in once as {person.email} (15 minutes): {address_of(secret)}")
    else:
        click.echo(f"Staff: {config['SITE_URL']}/manage/")
    if config["MAIL_URL"].startswith("file://"):
        click.echo(f"Mails are written to {config['MAIL_URL'].removeprefix('file://')}")


def the_person(email: str) -> Person:
    """Return the person with this address; ends the command where there is none."""
    person = queries.by_email(texts.address(email))
    if person is None:
        raise click.ClickException(
            f"There is nobody with the address {email}. Add them: flask people add {email} --role …"
        )
    return person


def address_of(secret: str) -> str:
    """Return the address of a sign-in link."""
    return external("accounts.use_link", secret=secret)


commands = [people, welcome]
