r"""Small worksheets with the ids of the real ones, so that the tests of the core need no content.

The core is covered by its own tests, every branch of it:

    coverage run --branch -m pytest tests/test_{worksheet,term,scoring,reliability,matching,stability,change}.py
    coverage report --fail-under=100 --include="$(echo \
        mentorkit/{worksheet,term,scorecard,scoring,reliability,matching,stability,change}.py | tr ' ' ,)"
"""

from hypothesis import strategies as st

from mentorkit.worksheet import NOT_COUNTED, Answers, Worksheet

AREAS = ("academic", "clinical", "career", "professional", "emotional", "networking", "research")
PRACTICES = (
    "expectations", "prepared", "followthrough", "feedback",
    "appreciation", "professionalism", "reciprocity", "reassess",
)  # fmt: skip
OUTCOMES = ("progress", "trust", "growth", "access")
FACETS = ("a", "b", "c")  # of which the short form has "a"
EARLY = ("expectations", "prepared", "professionalism", "access")  # asked with fewer than two meetings too

STRENGTH = {
    kind: dict(zip(AREAS, row, strict=True))
    for kind, row in {
        "peer": (3, 1, 1, 2, 3, 1, 1),
        "faculty": (2, 3, 2, 3, 1, 2, 1),
        "research": (1, 0, 1, 1, 0, 2, 3),
        "specialty": (0, 2, 3, 1, 0, 2, 2),
        "leadership": (0, 0, 1, 3, 1, 2, 0),
        "online": (1, 0, 2, 1, 1, 2, 1),
        "national": (0, 0, 2, 2, 2, 3, 1),
    }.items()
}

FULL = {"relationship.form": "full"}
MET = {"relationship.meetings": "2-3"}


def _rating(item: str, codes=range(5), **more) -> dict:
    options = [{"code": code, "label": f"{code}"} for code in codes] + [{"code": NOT_COUNTED, "label": "no occasion"}]
    return {"kind": "rating", "id": item, "text": item, "scale": "scale", "options": options, **more}


def _choice(item: str, *codes: str, **more) -> dict:
    options = [{"code": code, "label": code} for code in codes]
    return {"kind": "choice", "id": item, "text": item, "options": options, **more}


def _subscale(subscale: str, *items: str) -> dict:
    return {"id": subscale, "items": items or (subscale,)}


def _area(area: str) -> dict:
    facets = [_rating(f"need.{area}.{facet}") for facet in FACETS]
    return {"id": area, "title": area, "item": [*facets, _rating(f"support.{area}")]}


def _own() -> dict:
    named = {"when": {"area.own": "answered"}}
    words = {"kind": "text", "id": "area.own", "text": "own"}
    ratings = (_rating(item, **named) for item in ("need.own.overall", "support.own"))
    return {"id": "own", "title": "own", "item": [words, *ratings]}


def _topic(family: str, topic: str) -> dict:
    first, *others = (f"{family}.{topic}.{facet}" for facet in FACETS)
    short = {"relationship.form": ["short"]}
    items = [_rating(first, short=True), *(_rating(item, unless=short) for item in others)]
    few = {} if topic in EARLY else {"relationship.meetings": ["none", "one"]}
    return {"id": topic, "title": topic, "item": items, "unless": few}


def needs_worksheet() -> Worksheet:
    top = {
        "kind": "choices", "id": "top.areas", "text": "top", "at_most": 3,
        "options": [{"code": area, "label": area} for area in (*AREAS, "own")],
    }  # fmt: skip
    needs = [_subscale(f"need.{area}", *(f"need.{area}.{facet}" for facet in FACETS)) for area in AREAS]
    return Worksheet.model_validate({
        "id": "needs", "version": 1, "title": "Needs", "minutes": 5,
        "section": [*map(_area, AREAS), _own(), {"id": "top", "title": "top", "item": [top]}],
        "subscale": [
            *needs, *(_subscale(f"support.{area}") for area in AREAS),
            _subscale("need.own", "need.own.overall"), _subscale("support.own"),
        ],
    })  # fmt: skip


def relationship_worksheet() -> Worksheet:
    topics = [("practice", one) for one in PRACTICES] + [("outcome", one) for one in OUTCOMES]
    begin = [
        _choice("relationship.meetings", "none", "one", "2-3", "4+"),
        _choice("relationship.form", "short", "full"),
    ]
    end = [
        _rating("relationship.overall", range(11), unless={"relationship.form": ["short"]}),
        _rating("relationship.change", range(-3, 4), optional=True, unless={"relationship.form": ["short"]}),
        _choice("relationship.decision", "keep", "adjust", "add", "pause", "close"),
    ]
    return Worksheet.model_validate({
        "id": "relationship", "version": 1, "title": "Relationship", "minutes": 8, "per_mentor": True,
        "section": [
            {"id": "before", "title": "before", "item": begin},
            *(_topic(family, topic) for family, topic in topics),
            {"id": "overall", "title": "overall", "item": end},
        ],
        "subscale": [
            _subscale(f"{family}.{topic}", *(f"{family}.{topic}.{facet}" for facet in FACETS))
            for family, topic in topics
        ],
    })  # fmt: skip


def need(area: str, *codes: object, support: object = None) -> Answers:
    """The answers of one area: its facets in order, None for no answer."""
    facets = {f"need.{area}.{facet}": code for facet, code in zip(FACETS, codes, strict=False)}
    return {item: code for item, code in {**facets, f"support.{area}": support}.items() if code is not None}


def topic(name: str, *codes: object) -> Answers:
    """The answers of one practice or outcome, in order, None for no answer."""
    family = "practice" if name in PRACTICES else "outcome"
    facets = {f"{family}.{name}.{facet}": code for facet, code in zip(FACETS, codes, strict=False)}
    return {item: code for item, code in facets.items() if code is not None}


def every(code: object, names: tuple[str, ...] = (*PRACTICES, *OUTCOMES)) -> Answers:
    """A full form after several meetings, every item of these practices and outcomes with the same answer."""
    answers = {**FULL, **MET}
    for name in names:
        answers |= topic(name, code, code, code)
    return answers


def all_areas(code: object, support: object) -> Answers:
    """Every need with the same answer, and every support with another."""
    found = {}
    for area in AREAS:
        found |= need(area, code, code, code, support=support)
    return found


replies = st.one_of(st.integers(0, 4), st.just(NOT_COUNTED), st.none())
strengths = st.lists(st.fixed_dictionaries(dict.fromkeys(AREAS, st.integers(0, 3))), min_size=1, max_size=5).map(
    lambda rows: {f"type{place}": row for place, row in enumerate(rows)}
)


@st.composite
def needs_answers(draw: st.DrawFn) -> Answers:
    """Any answers to the needs worksheet, with gaps."""
    found = {}
    for area in AREAS:
        found |= need(area, *draw(st.lists(replies, min_size=3, max_size=3)), support=draw(replies))
    return found
