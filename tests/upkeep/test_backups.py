"""A backup is whole, belongs to no engine, and comes back as it was."""

from __future__ import annotations

import json
import os
import threading
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app import privacy
from app.consultations import queries as consultations
from app.database import db
from app.live import operations as live
from app.mail.models import OutboxMail
from app.orm import Base
from app.programme import imports
from app.programme import queries as programme
from app.registration import operations, queries
from app.registration.models import Participant, Registration
from app.reports.operations import files
from app.upkeep import backups, readiness
from app.web.documents import shelf
from tests import make


def everything() -> dict[str, list]:
    """Every row of every table."""
    db.session.rollback()
    with backups.one_moment() as connection:
        return {
            table.name: [
                json.dumps(row, sort_keys=True) for row in backups.rows_of(connection, table)
            ]
            for table in Base.metadata.sorted_tables
        }


def some_data() -> None:
    """A session with people in it, and mails about to be sent."""
    cafe = make.cafe(capacity={"on_site": 1, "online": None})
    make.person("owner")
    make.registration(cafe, email="ana@example.org", name="Zoë Ünal")
    make.registration(cafe, email="bo@example.org")


@pytest.fixture
def keys(app):
    """The keys of the test's installation, restored afterwards."""
    file = backups.keys_file()
    file.write_text(json.dumps({"secret": "kept"}))
    os.chmod(file, 0o600)
    yield file
    file.unlink(missing_ok=True)


def test_a_backup_comes_back_as_it_was(app, clock, keys, tmp_path):
    some_data()
    before = everything()
    backups.backup(tmp_path / "all.zip")
    operations.cancel(db.session.scalars(select(Registration)).first())
    keys.write_text("{}")

    counts, saved = backups.restore(tmp_path / "all.zip", replace=True)

    after = everything()
    mails = after.pop("outbox_mail")
    assert {k: v for k, v in before.items() if k != "outbox_mail"} == after
    assert len(mails) == len(before["outbox_mail"])
    assert keys.read_text() == json.dumps({"secret": "kept"})
    assert saved is not None
    assert zipfile.is_zipfile(saved)
    assert counts["registration"] == 2
    saved.unlink()


def test_files_of_editions_come_back_to_the_byte(app, client, clock, keys, tmp_path, monkeypatch):
    edition = make.edition()
    addresses = [f"/probe/document/1{form}" for form in ("", ".docx", ".pdf", ".md", ".json")]
    files.make_files(edition.id)
    given = {address: client.get(address).data for address in addresses}
    before = everything()["edition_file"]
    backups.backup(tmp_path / "all.zip")
    monkeypatch.setattr(backups, "CHARACTERS_AT_ONCE", len(before[0]) + 1)

    backups.restore(tmp_path / "all.zip", replace=True)[1].unlink()
    shelf.clear()

    assert len(before) == 5
    assert everything()["edition_file"] == before
    assert {address: client.get(address).data for address in addresses} == given


def test_the_next_row_after_a_restore_gets_a_new_number(app, clock, keys, tmp_path):
    some_data()
    backups.backup(tmp_path / "all.zip")
    backups.restore(tmp_path / "all.zip", replace=True)[1].unlink()

    cafe = programme.by_slug(make.consultation(), "cafe")
    registration = make.registration(cafe, email="chi@example.org")

    assert queries.position(registration) == 2


def test_unsent_mails_are_held(app, clock, keys, tmp_path):
    some_data()
    backups.backup(tmp_path / "all.zip")
    backups.restore(tmp_path / "all.zip", replace=True)[1].unlink()

    statuses = set(db.session.scalars(select(OutboxMail.status)))

    assert statuses == {"held"}


def test_a_restore_asks_before_it_replaces(app, clock, keys, tmp_path):
    some_data()
    backups.backup(tmp_path / "all.zip")
    before = everything()

    with pytest.raises(backups.NotEmpty):
        backups.restore(tmp_path / "all.zip")

    assert everything() == before


def test_whoever_was_erased_since_does_not_come_back(app, clock, keys, tmp_path):
    some_data()
    backups.backup(tmp_path / "all.zip")
    clock.go_on(hours=1)
    privacy.erase(queries.by_email(make.consultation(), "ana@example.org"))

    backups.restore(tmp_path / "all.zip", replace=True)[1].unlink()

    names = set(db.session.scalars(select(Participant.name)))
    assert "Zoë Ünal" not in names
    assert "Zoë Ünal" not in json.dumps(everything(), ensure_ascii=False)


def test_a_broken_archive_changes_nothing(app, clock, keys, tmp_path):
    some_data()
    backups.backup(tmp_path / "good.zip")
    before = everything()
    with (
        zipfile.ZipFile(tmp_path / "good.zip") as good,
        zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad,
    ):
        for name in good.namelist():
            content = good.read(name)
            if name == "tables/registration.jsonl":
                content += b'{"id": 99, "no_such_column": 1}\n'
            bad.writestr(name, content)

    with pytest.raises(backups.NotABackup):
        backups.restore(tmp_path / "bad.zip", replace=True)

    assert everything() == before
    for file in Path(app.config["DATA_DIR"]).glob("before-restore-*.zip"):
        file.unlink()


def test_a_backup_under_writes_is_one_moment(app, clock, keys, tmp_path):
    make.cafe(capacity={"on_site": None, "online": None})
    stop = threading.Event()

    def keep_registering():
        with app.app_context():
            number = 0
            session = programme.by_slug(make.consultation(), "cafe")
            while not stop.is_set():
                number += 1
                make.registration(session, email=f"p{number}@example.org")
            db.session.remove()

    writer = threading.Thread(target=keep_registering)
    writer.start()
    try:
        for round_number in range(5):
            file = tmp_path / f"{round_number}.zip"
            backups.backup(file)
            with zipfile.ZipFile(file) as archive:
                people, registrations, secrets = (
                    archive.read(f"tables/{name}.jsonl").count(b"\n")
                    for name in ("participant", "registration", "secret")
                )
            assert people == registrations
            assert secrets == people * 4
    finally:
        stop.set()
        writer.join()


def test_check_names_what_is_not_ready(app, clock):
    make.consultation("bare", controller=None, purpose=None, contact_email=None)

    found = "\n".join(readiness.problems())

    assert "MAIL_URL is a folder" in found
    assert "Consultation bare: controller, purpose, contact_email missing" in found


def test_check_data_finds_somebody_who_waits_for_a_free_place(app, clock):
    some_data()
    healthy = list(readiness.broken_data())
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(
            text("UPDATE registration SET status = 'cancelled' WHERE status = 'confirmed'")
        )
    db.session.rollback()

    assert healthy == []
    assert [
        "waits for on_site while a place is free" in each for each in readiness.broken_data()
    ] == [True]


def test_check_data_finds_times_that_moved(app, clock):
    cafe = make.cafe()
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(text("UPDATE session SET timezone = 'Africa/Lagos'"))
    db.session.rollback()

    assert list(readiness.broken_data()) == [
        f"session:{cafe.id}: starts has moved; run `flask programme rezone`.",
        f"session:{cafe.id}: ends has moved; run `flask programme rezone`.",
    ]
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 0


def test_the_archives_sample_and_a_rehearsal_come_back_as_they_were(app, clock, keys, tmp_path):
    imports.seed()
    live.rehearse(programme.by_slug(consultations.by_slug("open-talks"), "world-cafe"))
    before = everything()
    backups.backup(tmp_path / "all.zip")

    counts, saved = backups.restore(tmp_path / "all.zip", replace=True)
    saved.unlink()

    assert everything() == before
    assert (counts["contribution"], counts["rehearsal"]) == (91, 1)
