"""What the columns of a cohort's students and the tables of its releases are called: the words that both sides use."""

BOTH, EARLIER, LATER = "both terms", "earlier only", "later only"
EARLIER_ALONE, LATER_ALONE = "earlier, not linked", "later, not linked"
OTHER = "other terms only"
NEVER = "in no term"
TOOK_PART, WITH_MENTORS, CLASS_YEAR, MENTOR_TYPE = "part", "part with mentors", "class_year", "mentor_type"
IN_EARLIER, IN_LATER = (BOTH, EARLIER, EARLIER_ALONE), (BOTH, LATER, LATER_ALONE)
PARTS = (BOTH, EARLIER, EARLIER_ALONE, LATER, LATER_ALONE, OTHER, NEVER)
"""How a student took part in two terms, in this order: with any score, or (`WITH_MENTORS`) one about a mentor."""
INDICES = ("practice_index", "outcome_index")
NOT_GIVEN = "not given"  # the class year of a student who gave none
UP, SAME, DOWN = "up", "same", "down"


def in_term(scale: str, term: str, mentor_type: str = "") -> str:
    """The column of a score in a term, over all relationships or those of one type: `practice_index 2026-fall peer`."""
    return " ".join(filter(None, (scale, term, mentor_type)))


def between(scale: str, terms: tuple[str, str]) -> str:
    """The column of the change from the earlier term to the later: `practice_index 2026-spring to 2026-fall`."""
    return f"{scale} {terms[0]} to {terms[1]}"


def reliably(index: str, terms: tuple[str, str]) -> str:
    """The column that says whether an index moved by more than its noise: `up`, `same` or `down`."""
    return f"reliable {between(index, terms)}"
