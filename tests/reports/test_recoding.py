"""Marking a passage with another theme or stance: the operation, its form, and the API."""

from __future__ import annotations

import random
import re
from contextlib import suppress

import pytest
from sqlalchemy import delete, select

from app.audit.models import AuditEntry
from app.consultations.models import Consultation
from app.contributions import operations as contributions
from app.contributions.operations import NotPublished
from app.core.refusals import ChangedMeanwhile, Invalid, NotFound
from app.core.synthesis import sealing
from app.core.synthesis.excerpts import Coding, Stance
from app.core.vocabulary import Role
from app.database import db
from app.reports import operations, queries
from app.reports.models import Excerpt
from app.reports.queries import editions, keeping
from tests import make
from tests.registration.test_races import at_once

HERE = "/manage/probe/document"
API = "/api/v1/consultations/probe"


@pytest.fixture
def session(app, clock):
    return make.online_round(settings={"moderation": "after"})


@pytest.fixture
def here(session) -> Consultation:
    return session.consultation


@pytest.fixture
def excerpts(session) -> list[Excerpt]:
    """Three excerpts of theme 1: two for it, cited by § 1.1, and one against, cited by § 1.2."""
    return make.ready(session)[1]


@pytest.fixture
def money(here, excerpts):
    return operations.add_theme(here, title={"en": "Money"}, guiding_question=1)


def is_reviewed(here: Consultation, number: str) -> bool:
    return queries.statement(here, number).is_reviewed


# --- The operation ----------------------------------------------------------------------------


def test_another_stance_keeps_roles_and_ends_the_reviews_of_what_cites_it(here, excerpts):
    before = [(each.excerpt_id, each.role) for each in queries.statement(here, "1.1").citations]

    changed = operations.change_excerpt(here, excerpts[0], stance="mixed")

    statement = queries.statement(here, "1.1")
    assert (changed.stance, changed.theme.number, changed.marked_in) == ("mixed", 1, 1)
    assert [(each.excerpt_id, each.role) for each in statement.citations] == before
    assert (is_reviewed(here, "1.1"), is_reviewed(here, "1.2")) == (False, True)
    assert statement.revision == 2
    with pytest.raises(operations.StatementChanged):  # who read it before does not review it
        operations.review(statement, revision=1)
    assert operations.review(statement, revision=2).is_reviewed


def test_what_is_cited_stays_in_its_theme_and_says_where(here, excerpts, money):
    with pytest.raises(operations.ExcerptCited) as refusal:
        operations.change_excerpt(here, excerpts[0], theme=money.number, stance="fact")

    assert refusal.value.values == {"numbers": "1.1"}
    assert (excerpts[0].theme.number, excerpts[0].stance) == (1, "for")
    assert is_reviewed(here, "1.1")


def test_an_uncited_one_goes_and_is_marked_there_from_now_on(here, excerpts, money):
    operations.change(queries.statement(here, "1.2"), cites={})

    operations.change_excerpt(here, excerpts[2], theme=money.number)

    assert (excerpts[2].theme.number, excerpts[2].marked_in) == (2, 2)
    assert queries.excerpt_ids(queries.theme(here, 1)) == [each.id for each in excerpts[:2]]


def test_it_goes_into_the_theme_of_the_only_statement_that_cites_it_which_stays_reviewed(
    here, excerpts, money
):
    operations.change(queries.statement(here, "1.2"), cites={})
    far = operations.write(here, theme=2, text={"en": "Far."}, cites={excerpts[2].id: None})
    operations.review(far)

    operations.change_excerpt(here, excerpts[2], theme=2)

    assert excerpts[2].theme.number == 2
    assert is_reviewed(here, "2.1")


def test_a_theme_that_went_into_another_means_that_one_and_the_mark_says_which_was_named(
    here, excerpts, money
):
    operations.change(queries.statement(here, "1.2"), cites={})
    third = operations.add_theme(here, title={"en": "All"}, guiding_question=1)
    trace = operations.merge(here, money, third)

    operations.change_excerpt(here, excerpts[2], theme=2)

    assert (excerpts[2].theme.number, excerpts[2].marked_in) == (3, 2)
    assert trace.excerpts == []
    operations.change_excerpt(here, excerpts[2], theme=3, stance="fact")
    assert excerpts[2].marked_in == 2  # it was there already: nothing was marked anew


def test_what_is_refused_when_marking_is_refused_here_too(here, session, excerpts):
    contribution = excerpts[0].contribution
    where = {"start": excerpts[0].start, "end": excerpts[0].end}
    operations.mark(contribution, theme=1, stance="fact", **where)
    with pytest.raises(operations.AlreadyMarked):
        operations.change_excerpt(here, excerpts[0], stance="fact")
    with pytest.raises(Invalid) as refusal:
        operations.change_excerpt(here, excerpts[0], theme=99)
    assert [each.code for each in refusal.value.errors] == ["unknown_theme"]
    contributions.withdraw(contribution)
    with pytest.raises(NotPublished):
        operations.change_excerpt(here, excerpts[0], stance="mixed")


def test_nothing_happens_where_nothing_differs(here, excerpts):
    operations.change_excerpt(here, excerpts[0], theme=1, stance="for")

    assert is_reviewed(here, "1.1")
    assert acts(here) == []


def test_what_was_listed_as_a_difference_of_another_view_is_not_listed_any_more(here, excerpts):
    operations.list_difference(here, excerpts[2], answered=True)
    operations.change_excerpt(here, excerpts[2], stance="mixed")

    assert operations.change_excerpt(here, excerpts[2], stance="against").answered is False


def acts(here) -> list[dict]:
    query = select(AuditEntry.details).where(AuditEntry.action == "excerpt_changed")
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


def test_the_audit_says_what_was_and_what_is_in_nobody_s_words(here, excerpts, money):
    operations.change(queries.statement(here, "1.2"), cites={})
    operations.change_excerpt(here, excerpts[2], theme=2, stance="mixed")

    assert acts(here) == [
        {
            "reference": excerpts[2].contribution.reference,
            "theme": [1, 2],
            "stance": ["against", "mixed"],
        }
    ]


def test_of_two_at_once_who_saw_the_same_the_second_is_told(app, here, excerpts):
    key, number = here.id, excerpts[1].id

    def change(stance):
        def act():
            found = db.session.get(Consultation, key)
            excerpt = db.session.get(Excerpt, number)
            try:
                operations.change_excerpt(found, excerpt, stance=stance, saw=Coding(1, "for"))
            except ChangedMeanwhile:
                return "refused"
            return stance

        return act

    answers = at_once(app, [change("mixed"), change("fact")])
    db.session.rollback()

    assert sorted(answers).count("refused") == 1
    assert db.session.get(Excerpt, number).stance in set(answers) - {"refused"}


def test_one_that_was_taken_away_meanwhile_is_not_found(here, excerpts):
    operations.change(queries.statement(here, "1.2"), cites={})
    gone = db.session.get(Excerpt, excerpts[2].id)
    statement = delete(Excerpt).where(Excerpt.id == gone.id)
    db.session.execute(statement, execution_options={"synchronize_session": False})
    db.session.commit()
    with pytest.raises(NotFound):
        operations.change_excerpt(here, gone, stance="fact")


@pytest.mark.parametrize("seed", range(6))
def test_after_any_changes_the_golden_thread_is_complete_both_ways(here, session, seed):
    """Whatever was changed, merged and reviewed: every sentence has its sources, and each source
    leads back; every excerpt stands in a theme that stands, and what is kept says the same."""
    chance = random.Random(seed)
    _ideas, excerpts = make.ready(session)
    for title in ("Money", "Roles"):
        operations.add_theme(here, title={"en": title}, guiding_question=1)
    for step in range(12):
        with suppress(operations.ExcerptCited):
            operations.change_excerpt(
                here,
                chance.choice(excerpts),
                theme=chance.choice([None, 1, 2, 3]),
                stance=chance.choice(list(Stance)),
            )
        if step == 6:
            operations.merge(here, queries.theme(here, 1), queries.theme(here, 2))
        kept = {key: (row.theme_id, row.stance) for key, row in keeping.kept(here).excerpts.items()}
        assert kept == {row.id: (row.theme_id, row.stance) for row in queries.excerpts(here)}
    for statement in queries.statements(here):
        operations.review(statement)
    for excerpt in queries.excerpts(here):
        operations.list_difference(here, excerpt, answered=True)

    operations.freeze(here)
    document = editions.document(queries.edition(here, 1))
    there = {
        (statement.number, source.reference)
        for statement in document.statements
        for source in statement.sources
    }
    back = {
        (number, entry.reference) for entry in document.contributions for number in entry.cited_in
    }
    assert there == back
    assert len(there) == 3
    assert sealing.is_whole(editions.values(queries.edition(here, 1)))
    assert all(row.theme.merged_into_id is None for row in queries.excerpts(here))


def test_figures_so_far_move_with_a_mark_that_changes(client, here, excerpts, money):
    operations.change(queries.statement(here, "1.2"), cites={})
    first = client.get("/probe/results")
    operations.change_excerpt(here, excerpts[2], theme=2)
    moved = client.get("/probe/results", headers={"If-None-Match": first.headers["ETag"]})
    same = client.get("/probe/results", headers={"If-None-Match": moved.headers["ETag"]})

    assert "Money" not in first.text
    assert "Money" in moved.text
    assert same.status_code == 304
    operations.merge(here, queries.theme(here, 1), money)
    merged = client.get("/probe/results", headers={"If-None-Match": moved.headers["ETag"]})
    assert merged.status_code == 200


# --- The form ---------------------------------------------------------------------------------


def fields(page: str, excerpt: Excerpt) -> dict[str, str]:
    """What the form beside an excerpt sends as it stands."""
    start = f"e{excerpt.id}-"
    hidden = rf'id="{start}\w+" name="(was_\w+)" type="hidden" value="([^"]*)"'
    found = dict(re.findall(hidden, page))
    chosen = rf'id="{start}(theme|stance)"[^>]*>(.*?)</select>'
    for name, options in re.findall(chosen, page, re.DOTALL):
        found[name] = re.search(r'<option selected value="([^"]*)"', options)[1]
    return found


def test_theme_and_stance_are_changed_by_a_form_beside_the_excerpt(app, here, excerpts):
    browser = make.browser(app, Role.RAPPORTEUR)
    reference = excerpts[0].contribution.reference
    form = fields(browser.get(f"{HERE}/coding/{reference}").text, excerpts[0])
    assert form == {"was_theme": "1", "was_stance": "for", "theme": "1", "stance": "for"}

    address = f"{HERE}/coding/excerpts/{excerpts[0].id}"
    answer = make.send(browser, address, form | {"stance": "mixed"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HERE}/coding/{reference}")
    page = browser.get(f"{HERE}/coding/{reference}").text
    assert "The mark is changed." in page
    assert fields(page, excerpts[0])["stance"] == "mixed"
    assert not is_reviewed(here, "1.1")


def test_a_form_that_was_refused_comes_back_open_and_says_why(app, here, excerpts, money):
    browser = make.browser(app, Role.RAPPORTEUR)
    page = browser.get(f"{HERE}/coding/{excerpts[0].contribution.reference}").text
    address = f"{HERE}/coding/excerpts/{excerpts[0].id}"

    cited = make.send(browser, address, fields(page, excerpts[0]) | {"theme": "2"})
    odd = make.send(browser, address, fields(page, excerpts[0]) | {"stance": "loud"})

    assert (cited.status_code, odd.status_code) == (409, 422)
    assert "§ 1.1 cites this excerpt. Take it out there first." in cited.text
    assert '<details class="fold" open><summary>Change' in cited.text
    assert fields(cited.text, excerpts[0])["theme"] == "2"
    assert "Choose what it says about the theme" in odd.text


def test_of_two_rapporteurs_the_second_sees_what_it_is_now_and_can_save_again(app, here, excerpts):
    one, two = make.browser(app, Role.RAPPORTEUR), make.browser(app, Role.ORGANISER)
    page = one.get(f"{HERE}/coding/{excerpts[0].contribution.reference}").text
    form = fields(page, excerpts[0])
    address = f"{HERE}/coding/excerpts/{excerpts[0].id}"

    assert make.send(one, address, form | {"stance": "mixed"}).status_code == 303
    late = make.send(two, address, form | {"stance": "fact"})

    assert late.status_code == 409
    assert "Somebody else changed this meanwhile." in late.text
    assert '<td dir="auto">mixed</td><td dir="auto"><b>a fact</b></td>' in late.text
    again = fields(late.text, excerpts[0])
    assert again["was_stance"] == "mixed"
    assert make.send(two, address, again).status_code == 303
    db.session.expire_all()
    assert excerpts[0].stance == "fact"


def test_who_only_reads_has_no_form(app, here, excerpts):
    browser = make.browser(app, Role.VIEWER)
    reference = excerpts[0].contribution.reference

    page = browser.get(f"{HERE}/coding/{reference}").text

    assert fields(page, excerpts[0]) == {}
    assert "Save the change" not in page


# --- The API ----------------------------------------------------------------------------------


def test_the_api_changes_what_is_named_and_tells_who_saw_something_else(
    app, client, here, excerpts, money
):
    token = {"Authorization": f"Bearer {make.token(Role.RAPPORTEUR)}"}
    address = f"{API}/excerpts/{excerpts[2].id}"

    def patch(body, code=200):
        answer = client.patch(address, json=body, headers=token)
        assert answer.status_code == code, answer.json
        return answer.json

    first = patch({"stance": "mixed"})
    assert (first["stance"], first["theme"], first["marked_in"]) == ("mixed", 1, 1)
    assert patch({"theme": 2}, 409)["code"] == "excerpt_cited"
    operations.change(queries.statement(here, "1.2"), cites={})
    was = {"theme": 1, "stance": "mixed"}
    moved = patch({"theme": 2, "stance": "against", "answered": True, "was": was})
    assert (moved["theme"], moved["stance"], moved["answered"]) == (2, "against", True)
    assert patch({"stance": "fact", "was": was}, 409)["code"] == "changed_meanwhile"
    assert patch({"theme": 99}, 422)["code"] == "unknown_theme"
    assert patch({"stance": "loud"}, 422)["code"] == "invalid_stance"
    assert patch({"answered": False})["answered"] is False
    assert patch({}) == patch({"theme": 2})
