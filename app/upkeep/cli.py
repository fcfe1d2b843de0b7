"""`flask backup`, `flask restore`, `flask check`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.upkeep import backups, readiness


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write everything into FILE: tables and keys. Keep it as safe as the database."""
    counts = backups.backup(file)
    click.echo(f"{file}: {sum(counts.values())} rows of {len(counts)} tables.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also where there is data; it is backed up first.")
@with_appcontext
def restore(file: Path, replace: bool) -> None:
    """Restore FILE. Unsent mails in it are held until staff release them."""
    counts, saved = backups.restore(file, replace=replace)
    if saved:
        click.echo(f"What was here is in {saved}.")
    click.echo(f"Restored {sum(counts.values())} rows. Start the server and every worker again.")


@click.command("check")
@click.option("--data", is_flag=True, help="Also whether all invariants of the data hold.")
@with_appcontext
def check(data: bool) -> None:
    """Say whether this installation is ready; exit 1 and a list if not."""
    found = list(readiness.problems())
    if data:
        found += readiness.broken_data()
    for problem in found:
        click.echo(f"- {problem}")
    if found:
        raise SystemExit(1)
    click.echo("Ready.")


commands = [backup, restore, check]
