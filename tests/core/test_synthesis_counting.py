"""Who counts behind a statement: everybody once, and only living supports."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.refusals import Invalid
from app.core.synthesis import excerpts, statements
from app.core.synthesis.contributors import Said, contributors
from app.core.synthesis.excerpts import Role, Stance
from app.core.synthesis.statements import Citation, Excerpt, NoSource, counted, people, unheard


def who(*said: Said) -> list[tuple[str, ...]]:
    """Return who counts behind each, in order."""
    found = contributors(said)
    return [found[each.reference] for each in said]


def idea(n: int, participant: int | None = None, name: str = "", organisation: str = "") -> Said:
    return Said(f"OT13-I-{n:04}", "idea", "online", participant, name, organisation)


def turn(n: int, participant: int | None = None, name: str = "", organisation: str = "") -> Said:
    return Said(f"OT13-TH-{n}", "turn", "hall", participant, name, organisation)


def note(table: int, round: int, n: int = 1, session: str = "cafe") -> Said:
    series = f"T{table}-R{round}"
    return Said(f"OT13-{series}-{n}-{session}", "note", session, series=series)


def test_a_person_is_one_contributor_in_cafe_town_hall_and_online_round():
    card = Said("OT13-C-0001", "card", "cafe", 7, "Ana Silva")

    assert len({*who(card, turn(1, 7, "Ana Silva"), idea(1, 7, "A. Silva"))}) == 1


def test_people_of_one_organisation_are_one_contributor_whatever_its_capitals():
    assert len({*who(idea(1, 1, "Ana", "Net Nordic"), turn(1, 2, "Bo", " NET NORDIC "))}) == 1
    assert len({*who(idea(1, 1, "Ana", "Net Nordic"), turn(1, 2, "Bo", "Net Ghana"))}) == 2


def test_a_person_who_named_an_organisation_once_counts_as_it_everywhere():
    ana_alone, ana, bo = (
        idea(1, 1, "Ana"),
        turn(1, 1, "Ana", "Net Nordic"),
        idea(2, 2, "Bo", "Net Nordic"),
    )

    assert {*who(ana_alone, ana, bo)} == {("organisation", "net nordic")}


def test_a_person_of_two_organisations_ties_these_to_each_other_for_nobody_else():
    both = [idea(1, 1, "Ana", "One"), idea(2, 1, "Ana", "Two")]

    assert who(*both, idea(3, 2, "Bo", "One"), idea(4, 3, "Cy", "Two")) == [
        ("organisation", "one"),
        ("organisation", "one"),
        ("organisation", "one"),
        ("organisation", "two"),
    ]


def test_a_speaker_without_ticket_is_the_participant_of_the_same_name_and_representation():
    assert len({*who(turn(1, None, "ana silva"), idea(1, 7, "Ana Silva"))}) == 1
    assert len({*who(turn(1, None, "Ana Silva"), turn(2, None, " ANA SILVA"))}) == 1
    assert len({*who(turn(1, None, "Ana Silva", "Org"), idea(1, 7, "Ana Silva"))}) == 2


def test_two_participants_of_one_name_are_two_contributors():
    assert len({*who(idea(1, 7, "Ana Silva"), idea(2, 8, "Ana Silva"))}) == 2


def test_a_table_counts_once_whatever_its_rounds_and_is_none_of_its_people():
    assert len({*who(note(4, 1), note(4, 2), note(4, 2, 2))}) == 1
    assert len({*who(note(4, 1), note(5, 1))}) == 2
    assert len({*who(note(4, 1), note(4, 1, session="second"))}) == 2
    host = Said("OT13-T4-R1-9", "note", "cafe", 7, "Ana", "Org", "T4-R1")
    assert len({*who(host, note(4, 1), idea(1, 7, "Ana", "Org"))}) == 2


def test_cards_of_nobody_known_count_one_by_one():
    assert len({*who(Said("a", "card", "cafe"), Said("b", "card", "cafe"))}) == 2


names = st.sampled_from(["", "Ana", "ana ", "Bo", "Cy"])
organisations = st.sampled_from(["", "Net", "net", "Org"])
everything = st.lists(
    st.builds(
        Said,
        reference=st.uuids().map(str),
        kind=st.sampled_from(["idea", "turn", "card"]),
        session=st.just("s"),
        participant=st.none() | st.integers(1, 4),
        name=names,
        organisation=organisations,
    ),
    max_size=12,
)


@given(everything)
def test_one_participant_is_never_two_contributors(said):
    found = contributors(said)
    by_person: dict[object, set] = {}
    for each in said:
        if each.participant is not None:
            by_person.setdefault(each.participant, set()).add(found[each.reference])
    assert all(len(keys) == 1 for keys in by_person.values())
    assert set(found) == {each.reference for each in said}


living = st.booleans()
excerpt_lists = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(list(Stance)), living, st.booleans()), max_size=12
).map(lambda rows: [Excerpt(n, *row) for n, row in enumerate(rows)])


@given(excerpt_lists, st.data())
def test_supporters_are_counted_once_each_and_withdrawn_or_other_roles_never(theme, data):
    cited = data.draw(
        st.lists(st.builds(Citation, st.sampled_from(theme), st.sampled_from(list(Role))))
        if theme
        else st.just([])
    )
    found = counted(cited, theme)

    supporters = []
    for each in cited:
        alive = each.role is Role.SUPPORTS and each.excerpt.living
        if alive and each.excerpt.contributor not in supporters:
            supporters.append(each.excerpt.contributor)
    assert found.n == len(supporters)
    assert found.base == len({each.contributor for each in theme if each.living})
    assert found.n <= found.base


def test_who_supports_from_another_theme_belongs_to_the_base():
    elsewhere = Citation(Excerpt(9, "Ana", "for"), Role.SUPPORTS)

    assert (counted([elsewhere], [Excerpt(1, "Bo", "for")]).n, 2) == (1, 2)
    assert counted([elsewhere], [Excerpt(1, "Bo", "for")]).base == 2


def test_contributors_of_a_theme_by_stance():
    theme = [
        Excerpt(1, "Ana", "for"),
        Excerpt(2, "Ana", "against"),
        Excerpt(3, "Bo", "for"),
        Excerpt(4, "Cy", "for", living=False),
    ]

    assert people(theme) == people(theme, "for") == {"Ana", "Bo"}
    assert people(theme, "against") == {"Ana"}


@pytest.mark.parametrize(
    ("stance", "role"),
    [
        ("for", "supports"),
        ("against", "opposes"),
        ("mixed", "illustrates"),
        ("question", "illustrates"),
        ("fact", "illustrates"),
    ],
)
def test_a_citation_takes_its_role_from_the_stance(stance, role):
    assert excerpts.role(stance) == role


sources = st.builds(Excerpt, st.integers(), st.integers(), st.just("for"), living=st.booleans())


@given(st.lists(st.builds(Citation, sources, st.sampled_from(list(Role)))))
def test_a_statement_is_reviewed_only_on_a_source_that_can_be_read(cited):
    if any(each.excerpt.living for each in cited):
        statements.review(cited)
    else:
        with pytest.raises(NoSource) as refusal:
            statements.review(cited)
        assert (refusal.value.code, refusal.value.status) == ("no_source", 422)


def test_what_is_against_is_heard_when_any_sentence_of_the_theme_cites_it_or_it_is_answered():
    against = Excerpt(1, "Ana", "against")
    quiet = [
        Excerpt(2, "Bo", "against", answered=True),
        Excerpt(3, "Cy", "against", living=False),
        Excerpt(4, "Di", "for"),
        Excerpt(5, "Ed", "mixed"),
    ]

    assert unheard([against, *quiet], set()) == [against]
    assert unheard([against, *quiet], {against.id}) == []
    assert unheard([against], {quiet[2].id}) == [against]


def test_statements_are_sorted_by_number_not_by_letter():
    numbers = [statements.number(3, n) for n in (10, 2, 1)]

    assert sorted(numbers, key=statements.parts) == ["3.1", "3.2", "3.10"]


@given(st.text(max_size=12), st.integers(-2, 14), st.integers(-2, 14))
def test_a_passage_is_what_stands_between_its_offsets_or_refused(text, start, end):
    within = 0 <= start < end <= len(text)
    if within and "".join(list(text)[start:end]).strip():
        found = excerpts.quote(text, start, end)
        assert found == "".join(list(text)[start:end])
        assert excerpts.find(text, found, start) == start
    else:
        with pytest.raises(Invalid) as refusal:
            excerpts.quote(text, start, end)
        assert {error.field for error in refusal.value.errors} <= {"start", "end"}


def test_offsets_are_code_points():
    assert excerpts.quote("🌍🌍 أن تُنشر", 0, 1) == "🌍"
    assert excerpts.quote("🌍🌍 أن تُنشر", 3, 5) == "أن"


@pytest.mark.parametrize(
    ("now", "place"),
    [
        ("publish it, publish it", 12),
        ("so publish it all", 3),
        ("publish them", None),
        ("", None),
        ("[withdrawn]", None),
    ],
)
def test_words_that_only_moved_are_not_changed(now, place):
    assert excerpts.find(now, "publish it", 9) == place


def test_of_two_equal_places_the_first_is_taken_and_no_words_are_nowhere():
    assert excerpts.find("ab..ab", "ab", 2) == 0
    assert excerpts.find("ab", "", 0) is None
