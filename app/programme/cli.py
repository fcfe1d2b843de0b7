"""`flask programme import|export|rezone` and `flask seed`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from app import clock
from app.core import timing
from app.core.refusals import Invalid
from app.programme import exports, imports, operations, queries
from app.programme.models import Session

programme = AppGroup("programme", help="Programmes from files, into files, and their time zones.")
MAX_BYTES = 4_000_000


@programme.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be made, and store nothing.")
@click.option("--consultation", help="The consultation that the sessions of an .ics file join.")
@click.option("--timezone", help="The zone of times in an .ics file that name none.")
@click.option("--format", help="The format of an .ics file's sessions, else told by their titles.")
def import_file(
    file: Path, dry_run: bool, consultation: str | None, timezone: str | None, format: str | None
) -> None:
    """Make what FILE asks for: a programme in YAML, or the sessions of a calendar (.ics)."""
    with file.open("rb") as source:
        data = source.read(MAX_BYTES)
    try:
        if file.suffix.lower() == ".ics":
            target = imports.target(consultation)
            plan = imports.from_ical(data, target, timezone=timezone, format=format)
        else:
            refuse_ical_options(consultation, timezone, format)
            target, plan = None, imports.from_yaml(data)
        lines = imports.store(plan, target, dry_run=dry_run)
    except imports.BrokenFile as broken:
        for finding in broken.findings:
            click.echo(said(file, finding), err=True)
        raise click.ClickException("Nothing was imported.") from broken
    for note in plan.notes:
        click.echo(said(file, note), err=True)
    for line in lines:
        click.echo(line)
    click.echo("Dry run: nothing was stored." if dry_run else "Stored.", err=True)


def refuse_ical_options(*options: str | None) -> None:
    """Refuse options that a programme file answers itself."""
    if any(option is not None for option in options):
        raise click.UsageError("--consultation, --timezone and --format are for .ics files.")


def said(file: Path, finding: imports.Finding) -> str:
    """Return a finding as one line that names file, line and path or title."""
    where = f" {finding.where}:" if finding.where else ""
    return f"{file}:{finding.line}:{where} {finding.text}"


@programme.command("export")
@click.argument("slug")
def export(slug: str) -> None:
    """Write the programme of SLUG to standard output, as YAML that imports again."""
    click.echo(exports.to_yaml(imports.target(slug)), nl=False)


@programme.command("rezone")
@click.option("--apply", "really", is_flag=True, help="Store the new instants and tell people.")
def rezone(really: bool) -> None:
    """Show which sessions to come move with the present time zone data; --apply moves them."""
    moved = stuck = 0
    for session in queries.to_come(at=clock.now()):
        name = f"{session.consultation.slug}/{session.slug}"
        before = session.starts_at, session.ends_at
        try:
            after = instants_now(session)
            if really:
                operations.rezone(session)
        except Invalid as refusal:
            stuck += 1
            click.echo(f"{name}: {refusal.errors[0].text()}", err=True)
            continue
        if before != after:
            moved += 1
            old, new = (
                f"{timing.isoformat_z(start)} to {timing.isoformat_z(end)}"
                for start, end in (before, after)
            )
            click.echo(f"{name}: {session.timezone}, {old}, now {new}")
    verb = "moved" if really else "would move"
    click.echo(f"{moved} {verb}, by time zone data {timing.tzdata_version()}.", err=True)
    if stuck:
        raise click.ClickException(f"{stuck} must be set by hand, see above.")


def instants_now(session: Session) -> tuple:
    """Return start and end by the present rules of the session's zone."""
    return (
        timing.instant(session.starts, session.timezone, fold=session.fold, field="starts"),
        timing.instant(session.ends, session.timezone, fold=session.ends_fold, field="ends"),
    )


@click.command("seed")
@with_appcontext
def seed() -> None:
    """Fill an empty database with the archive of 2013 and the coming edition."""
    for line in imports.seed():
        click.echo(line)


commands = (programme, seed)
