"""The parts of a report on needs and relationships; a part of which the release says nothing is left out."""

from collections.abc import Iterator

from mentorkit.cohort.report import words as say
from mentorkit.cohort.report.charts import ChangeRow, Course, HeatRow, SpreadRow, changes, courses, heat_map, spreads
from mentorkit.cohort.report.document import Grid, Section, Shown
from mentorkit.cohort.report.reading import Reading
from mentorkit.cohort.report.singles import index_names, singles
from mentorkit.content import Content

Names = dict[str, str]


def chart_words(content: Content) -> Names:
    """The words inside of pictures."""
    return {key.removeprefix("chart_"): text for key, text in content.cohort.items() if key.startswith("chart_")}


def areas(content: Content, kind: str) -> Names:
    """The scales of one kind (need, support, unmet), each with its area's name."""
    return {f"{kind}.{area.id}": area.name for area in content.areas.values()}


def practices(content: Content) -> Names:
    """The scales of practices and their index, with names."""
    whole = {"practice_index": content.cohort["kind_practice_index"]}
    return whole | {f"practice.{one.id}": one.name for one in content.practices.values()}


def outcomes(content: Content) -> Names:
    """The scales of outcomes and their index, with names."""
    whole = {"outcome_index": content.cohort["kind_outcome_index"]}
    return whole | {f"outcome.{one.id}": one.name for one in content.outcomes.values()}


# Needs


def needs(content: Content, found: Reading) -> Section | None:
    """Unmet need by area and class year, and need beside support."""
    shown = [*_maps(content, found), *_need_tables(content, found)]
    return Section("needs", content.cohort["needs"], tuple(shown)) if shown else None


def _maps(content: Content, found: Reading) -> Iterator[Shown]:
    words, term = content.cohort, found.last
    years = found.levels("class_year", term)
    whole = {scale: found.mean(scale, term) for scale in areas(content, "unmet")}
    if not any(whole.values()):
        return
    columns = (words["all"], *(found.name("class_year", year) for year in years))
    rows = [
        HeatRow(name, (whole[scale], *(found.mean(scale, term, class_year=year) for year in years)))
        for scale, name in areas(content, "unmet").items()
        if whole[scale] is not None
    ]
    called = content.calendar.name(term)
    sentence = say.highest(words, "unmet", called, [(row.name, row.numbers[0]) for row in rows])
    by_year = say.unmet_map(words, called, columns, rows) if years else ""
    grid = Grid(
        words["table_unmet" if years else "table_unmet_all"].format(term=called),
        (words["head_area"], *columns),
        tuple((row.name, *(say.cell(words, one) for one in row.numbers)) for row in rows),
    )
    inside = chart_words(content)
    who = words["who_term"].format(students=say.number(words, found.answered(term)), term=called)
    yield Shown(
        "unmet-map",
        f"{sentence} {by_year}".strip(),
        f"{who} {words['how_unmet']} {words['not_tested'] if years else ''}".strip(),
        grid,
        lambda canvas, style: heat_map(canvas, columns, rows, inside, style),
    )


def _need_tables(content: Content, found: Reading) -> Iterator[Shown]:
    words = content.cohort
    rows: list[tuple[str, ...]] = []
    for area in content.areas.values():
        cells = [found.mean(f"{kind}.{area.id}", term) for kind in ("need", "support", "unmet") for term in found.terms]
        if any(cells):
            rows.append((area.name, *(say.cell(words, one) for one in cells)))
    if rows:
        kinds = [words[f"kind_{kind}"] for kind in ("need", "support", "unmet")]
        heads = [f"{kind}, {content.calendar.name(term)}" for kind in kinds for term in found.terms]
        first = [(area.name, found.mean(f"need.{area.id}", found.last)) for area in content.areas.values()]
        sentence = say.highest(words, "need", content.calendar.name(found.last), first)
        grid = Grid(words["table_needs"], (words["head_area"], *heads), tuple(rows))
        yield Shown("needs-table", sentence, words["how_needs"], grid)


# Change


def change(content: Content, found: Reading) -> Section | None:
    """The same students in two terms: practices, outcomes, unmet need, need and support."""
    groups = (
        ("practices", "practices", practices(content)),
        ("outcomes", "outcomes", outcomes(content)),
        *((kind, "areas", areas(content, kind)) for kind in ("unmet", "need", "support")),
    )
    shown = [one for subject, what, scales in groups if (one := _change(content, found, subject, what, scales))]
    shown += singles(content, found)
    return Section("change", content.cohort["change"], tuple(shown)) if shown else None


def change_rows(found: Reading, scales: Names) -> list[ChangeRow]:
    """The paired changes of these scales that were asked for."""
    rows = (found.change(scale, name) for scale, name in scales.items())
    return [row for row in rows if row is not None]


def _change(content: Content, found: Reading, subject: str, what: str, scales: Names) -> Shown | None:
    words, rows = content.cohort, change_rows(found, scales)
    if not rows or found.pair is None:
        return None
    before, after = (content.calendar.name(term) for term in found.pair)
    heads = (
        words["head_scale"],
        words["head_before"].format(term=before),
        words["head_after"].format(term=after),
        words["head_change"],
        words["head_interval"],
        words["head_verdict"],
        *((words["head_students"],) if any(row.change and row.change.n for row in rows) else ()),
    )
    cells = tuple(_change_cells(words, row, len(heads) > 6) for row in rows)
    inside = chart_words(content) | {"before": before, "after": after}
    behind = max((n for row in rows if row.change and (n := row.change.n)), default=None)
    who = words["who_pair"].format(students=say.people(words, behind), before=before, after=after)
    about = words[f"subject_{subject}"]
    caption = words["table_change"].format(before=before, after=after, subject=about)
    return Shown(
        f"change-{subject}",
        say.changes(words, rows, before, after, words[what], about),
        f"{who} {words['how_change']}",
        Grid(caption, heads, cells),
        lambda canvas, style: changes(canvas, rows, inside, style),
    )


def _change_cells(words: say.Words, row: ChangeRow, with_n: bool) -> tuple[str, ...]:
    verdict = {True: "chart_detectable", False: "chart_not_detectable", None: "withheld"}[row.is_detectable]
    n = row.change.n if row.change else None
    return (
        row.name,
        say.cell(words, row.before),
        say.cell(words, row.after),
        *say.moving(words, row),
        words[verdict],
        *(((words["n_rounded"].format(number=n) if n else words["withheld"]),) if with_n else ()),
    )


# Relationships


def relationships(content: Content, found: Reading) -> Section | None:
    """How students are spread over the bands of each practice and outcome, and their means by type of mentor."""
    shown = [one for name in ("practices", "outcomes") if (one := _spread(content, found, name))]
    shown += [*_by_year(content, found), *_by_type(content, found)]
    return Section("relationships", content.cohort["relationships"], tuple(shown)) if shown else None


def _spread(content: Content, found: Reading, what: str) -> Shown | None:
    words, term = content.cohort, found.last
    scales = practices(content) if what == "practices" else outcomes(content)
    bands = next((bands for scale in scales if (bands := found.bands(scale, term))), ())
    rows = [
        SpreadRow(name, tuple(found.share(scale, term, band) for band in bands))
        for scale, name in scales.items()
        if bands and found.bands(scale, term) == bands
    ]
    if not rows:
        return None
    called = content.calendar.name(term)
    grid = Grid(
        words["table_spread"].format(term=called, what=words[what]),
        (words["head_scale"], *bands),
        tuple((row.name, *(say.cell(words, one, percent=True) for one in row.shares)) for row in rows),
    )
    inside, highest = chart_words(content), [(row.name, row.shares[-1]) for row in rows]
    who = words["who_rated"].format(students=say.people(words, found.rated(term)), term=called)
    return Shown(
        f"spread-{what}",
        say.highest(words, "spread", called, highest, percent=True, band=bands[-1]),
        f"{who} {words['how_spread']}",
        grid,
        lambda canvas, style: spreads(canvas, bands, rows, inside, style),
    )


def _by_year(content: Content, found: Reading) -> Iterator[Shown]:
    words, names, years = content.cohort, index_names(content), found.levels("class_year", found.last)
    means = {(year, index): found.mean(index, found.last, class_year=year) for year in years for index in names}
    if not any(means.values()):
        return
    called = content.calendar.name(found.last)
    heads = [words["head_year"], words["head_mean"].format(term=called)]
    said = [say.averages(words, "by_year", called, list(means.values()))]
    changes = {key: found.change(key[1], names[key[1]], class_year=key[0]) for key in means}
    if found.pair and any(changes.values()):
        heads += [words["head_change"], words["head_interval"]]
        before, after = (content.calendar.name(term) for term in found.pair)
        said.append(say.changes_by_year(words, before, after, [row for row in changes.values() if row]))
    rows = (
        (
            f"{found.name('class_year', year)}: {names[index]}",
            say.cell(words, means[year, index]),
            *(say.moving(words, changes[year, index]) if len(heads) > 2 else ()),
        )
        for year, index in means
    )
    grid = Grid(words["table_by_year"].format(term=called), tuple(heads), tuple(rows))
    yield Shown("by-year", " ".join(said), words["not_tested"], grid)


def _by_type(content: Content, found: Reading) -> Iterator[Shown]:
    words, term = content.cohort, found.last
    types = found.levels("mentor_type", term)
    scales = {**practices(content), **outcomes(content)}
    asked = {s: n for s, n in scales.items() if any(found.mean(s, term, mentor_type=kind) for kind in types)}
    if asked:
        called = content.calendar.name(term)
        rows = [
            (name, *(say.cell(words, found.mean(scale, term, mentor_type=kind)) for kind in types))
            for scale, name in asked.items()
        ]
        heads = (words["head_scale"], *(found.name("mentor_type", kind) for kind in types))
        cells = [found.mean(scale, term, mentor_type=kind) for scale in asked for kind in types]
        sentence = say.averages(words, "by_type", called, cells)
        yield Shown(
            "by-type",
            sentence,
            f"{words['how_few']} {words['not_tested']}",
            Grid(words["table_by_type"].format(term=called), heads, tuple(rows)),
        )


# Courses


def over_terms(content: Content, found: Reading) -> Section | None:
    """The means of every term, for the indices and for unmet need."""
    if len(found.courses) < 2:
        return None
    indices = {k: v for k, v in {**practices(content), **outcomes(content)}.items() if k.endswith("_index")}
    groups = (("course-indices", indices), ("course-unmet", areas(content, "unmet")))
    shown = [one for name, scales in groups if (one := _course(content, found, name, scales))]
    return Section("courses", content.cohort["courses"], tuple(shown)) if shown else None


def _course(content: Content, found: Reading, name: str, scales: Names) -> Shown | None:
    words = content.cohort
    rows = [
        Course(called, tuple(found.mean(scale, term) for term in found.courses)) for scale, called in scales.items()
    ]
    rows = [row for row in rows if sum(mean is not None for mean in row.means) > (2 if found.pair else 1)]
    if not rows:
        return None
    terms, what = [content.calendar.name(term) for term in found.courses], words[name.replace("-", "_")]
    inside = chart_words(content)
    grid = Grid(
        words["table_course"].format(what=what),
        (words["head_scale"], *terms),
        tuple((row.name, *(say.cell(words, mean) for mean in row.means)) for row in rows),
    )
    slopes = ((called, found.figure("slope", scale)) for scale, called in scales.items())
    who = [words["how_course"], *(say.slope(words, called, one) for called, one in slopes if one)]
    return Shown(
        name,
        say.course(words, what, terms, rows),
        " ".join(who),
        grid,
        lambda canvas, style: courses(canvas, terms, rows, inside, style),
    )
