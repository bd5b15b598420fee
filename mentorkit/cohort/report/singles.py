"""Tables without a picture: single students who moved, sizes of change, who left, and how reliable the indices are."""

from collections.abc import Iterator

from mentorkit.cohort.report import words as say
from mentorkit.cohort.report.charts.canvas import known
from mentorkit.cohort.report.document import Grid, Shown
from mentorkit.cohort.report.reading import Reading
from mentorkit.content import Content

INDICES = ("practice_index", "outcome_index")
CONSISTENCY = ("alpha", "alpha low", "alpha high", "omega")
WAYS = ("up", "same", "down")


def index_names(content: Content) -> dict[str, str]:
    """Both indices by name."""
    return {index: content.cohort[f"kind_{index}"] for index in INDICES}


def singles(content: Content, found: Reading) -> Iterator[Shown]:
    """How many single students moved by more than noise, and how large the change is in standard deviations."""
    words, names = content.cohort, index_names(content)
    if found.pair is None:
        return
    moved = {index: tuple(found.moved(index, way) for way in WAYS) for index in INDICES}
    asked = {index: shares for index, shares in moved.items() if any(shares)}
    if asked:
        said = " ".join(say.moved(words, names[index], shares[0], shares[2]) for index, shares in asked.items())
        rows = tuple((names[i], *(say.cell(words, one, percent=True) for one in shares)) for i, shares in asked.items())
        heads = (words["head_scale"], *(words[f"reliable_{way}"] for way in WAYS))
        yield Shown("reliable-change", said, words["how_reliable"], Grid(words["table_reliable"], heads, rows))
    sizes = {index: [found.figure(name, index, *found.pair) for name in ("dz", "d_av")] for index in INDICES}
    if any(one for pair in sizes.values() for one in pair):
        rows = tuple(
            (names[index], *(say.cell(words, one, signed=True) for one in pair)) for index, pair in sizes.items()
        )
        heads = (words["head_scale"], words["head_dz"], words["head_d_av"])
        said = " ".join(
            words["sizes_said"].format(scale=names[index], number=say.number(words, pair[1]))
            for index, pair in sizes.items()
            if known(pair[1]) is not None
        )
        yield Shown("sizes", said, words["how_sizes"], Grid(words["table_sizes"], heads, rows))


def leavers(content: Content, found: Reading) -> Iterator[Shown]:
    """Who did not come back beside who did, in the earlier term."""
    words, names = content.cohort, index_names(content)
    if found.pair is None:
        return
    term = found.pair[0]
    parts = [one for one in found.levels("part", term) if one in ("both terms", "earlier only", "earlier, not linked")]
    if not parts:
        return
    rows = tuple(
        (
            words[f"part_{part.replace(',', '').replace(' ', '_')}"],
            *(say.cell(words, found.mean(index, term, part=part)) for index in INDICES),
        )
        for part in parts
    )
    called = content.calendar.name(term)
    heads = (words["head_group"], *names.values())
    yield Shown(
        "leavers",
        words["leavers_finding"].format(term=called),
        words["not_tested"],
        Grid(words["table_leavers"].format(term=called), heads, rows),
    )


def consistency(content: Content, found: Reading) -> Iterator[Shown]:
    """Alpha with its interval, and omega, of both indices in each term."""
    words, names = content.cohort, index_names(content)
    rows = []
    for term in found.terms:
        for index, name in names.items():
            figures = [found.figure(one, index, term) for one in CONSISTENCY]
            if any(figures):
                rows.append((f"{name}, {content.calendar.name(term)}", *(say.cell(words, one) for one in figures)))
    if rows:
        heads = (words["head_scale"], *(words[f"head_{one.replace(' ', '_')}"] for one in CONSISTENCY))
        grid = Grid(words["table_consistency"], heads, tuple(rows))
        called = content.calendar.name(found.terms[-1])
        alphas = {name: found.figure("alpha", index, found.terms[-1]) for index, name in names.items()}
        said = " ".join(
            words["consistency_said" if known(one) is not None else "consistency_withheld"].format(
                scale=name, number=say.number(words, one), term=called
            )
            for name, one in alphas.items()
        )
        yield Shown("consistency", said, words["how_consistency"], grid)
