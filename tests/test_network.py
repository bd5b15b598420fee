"""Who covers what: coverage, concentration, variety and change, and how the records come to a network."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import says

from mentorkit import open_workbook
from mentorkit.network import OWN_AREA, Member, compare, concentration, coverage, network, shares, variety
from mentorkit.store import Answered

AREAS = ("academic", "clinical", "career", "research")
TODAY = date(2026, 11, 22)
STEPS = ("none", "thin", "covered")

links = st.dictionaries(st.sampled_from(AREAS), st.frozensets(st.sampled_from("abcdef"), max_size=4))
members = st.lists(
    st.builds(
        Member,
        mentor=st.sampled_from("abcdef"),
        areas=st.frozensets(st.sampled_from((*AREAS, OWN_AREA))),
        often=st.sampled_from((None, "weekly", "rarely")),
        rank=st.sampled_from((None, "ahead", "faculty")),
        kind=st.sampled_from((None, "peer", "research")),
        distance=st.sampled_from((None, "remote")),
    ),
    unique_by=lambda one: one.mentor,
    max_size=6,
)


def of(*found: Member, term="2026-fall", own=""):
    return network(term, found, AREAS, own)


def one(mentor: str, *areas: str, **more) -> Member:
    return Member(mentor, frozenset(areas), **more)


# Coverage


def test_an_area_is_covered_by_nobody_by_one_or_by_more():
    net = of(one("sam", "academic", "clinical"), one("kim", "academic"))
    assert net.coverage == {"academic": "covered", "clinical": "thin", "career": "none", "research": "none"}
    assert net.links["academic"] == ("sam", "kim")
    assert net.with_coverage("none") == ("career", "research")
    assert not net.is_empty


def test_a_mentor_counts_once_in_an_area():
    assert coverage({"academic": ["sam", "sam"]}) == {"academic": "thin"}


def test_without_anybody_every_area_is_open():
    net = of()
    assert net.is_empty and net.concentration is None and net.seldom == ()
    assert set(net.coverage.values()) == {"none"}


def test_an_own_area_is_there_when_it_is_named_or_covered():
    assert OWN_AREA not in of(one("sam", "academic")).links
    assert of(own="being far from home").coverage[OWN_AREA] == "none"
    assert of(one("sam", OWN_AREA)).coverage[OWN_AREA] == "thin"


def test_an_area_is_seldom_covered_when_everybody_there_is_rarely_in_touch():
    rare, often = one("sam", "academic", "career", often="rarely"), one("kim", "academic", often="weekly")
    assert of(rare, often).seldom == ("career",)
    assert of(rare, one("lee", "career")).seldom == ("academic",)  # of Lee it is not known


@given(links, st.sampled_from(AREAS), st.sampled_from("abcdefgh"))
def test_one_more_link_never_lowers_a_coverage(found, area, mentor):
    more = {**found, area: found.get(area, frozenset()) | {mentor}}
    before, after = coverage(found), coverage(more)
    assert all(STEPS.index(after[name]) >= STEPS.index(before[name]) for name in found)
    assert after[area] != "none"


# Concentration


def test_from_six_in_ten_up_one_mentor_carries_a_lot():
    found = {"academic": ["sam", "kim"], "clinical": ["sam", "kim"], "career": ["sam"]}
    assert shares(found) == {"kim": Fraction(2, 5), "sam": Fraction(3, 5)}
    high = concentration(found)
    assert (high.mentors, high.share, high.is_high) == (("sam",), 0.6, True)
    less = concentration({**found, "research": ["kim"]})
    assert (less.mentors, less.share, less.is_high) == (("kim", "sam"), 0.5, False)


def test_concentration_is_said_with_three_covered_areas_at_least():
    assert not concentration({"academic": ["sam"], "clinical": ["sam"], "career": []}).is_high
    assert concentration({"academic": ["sam"], "clinical": ["sam"], "career": ["sam"]}).is_high


@given(links)
def test_shares_sum_to_one(found):
    assert sum(shares(found).values()) == (1 if any(found.values()) else 0)


@given(links)
def test_whoever_carries_a_lot_is_alone(found):
    largest = concentration(found)
    assert largest is None or not largest.is_high or len(largest.mentors) == 1


# Variety


def test_variety_counts_what_is_different_and_never_adds_it_up():
    found = variety([one("a", kind="peer", rank="ahead"), one("b", kind="peer", distance="remote"), one("c")])
    assert (found.kinds, found.ranks, found.distances) == ({"peer"}, {"ahead"}, {"remote"})
    assert set(vars(found)) == {"kinds", "ranks", "distances"}


# Order and names


@given(members, st.randoms())
def test_the_order_of_mentors_changes_nothing(found, rng):
    mixed = rng.sample(found, len(found))
    here, there = of(*found), of(*mixed)
    assert (here.coverage, here.concentration, here.variety) == (there.coverage, there.concentration, there.variety)
    assert here.seldom == there.seldom
    assert compare(here, there).is_none


@given(members)
def test_other_names_change_nothing(found):
    def renamed(mentor):
        return chr(ord("z") - ord(mentor) + ord("a"))

    here = of(*found)
    there = of(*(Member(**{**vars(one), "mentor": renamed(one.mentor)}) for one in found))
    assert (here.coverage, here.variety, here.seldom) == (there.coverage, there.variety, there.seldom)
    if here.concentration:
        assert set(there.concentration.mentors) == set(map(renamed, here.concentration.mentors))
        assert (there.concentration.share, there.concentration.is_high) == (
            here.concentration.share,
            here.concentration.is_high,
        )


# Change


def test_areas_are_gained_and_lost_and_people_are_new_and_gone():
    before = of(one("sam", "academic", "clinical"), one("kim", "clinical"))
    after = of(one("kim", "clinical", "career"), one("lee", "research", "career"))
    found = compare(before, after)
    assert found.lost == ("academic",) and found.gained == ("career", "research")
    assert found.steps["clinical"] == ("covered", "thin")
    assert (found.new, found.gone) == (("lee",), ("sam",))
    assert not found.is_none


def test_somebody_else_in_the_same_area_is_no_change_of_coverage():
    found = compare(of(one("sam", "academic")), of(one("kim", "academic")))
    assert found.steps == {} and found.new == ("kim",) and found.gone == ("sam",)


def test_an_own_area_is_compared_under_the_same_name_only():
    alone = one("sam", OWN_AREA)
    assert compare(of(own="far from  Home"), of(alone, own="Far from home")).gained == (OWN_AREA,)
    assert compare(of(own="far from home"), of(alone, own="a dual degree")).gained == ()


@given(members)
def test_a_network_is_no_different_from_itself(found):
    assert compare(of(*found), of(*found)).is_none


@given(members, members)
def test_what_is_gained_one_way_is_lost_the_other(first, second):
    there, back = compare(of(*first), of(*second)), compare(of(*second), of(*first))
    assert set(there.gained) == set(back.lost) and set(there.new) == set(back.gone)


# From the records


@pytest.fixture
def book(tmp_path):
    return open_workbook(tmp_path, today=lambda: TODAY)


def member(net, mentor):
    return next(found for found in net.members if found.mentor == mentor)


def test_what_is_said_about_a_mentor_counts(book):
    sam = book.add_mentor("Sam", "peer", distance="remote")
    says(book, sam, "academic", "career", often="weekly", rank="ahead")
    found = member(book.network(), sam)
    assert (found.areas, found.said_in) == ({"academic", "career"}, "2026-fall")
    assert (found.often, found.rank, found.kind, found.distance) == ("weekly", "ahead", "peer", "remote")
    assert found.looked_at and not found.named
    assert book.network().coverage["academic"] == "thin"


def test_the_needs_name_mentors_until_something_is_said_about_them(book):
    sam = book.add_mentor("Sam")
    book.answer("needs", "support.clinical", 2)
    book.answer("needs", "support.clinical.from", [sam])
    found = member(book.network(), sam)
    assert (found.areas, found.named, found.looked_at) == ({"clinical"}, True, True)
    says(book, sam, "career")
    assert member(book.network(), sam).areas == {"career"}


def test_a_name_on_the_needs_counts_only_while_it_is_asked_for(book):
    sam = book.add_mentor("Sam")
    book.answer("needs", "support.clinical", 2)
    book.answer("needs", "support.clinical.from", [sam])
    book.answer("needs", "support.clinical", 0)
    assert not book.network().links["clinical"]


def test_nothing_is_an_answer_too(book):
    sam = book.add_mentor("Sam")
    says(book, sam, "academic", term="2026-spring")
    says(book, sam)
    found = member(book.network(), sam)
    assert (found.areas, found.said_in, found.looked_at) == (frozenset(), "2026-fall", True)


def test_of_a_mentor_not_looked_at_the_last_answer_is_carried_over_and_marked(book):
    sam = book.add_mentor("Sam")
    says(book, sam, "career", term="2025-fall", often="weekly")
    says(book, sam, "academic", term="2026-spring", rank="ahead")
    found = member(book.network(), sam)
    assert (found.areas, found.said_in, found.looked_at) == ({"academic"}, "2026-spring", False)
    assert (found.often, found.rank) == ("weekly", "ahead")


def test_how_often_alone_is_a_look_and_leaves_the_areas_carried_over(book):
    sam = book.add_mentor("Sam")
    says(book, sam, "academic", term="2026-spring")
    book.answer("network", "network.often", "rarely", mentor=sam)
    found = member(book.network(), sam)
    assert (found.looked_at, found.said_in) == (True, "2026-spring")


def test_of_a_new_mentor_nothing_is_known(book):
    sam = book.add_mentor("Sam")
    found = member(book.network(), sam)
    assert (found.areas, found.said_in, found.looked_at) == (frozenset(), None, False)


def test_a_mentor_who_left_no_longer_covers_an_area(book):
    sam = book.add_mentor("Sam")
    says(book, sam, "academic", term="2026-spring")
    says(book, sam, "academic")
    book.change_mentor(sam, left=True)
    assert not book.network().members
    assert book.network("2026-spring").links["academic"] == (sam,)  # then they did
    book.change_mentor(sam, left=False)
    assert book.network().links["academic"] == (sam,)


def test_what_a_mentor_who_left_said_is_not_carried_over(book):
    sam = book.add_mentor("Sam")
    says(book, sam, "academic", term="2025-fall")
    assert book.network("2026-spring").is_empty is False
    book.change_mentor(sam, left=True)
    assert book.network("2026-spring").is_empty
    assert book.network("2025-fall").links["academic"] == (sam,)
    book.term = "2026-spring"
    book.answer("network", "network.often", "rarely", mentor=sam)
    book.term = "2026-fall"
    assert member(book.network("2026-spring"), sam).areas == frozenset()


def test_a_later_answer_says_nothing_about_an_earlier_term(book):
    sam = book.add_mentor("Sam")
    says(book, sam, "academic")
    assert not book.network("2026-spring").members
    assert book.network("2026-fall").members


def test_somebody_who_is_only_approached_is_no_part_of_the_network(book):
    person = book.add_prospect("Dr. Osei")
    assert not book.network().members
    book.answer("approach", "approach.state", "mentor", mentor=person)
    assert [found.mentor for found in book.network().members] == [person]


def test_an_own_area_goes_by_its_last_name_and_is_not_carried_over_to_another(book):
    sam = book.add_mentor("Sam")
    book.term = "2026-spring"
    book.answer("needs", "area.own", "far from home")
    says(book, sam, OWN_AREA, "academic")
    book.term = "2026-fall"
    assert book.network().own == "far from home"
    assert book.network().links[OWN_AREA] == (sam,)
    book.answer("needs", "area.own", "a dual degree")
    assert book.network().own == "a dual degree"
    assert book.network().links[OWN_AREA] == ()
    assert book.network().links["academic"] == (sam,)
    book.answer("needs", "area.own", None)
    assert OWN_AREA not in book.network().links


def test_another_name_for_a_mentor_changes_nothing(book):
    sam = book.add_mentor("Sam")
    says(book, sam, "academic")
    before = book.network()
    book.change_mentor(sam, name="Samuel")
    assert book.network() == before


def test_what_no_form_would_write_covers_nothing(book):
    sam = book.add_mentor("Sam")
    says(book, sam, "academic")
    revision = book.draft("network", mentor=sam).revision
    for place, (item, value) in enumerate({"network.areas": {"academic": 1}, "network.rank": ["ahead"]}.items()):
        facts = {"worksheet": "network", "version": 1, "term": book.term, "subject": sam}
        book.add([Answered(revision=revision + 1 + place, item=item, value=value, **facts)])
    assert book.network().is_empty
