"""Rapporteurs at work by plain forms: marking, sentences, two savers, answers, gate, freeze."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import event

from app import jobs
from app.contributions import operations as contributions
from app.contributions import queries as known
from app.core.contributions import Decision, Kind
from app.core.vocabulary import Role
from app.database import db
from app.reports import operations, queries
from app.reports.operations.base import FREEZING
from tests import make

HERE = "/manage/probe/document"


@pytest.fixture
def session(app, clock):
    """A round in which everything is published at once."""
    return make.online_round(settings={"moderation": "after"})


def plain(text: str) -> str:
    """Return the words of a page alone, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def ids(excerpts) -> list[str]:
    """Return excerpts as their boxes send them."""
    return [str(each.id) for each in excerpts]


# --- Marking ----------------------------------------------------------------------------------


def test_ticked_sentences_become_excerpts_and_neighbours_are_one(app, session):
    idea = make.idea(session, text="One. Two! Three? Four.", guiding_question=1)
    browser = make.browser(app, Role.RAPPORTEUR)
    page = f"{HERE}/coding/{idea.reference}"

    answer = make.send(
        browser, page,
        {"sentence": ["0", "1", "3"], "new_theme": "Numbers", "stance": "against"},
    )  # fmt: skip

    assert answer.status_code == 303
    found = queries.excerpts(idea.consultation)
    assert [(each.quote, each.stance, each.theme.number) for each in found] == [
        ("One. Two!", "against", 1), ("Four.", "against", 1),
    ]  # fmt: skip
    shown = plain(browser.get(page).text)
    for words in ("2 excerpts", "Sentences 1, 2", "Sentence 4", "1 Numbers", "1 of 1 marked"):
        assert words in shown


def test_exact_words_count_instead_of_the_sentence_and_are_underlined(app, session):
    idea = make.idea(session, text="Publish every subsidy in a form anyone can check.")
    browser = make.browser(app, Role.RAPPORTEUR)
    page = f"{HERE}/coding/{idea.reference}"
    form = {"sentence": "0", "new_theme": "Money", "stance": "for"}

    refused = make.send(browser, page, form | {"words": "every grant"})
    assert refused.status_code == 422
    assert "These words do not stand in the text like this" in refused.text
    assert "every grant" in refused.text
    assert 'id="line-1" checked' in refused.text
    assert queries.themes(idea.consultation) == []

    make.send(browser, page, form | {"words": "every subsidy"})
    assert [each.quote for each in queries.excerpts(idea.consultation)] == ["every subsidy"]
    assert "<u>every subsidy</u>" in browser.get(page).text


def test_a_mark_needs_a_sentence_and_a_theme(app, session):
    idea = make.idea(session)
    browser = make.browser(app, Role.RAPPORTEUR)
    page = f"{HERE}/coding/{idea.reference}"

    answer = make.send(browser, page, {"stance": "for"})

    assert answer.status_code == 422
    assert "Choose a theme, or name a new one" in answer.text
    assert make.send(browser, page, {"stance": "for", "new_theme": "X"}).status_code == 422
    assert queries.excerpts(idea.consultation) == []


def test_next_leads_through_what_nobody_marked_and_ends_at_the_first(app, session):
    ideas = [make.idea(session, text=f"Text {number}.") for number in range(3)]
    browser = make.browser(app, Role.RAPPORTEUR)
    form = {"sentence": "0", "new_theme": "All", "stance": "for", "then": "next"}

    seen = []
    for place in (1, 2, 0):
        page = f"{HERE}/coding/{ideas[place].reference}"
        seen.append(make.send(browser, page, form).headers["Location"].rsplit("/", 1)[-1])
        form |= {"new_theme": "", "theme": "1"}

    assert seen == [ideas[2].reference, ideas[0].reference, ideas[0].reference]
    assert "Everything published is done" in browser.get(f"{HERE}/coding").text


def test_the_list_has_ideas_and_what_answers_them_each_where_it_belongs(app, session):
    ideas, _excerpts = make.coded(session)
    who = make.participant(session)
    sent = contributions.Sent(text="Yes to that.", attribution="anonymous")
    comment = contributions.submit(
        session, Kind.COMMENT, sent, participant=who, answers=ideas[0], stance="for"
    )
    hidden = make.idea(session, published=False, text="Held back.")
    contributions.moderate(hidden, Decision.HOLD)
    browser = make.browser(app, Role.RAPPORTEUR)

    def listed(show: str) -> set[str]:
        page = browser.get(f"{HERE}/coding?show={show}").text
        return set(re.findall(r"<code>(PRO-[A-Z]+-\d+)</code>", page))

    everything = {each.reference for each in (*ideas, comment)}
    assert listed("all") == listed("unanswered") == everything
    assert listed("uncoded") == {comment.reference}
    assert browser.get(f"{HERE}/coding/{hidden.reference}").status_code == 404


def test_a_cited_mark_stays_and_an_uncited_one_goes(app, session):
    _ideas, excerpts = make.ready(session)
    browser = make.browser(app, Role.RAPPORTEUR)

    make.send(browser, f"{HERE}/excerpts/{excerpts[0].id}", {"act": "remove"})
    assert "cites this excerpt" in browser.get(f"{HERE}/").text
    assert len(queries.excerpts(session.consultation)) == 3

    operations.change(queries.statement(session.consultation, "1.2"), cites={})
    make.send(browser, f"{HERE}/excerpts/{excerpts[2].id}", {"act": "remove"})
    assert len(queries.excerpts(session.consultation)) == 2


# --- Sentences --------------------------------------------------------------------------------


def test_a_sentence_is_written_counted_reviewed_and_moved_by_forms(app, session):
    _ideas, excerpts = make.coded(session)
    browser = make.browser(app, Role.RAPPORTEUR)

    form = {"theme": "1", "text__en": "asked for it.", "side": "for", "cites": ids(excerpts)}
    assert make.send(browser, f"{HERE}/statements", form).status_code == 303
    statement = queries.statement(session.consultation, "1.1")
    assert {each.role for each in statement.citations} == {"supports", "opposes"}
    assert "Most of them ( 2 of 3 ) asked for it." in plain(browser.get(f"{HERE}/").text)

    against = {"theme": "1", "text__en": "warned.", "side": "against", "cites": ids(excerpts[2:])}
    make.send(browser, f"{HERE}/statements", against)
    second = queries.statement(session.consultation, "1.2")
    assert [each.role for each in second.citations] == ["supports"]

    make.send(browser, f"{HERE}/statements/1.2", {"act": "reviewed", "revision": "1"})
    assert queries.statement(session.consultation, "1.2").is_reviewed
    make.send(browser, f"{HERE}/statements/1.2", {"act": "up"})
    theme = queries.theme(session.consultation, 1)
    assert [each.number for each in queries.statements_of(theme)] == ["1.2", "1.1"]
    make.send(browser, f"{HERE}/statements/1.1", {"act": "remove"})
    assert queries.statement(session.consultation, "1.1") is None


def test_a_sentence_without_source_is_not_reviewed_and_says_why(app, session):
    make.coded(session)
    operations.write(session.consultation, theme=1, text={"en": "acted."}, cites={})
    browser = make.browser(app, Role.RAPPORTEUR)

    answer = make.send(browser, f"{HERE}/statements/1.1", {"act": "reviewed"})

    assert answer.status_code == 422
    assert "This statement has no source." in answer.text
    assert "No source, cannot be reviewed" in browser.get(f"{HERE}/").text


def test_of_two_who_save_the_second_is_shown_both_texts_and_nothing_is_lost(app, session):
    _ideas, excerpts = make.ready(session)
    one, two = make.browser(app, Role.RAPPORTEUR), make.browser(app, Role.ORGANISER)
    page = f"{HERE}/statements/1.1"
    form = {"revision": "1", "side": "for", "cites": ids(excerpts[:2])}

    assert make.send(one, page, form | {"text__en": "first words"}).status_code == 303
    late = make.send(two, page, form | {"text__en": "second words", "cites": ids(excerpts[:1])})

    assert late.status_code == 409
    words = plain(late.text)
    assert f"{one.person.name} saved this sentence while you were writing." in words
    assert "first words" in words
    assert "second words" in late.text
    assert (
        f'id="cite-{excerpts[0].id}" name="cites" value="{excerpts[0].id}" form="open" checked'
        in (late.text)
    )
    assert f'value="{excerpts[1].id}" form="open" checked' not in late.text
    assert queries.statement(session.consultation, "1.1").text == {"en": "first words"}

    both = make.send(two, page, form | {"text__en": "second words", "act": "both"})
    assert re.search(r"first words\s+second words</textarea>", both.text)
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', both.text)[1]
    saved = make.send(two, page, form | {"text__en": "both words", "revision": revision})
    assert saved.status_code == 303
    assert queries.statement(session.consultation, "1.1").text == {"en": "both words"}


def test_ticks_on_other_pages_of_the_list_are_kept(app, session):
    said = [(f"Publish number {number}.", "for") for number in range(33)]
    _ideas, excerpts = make.coded(session, said=said)
    cites = {each.id: None for each in excerpts}
    operations.write(session.consultation, theme=1, text={"en": "asked."}, cites=cites)
    browser = make.browser(app, Role.RAPPORTEUR)

    page = browser.get(f"{HERE}/?statement=1.1&from=30").text

    kept = re.findall(r'<input type="hidden" name="cites" value="(\d+)">', page)
    shown = re.findall(r'name="cites" value="(\d+)" form="open" checked', page)
    assert sorted(map(int, kept + shown)) == sorted(cites)
    assert len(shown) == 3


def test_roles_that_no_side_explains_stay_as_they_were(app, session):
    _ideas, excerpts = make.coded(session)
    cites = {excerpts[0].id: "opposes", excerpts[1].id: "supports"}
    operations.write(session.consultation, theme=1, text={"en": "asked."}, cites=cites)
    browser = make.browser(app, Role.RAPPORTEUR)

    page = browser.get(f"{HERE}/?statement=1.1").text
    assert re.search(r'<input[^>]*checked[^>]*value="kept"', page)
    make.send(
        browser, f"{HERE}/statements/1.1",
        {"revision": "1", "text__en": "asked again.", "side": "kept", "cites": ids(excerpts[:2])},
    )  # fmt: skip

    statement = queries.statement(session.consultation, "1.1")
    assert {each.excerpt_id: each.role for each in statement.citations} == cites


# --- Themes -----------------------------------------------------------------------------------


def test_themes_are_added_renamed_and_merged_by_forms(app, session):
    make.ready(session)
    browser = make.browser(app, Role.RAPPORTEUR)

    make.send(browser, f"{HERE}/themes", {"title__en": "Taxes", "guiding_question": "1"})
    make.send(browser, f"{HERE}/themes/2", {"title__en": "Duties", "guiding_question": "1"})
    assert queries.theme(session.consultation, 2).title == {"en": "Duties"}
    refused = make.send(browser, f"{HERE}/themes/1", {"act": "merge", "into": "1"})
    assert refused.status_code == 409
    assert "choose another theme" in refused.text
    answer = make.send(browser, f"{HERE}/themes/1", {"act": "merge", "into": "2"})

    assert answer.headers["Location"] == f"{HERE}/?theme=2"
    assert queries.statement(session.consultation, "1.1").theme.number == 2


# --- Answers ----------------------------------------------------------------------------------


def test_one_contribution_is_answered_on_a_page_of_its_own(app, session):
    ideas, _excerpts = make.coded(session)
    browser = make.browser(app, Role.RAPPORTEUR)
    page = f"{HERE}/coding/{ideas[0].reference}/answer"
    form = {"disposition": "not_reflected", "statement": "", "text__en": "", "publish": "y"}

    refused = make.send(browser, page, form)
    assert (refused.status_code, "Say why it is not reflected" in refused.text) == (422, True)
    assert make.send(browser, page, form | {"text__en": "It repeats another."}).status_code == 303

    answer = known.answer_to(ideas[0], published=True)
    assert (answer.disposition, answer.text) == ("not_reflected", {"en": "It repeats another."})


def test_ticked_contributions_are_answered_together_all_or_none(app, session):
    ideas, excerpts = make.coded(session)
    cites = {excerpts[0].id: None}
    operations.write(session.consultation, theme=1, text={"en": "asked."}, cites=cites)
    browser = make.browser(app, Role.RAPPORTEUR)
    references = [each.reference for each in ideas[:2]]
    form = {"reference": references, "disposition": "reflected", "publish": "y", "show": "all"}

    none = make.send(browser, f"{HERE}/answers", form | {"reference": []})
    assert (none.status_code, "Tick the contributions" in none.text) == (422, True)
    wrong = make.send(browser, f"{HERE}/answers", form | {"statement": "9.9"})
    assert wrong.status_code == 422
    assert wrong.text.count("There is no statement with this number") == 2  # summary and field
    assert f'value="{references[0]}" id="r-{ideas[0].id}" checked' in wrong.text
    assert known.answers_of([each.id for each in ideas]) == {}

    good = make.send(browser, f"{HERE}/answers", form | {"statement": "1.1"})
    assert good.headers["Location"] == f"{HERE}/coding?show=all"
    assert len(known.answers_of([each.id for each in ideas], published=True)) == 2


# --- Gate, editions, outcome ------------------------------------------------------------------


def test_the_gate_lists_what_blocks_with_a_way_to_each_and_an_owner_freezes(app, session):
    ideas, excerpts = make.coded(session)
    cites = {excerpts[0].id: None}
    operations.write(session.consultation, theme=1, text={"en": "asked."}, cites=cites)
    rapporteur, owner = make.browser(app, Role.RAPPORTEUR), make.browser(app, Role.OWNER)

    page = rapporteur.get(f"{HERE}/")
    words = plain(page.text)
    assert "5 points block edition 1" in words
    assert "§ 1.1 is not reviewed." in words
    assert f'href="{HERE}/?statement=1.1#open"' in page.text
    assert f'href="{HERE}/?theme=1&amp;stance=against#excerpts"' in page.text
    assert f'href="{HERE}/coding?show=unanswered"' in page.text
    refused = make.send(owner, f"{HERE}/editions")
    assert (refused.status_code, "not ready to be frozen" in refused.text) == (409, True)
    assert make.send(rapporteur, f"{HERE}/editions").status_code == 403

    operations.review(queries.statement(session.consultation, "1.1"))
    make.send(rapporteur, f"{HERE}/excerpts/{excerpts[2].id}", {"act": "list"})
    given = contributions.Given("reflected", "1.1", publish=True)
    contributions.answer_many(session.consultation, [(one.reference, given) for one in ideas])

    assert "Nothing blocks edition 1" in plain(rapporteur.get(f"{HERE}/").text)
    assert "warn" not in rapporteur.get(f"{HERE}/preview").headers
    assert make.send(owner, f"{HERE}/editions").status_code == 303
    jobs.run(FREEZING)
    assert "Edition 1" in plain(owner.get(f"{HERE}/editions").text)
    assert queries.latest(session.consultation).number == 1


def test_a_compilation_is_frozen_without_sentences(app, session):
    ideas, _excerpts = make.coded(session)
    given = contributions.Given("few", None, {"en": "Listed."}, publish=True)
    contributions.answer_many(session.consultation, [(one.reference, given) for one in ideas])
    owner = make.browser(app, Role.OWNER)

    assert make.send(owner, f"{HERE}/editions", {"compilation": "yes"}).status_code == 303
    jobs.run(FREEZING)

    assert queries.latest(session.consultation).compilation


def test_words_around_are_kept_and_two_savers_see_both(app, session):
    browser = make.browser(app, Role.RAPPORTEUR)
    page = f"{HERE}/words"

    assert make.send(browser, page, {"revision": "0", "summary__en": "Short"}).status_code == 303
    late = make.send(browser, page, {"revision": "0", "summary__en": "Other"})

    assert late.status_code == 409
    assert "Short" in plain(late.text)
    assert "Other" in late.text
    assert queries.paper_of(session.consultation).words == {"summary": {"en": "Short"}}


def test_an_outcome_is_recorded_and_shown_on_the_programme(app, client, session):
    make.edition(session)
    browser = make.browser(app, Role.RAPPORTEUR)
    form = {"edition": "1", "body__en": "Council", "on": "2028-10-20", "what": "noted",
            "text__en": "It took note."}  # fmt: skip

    assert make.send(browser, f"{HERE}/outcome", form | {"on": "soon"}).status_code == 422
    assert make.send(browser, f"{HERE}/outcome", form).status_code == 303

    assert queries.outcomes(session.consultation)[0].what == "noted"
    assert "It took note of the document." in client.get("/probe/").text


# --- Who may, and what it costs ---------------------------------------------------------------


def test_a_viewer_sees_everything_and_is_offered_nothing_to_change(app, session):
    ideas, _excerpts = make.ready(session)
    viewer = make.browser(app, Role.VIEWER)

    for page in ("/", "/coding?show=all", f"/coding/{ideas[0].reference}", "/editions", "/preview"):
        text = viewer.get(HERE + page).text
        main = text.split("<main", 1)[1]
        assert 'method="post"' not in main, page
    assert make.send(viewer, f"{HERE}/statements/1.1", {"act": "up"}).status_code == 403


def test_nobody_is_named_beyond_what_they_chose(app, session):
    who = make.participant(session, name="Quokka Canary", organisation="Quokka Ltd")
    idea = make.idea(session, who=who, attribution="anonymous", text="Said in secret.")
    operations.add_theme(session.consultation, title={"en": "T"}, guiding_question=1)
    operations.mark(idea, start=0, end=4, theme=1, stance="for")
    browser = make.browser(app, Role.OWNER)

    for page in ("/", "/coding?show=all", f"/coding/{idea.reference}", "/preview",
                 f"/coding/{idea.reference}/answer"):  # fmt: skip
        assert "Quokka" not in browser.get(HERE + page).text, page


def statements(call) -> int:
    """Return how many statements ``call`` sends, nothing being known before."""
    db.session.expire_all()
    queries.keeping.forget()
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        sent.extend([statement] if statement.startswith("SELECT") else [])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


@pytest.mark.parametrize("page", ["/", "/coding?show=all", "/editions", "/preview"])
def test_pages_ask_as_many_questions_of_sixty_contributions_as_of_six(app, session, page):
    browser = make.browser(app, Role.RAPPORTEUR)
    said = [(f"Publish number {number}.", "for") for number in range(6)]
    make.coded(session, said=said)
    browser.get(HERE + page)
    of_six = statements(lambda: browser.get(HERE + page))

    for number in range(6, 60):
        idea = make.idea(session, text=f"Publish number {number}.", guiding_question=1)
        operations.mark(idea, start=0, end=7, theme=1, stance="for")

    assert statements(lambda: browser.get(HERE + page)) <= of_six


def test_words_for_a_sentence_that_somebody_removed_come_back_as_a_new_one(app, session):
    _ideas, excerpts = make.coded(session)
    browser = make.browser(app, Role.RAPPORTEUR)
    operations.write(session.consultation, theme=1, text={"en": "asked."}, cites={})
    operations.remove(queries.statement(session.consultation, "1.1"))
    typed = {"text__en": "asked for much more.", "side": "for", "cites": ids(excerpts[:1])}

    saved = make.send(browser, f"{HERE}/statements/1.1", typed | {"revision": "1"})
    moved = make.send(browser, f"{HERE}/statements/1.1", {"act": "up"})

    assert saved.status_code == 409
    assert "Somebody removed § 1.1 meanwhile. Your words are still here" in saved.text
    assert "asked for much more." in saved.text
    assert re.search(rf'value="{excerpts[0].id}" form="open" checked', saved.text)
    assert f'action="{HERE}/statements"' in saved.text
    assert moved.status_code == 303
    assert "Somebody removed § 1.1 meanwhile." in browser.get(f"{HERE}/").text
    for never in ("nothing", "1", "999.1"):
        assert make.send(browser, f"{HERE}/statements/{never}", typed).status_code in (404, 409)
