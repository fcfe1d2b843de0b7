"""The sender: order, failures, leases, poison; one message in flight, each sent once."""

from __future__ import annotations

import threading
import time

import pytest

from app import jobs
from app.database import db, operation
from app.mail import kinds, operations, queries, tasks, transport
from app.mail.models import OutboxMail
from tests import smtp


@kinds.kind("probe")
def probe(mail: kinds.Envelope, facts: kinds.Facts) -> kinds.Mail:
    """A kind of mail without anything of a feature in it."""
    if facts.get("poison"):
        raise ValueError("this cannot be written")
    return kinds.Mail({"title": facts.get("title", "Probe"), "said": facts.get("said", "")})


@pytest.fixture(autouse=True)
def probe_templates(app, monkeypatch, tmp_path):
    """Words for the kind `probe`."""
    from jinja2 import ChoiceLoader, DictLoader

    words = DictLoader(
        {
            "mail/probe/subject.txt": "{{ title }}",
            "mail/probe/body.txt": "{{ said }}",
            "mail/probe/body.html": "<p>{{ said }}</p>",
        }
    )
    monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([words, app.jinja_env.loader]))


def put(person: str = "participant:1", to: str = "ana@example.org", **options) -> OutboxMail:
    facts = options.pop("facts", {})
    defaults = {"to_name": "Ana", "language": "en", "timezone": None}
    return operations.put("probe", person=person, to_address=to, facts=facts, **defaults | options)


def status_of(mail: OutboxMail) -> str:
    db.session.expire_all()
    return mail.status


def statuses() -> list[str]:
    db.session.expire_all()
    return [mail.status for mail in db.session.query(OutboxMail).order_by(OutboxMail.id)]


def test_a_due_mail_leaves_once(app, clock, sink):
    put()

    tasks.send()
    tasks.send()

    assert sink.recipients == ["ana@example.org"]
    assert statuses() == ["sent"]


def test_mails_of_one_batch_share_one_connection(app, clock, sink):
    for number in range(5):
        put(person=f"participant:{number}")

    tasks.send()

    assert (len(sink.envelopes), sink.connections) == (5, 1)


def test_no_transaction_is_open_while_the_server_is_talked_to(app, clock, sink, monkeypatch):
    put()
    seen = []
    real = transport.Smtp.send

    def look(self, letter):
        seen.append(db.session().in_transaction())
        real(self, letter)

    monkeypatch.setattr(transport.Smtp, "send", look)
    tasks.send()

    assert seen == [False]


def test_one_persons_mails_leave_in_order_and_a_failing_one_holds_up_nobody_else(app, clock, sink):
    sink.answers["RCPT"] = lambda to: "451 later" if to == "ana@example.org" else None
    first, second = put(), put(facts={"title": "Second"})
    other = put(person="participant:2", to="bo@example.org")

    tasks.send()
    assert sink.recipients == ["bo@example.org"]
    assert [status_of(mail) for mail in (first, second, other)] == ["queued", "queued", "sent"]
    assert first.error == "451 later"

    sink.answers.clear()
    tasks.send()
    assert sink.recipients == ["bo@example.org"], "the wait of a minute is not over"

    clock.go_on(minutes=1)
    tasks.send()
    assert [each["Subject"] for each in sink.messages] == ["Probe", "Probe", "Second"]


def test_a_mail_for_later_does_not_hold_those_before_it(app, clock, sink):
    later = put(at=clock.time.replace(hour=20))
    now = put(facts={"title": "Now"})

    tasks.send()

    assert [status_of(later), status_of(now)] == ["queued", "sent"]


def test_a_server_that_is_down_loses_nothing(app, clock, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{smtp.free_port()}?tls=none")
    mail = put()
    waits = []
    for _ in range(9):
        monkeypatch.setattr(tasks, "_rest_until", 0.0)
        tasks.send()
        db.session.expire_all()
        waits.append(int((mail.next_attempt_at - clock.time).total_seconds() // 60))
        clock.set(mail.next_attempt_at.isoformat())

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert mail.status == "queued"

    with smtp.sink() as sink:
        monkeypatch.setitem(app.config, "MAIL_URL", sink.url)
        monkeypatch.setattr(tasks, "_rest_until", 0.0)
        tasks.send()
        assert (len(sink.envelopes), status_of(mail)) == (1, "sent")


def test_while_no_server_answers_one_mail_is_tried_and_the_rest_wait(app, clock, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{smtp.free_port()}?tls=none")
    for number in range(3):
        put(person=f"participant:{number}")

    tasks.send()
    tasks.send()

    assert [mail.attempts for mail in db.session.query(OutboxMail).order_by(OutboxMail.id)] == [
        1, 0, 0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "answer", "expected"),
    [
        ("MAIL", "421 closing", "queued"),
        ("RCPT", "421 closing", "queued"),
        ("RCPT", "450 mailbox busy", "queued"),
        ("DATA", "451 try again", "queued"),
        ("MAIL", "553 not you", "failed"),
        ("RCPT", "550 no such person", "failed"),
        ("DATA", "554 looks like spam", "failed"),
    ],
)
def test_a_refusal_is_passing_or_for_good_as_the_server_says(
    app, clock, sink, command, answer, expected
):
    bad, good = put(), put(person="participant:2", to="bo@example.org")
    sink.answers[command] = refuse_once(answer)

    tasks.send()

    assert [status_of(bad), status_of(good)] == [expected, "sent"]
    assert bad.error == answer
    assert bad.attempts == 1


def refuse_once(answer):
    left = [answer]
    return lambda _: left.pop() if left else None


def test_a_server_gone_after_taking_the_mail_means_the_same_message_again(app, clock, sink):
    left = ["hang up after taking it"]
    sink.answers["DATA"] = lambda _: left.pop() if left else None
    mail = put()

    tasks.send()
    assert status_of(mail) == "queued"
    clock.go_on(minutes=1)
    tasks.send()

    first, second = sink.raw
    assert first == second
    assert status_of(mail) == "sent"


def test_a_server_that_says_nothing_is_left_after_the_cut_off(app, clock, monkeypatch):
    monkeypatch.setattr(transport, "CONNECT", 0.3)
    with smtp.silent() as url:
        monkeypatch.setitem(app.config, "MAIL_URL", url)
        mail = put()
        began = time.monotonic()
        tasks.send()

    assert time.monotonic() - began < 3
    assert status_of(mail) == "queued"
    assert mail.error.endswith("Connection unexpectedly closed: timed out")


@pytest.mark.engines("sqlite")
def test_a_server_that_drips_is_cut_off(app, clock, sink, monkeypatch):
    monkeypatch.setattr(transport, "CUT_OFF", 0.5)

    def never(_):
        time.sleep(3)

    sink.answers["DATA"] = never
    mail = put()
    began = time.monotonic()

    tasks.send()

    assert time.monotonic() - began < 2.5
    assert (status_of(mail), mail.attempts) == ("queued", 1)


def test_poison_stands_aside_after_five_attempts_and_stops_nobody(app, clock, sink):
    poison = put(facts={"poison": True})
    for number in range(7):
        put(person=f"participant:{number + 10}")
        tasks.send()
        clock.go_on(hours=2)

    assert (status_of(poison), poison.faults) == ("failed", 5)
    assert poison.error == "ValueError: this cannot be written"
    assert len(sink.envelopes) == 7


def test_what_is_too_late_is_dropped(app, clock, sink):
    mail = put(not_after=clock.time.replace(hour=9))
    clock.go_on(hours=1)

    tasks.send()

    assert (status_of(mail), sink.envelopes) == ("dropped", [])


def test_after_five_days_of_trying_staff_take_over(app, clock, sink):
    sink.answers["RCPT"] = "452 mailbox full"
    mail = put()
    tasks.send()
    clock.go_on(days=5, hours=1)
    tasks.send()

    assert (status_of(mail), mail.error) == ("failed", "452 mailbox full")


def test_held_mails_stay_until_staff_release_them(app, clock, sink):
    from tests import make

    where = make.consultation().id
    mail = put(consultation_id=where)
    hold(mail)
    tasks.send()
    assert (status_of(mail), sink.envelopes) == ("held", [])

    operations.release_held(where)
    tasks.send()
    assert (status_of(mail), len(sink.envelopes)) == ("sent", 1)


@operation
def hold(mail):
    mail.status = "held"


def test_a_resend_is_the_same_message(app, clock, sink):
    mail = put(facts={"title": "Once", "said": "This."})
    tasks.send()
    clock.go_on(days=3)
    operations.resend(mail)
    tasks.send()

    first, second = sink.raw
    assert first == second
    assert sink.messages[0].get_all("Message-ID") == [mail.message_id]


# --- Claims -------------------------------------------------------------------------------------


def test_a_claim_lapses_after_a_minute(app, clock, sink, monkeypatch):
    put()
    with monkeypatch.context() as other:
        other.setattr(jobs, "this_process", lambda: "elsewhere:1:1")
        lost = operations.claim()

    clock.go_on(seconds=59)
    tasks.send()
    assert sink.envelopes == []
    clock.go_on(seconds=1)
    tasks.send()
    assert len(sink.envelopes) == 1

    operations.give_up(lost.id, lost.attempts, "too late to say so")
    assert statuses() == ["sent"]


def test_a_starting_worker_frees_at_once_what_a_dead_process_held(app, clock, sink, monkeypatch):
    import subprocess
    import sys

    dead = subprocess.Popen(
        [sys.executable, "-c", "from app import jobs; print(jobs.this_process())"],
        stdout=subprocess.PIPE,
        text=True,
    )
    name = dead.communicate()[0].strip()
    put()
    with monkeypatch.context() as other:
        other.setattr(jobs, "this_process", lambda: name)
        operations.claim()

    assert jobs.is_gone(name)
    tasks.begin()
    tasks.send()

    assert len(sink.envelopes) == 1


def test_a_starting_worker_takes_nothing_from_one_that_lives(app, clock):
    put()
    operations.claim()

    assert operations.free_claims() == 0
    assert statuses() == ["sending"]


def test_a_process_that_died_while_writing_counts_towards_poison(app, clock, monkeypatch):
    mail = put()
    for _ in range(5):
        with monkeypatch.context() as other:
            other.setattr(jobs, "this_process", lambda: jobs.socket.gethostname() + ":999999:1")
            operations.claim()
        operations.free_claims()

    assert (status_of(mail), mail.faults) == ("failed", 5)


def test_two_senders_at_once_send_each_mail_once_and_in_order(app, sink):
    people = [f"participant:{number % 10}" for number in range(40)]
    for number, person in enumerate(people):
        put(person=person, to=f"p{number % 10}@example.org", facts={"title": f"{number:02}"})

    run_at_once(app, 3)

    subjects = [each["Subject"] for each in sink.messages]
    assert sorted(subjects) == [f"{number:02}" for number in range(40)]
    for person in range(10):
        own = [subject for subject in subjects if int(subject) % 10 == person]
        assert own == sorted(own)


def run_at_once(app, senders: int) -> None:
    """Empty the outbox with several senders, as several processes would."""
    start = threading.Barrier(senders)

    def work():
        with app.app_context():
            start.wait()
            for _ in range(60):
                tasks.empty_outbox()
                if not queries.backlog().get("queued"):
                    return
                db.session.rollback()
                time.sleep(0.02)

    threads = [threading.Thread(target=work) for _ in range(senders)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def test_at_least_twenty_mails_a_second_leave(app, sink):
    """Counted in the process's own time, the sink's included: other programs may be busy."""
    for number in range(60):
        put(person=f"participant:{number}")
    began, started = time.monotonic(), time.process_time()

    tasks.send()

    worked, passed = time.process_time() - started, time.monotonic() - began
    assert len(sink.envelopes) == 60
    assert 60 / worked >= 20, f"{60 / worked:.0f} mails a second of work"
    assert 60 / passed >= 4, f"{60 / passed:.0f} mails a second: something waits"
