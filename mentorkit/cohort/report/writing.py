"""From a release to a report: what is said first, who is in it, the parts, how it was made, and what was withheld."""

from collections.abc import Iterator

from mentorkit.cohort.disclosure import Release
from mentorkit.cohort.report import sections
from mentorkit.cohort.report import words as say
from mentorkit.cohort.report.document import Grid, Points, Report, Section, Shown, Words
from mentorkit.cohort.report.reading import Reading
from mentorkit.cohort.report.singles import consistency, leavers
from mentorkit.content import Content
from mentorkit.reports.html import day

BRIEF = ("who-table", "unmet-map", "change-practices", "change-outcomes", "change-unmet", "course-indices")


def report_of(release: Release, content: Content, mark: str = "", invited: int | None = None) -> Report:
    """The report on one release.

    `mark` stands on every page, for example that the students are made up; `invited` is how many were asked.
    """
    words, found = content.cohort, Reading(release, content)
    parts = [
        _who(content, found, invited),
        sections.needs(content, found) if found.terms else None,
        sections.change(content, found),
        sections.relationships(content, found) if found.terms else None,
        sections.over_terms(content, found),
    ]
    body = [part for part in parts if part is not None]
    summary = Section("summary", words["summary"], (Points(tuple(_brief(content, found, body))),))
    terms = _terms(content, found)
    return Report(
        title=_title(words, release, terms),
        about=words["about"].format(about_terms=terms, number=release.number, on=day(release.on)),
        not_for=words["not_for"],
        mark=mark,
        lang=words["lang"],
        sections=(summary, *body, _method(content, found), _privacy(content, found), _release(content, release)),
        foot=words["foot"].format(number=release.number, on=day(release.on)),
        as_table=words["as_table"],
    )


def _title(words: say.Words, release: Release, terms: str) -> str:
    if release.cohort.strip():
        return words["title"].format(cohort=release.cohort, terms=terms)
    return words["title_unnamed"].format(terms=terms)


def _terms(content: Content, found: Reading) -> str:
    names = [content.calendar.name(term) for term in found.terms]
    if len(names) < 2:
        return "".join(names)
    return content.cohort["to"].format(first=names[0], last=names[-1])


def _brief(content: Content, found: Reading, body: list[Section]) -> Iterator[str]:
    """The main findings first: one sentence each, the same as beside the pictures."""
    words, release = content.cohort, found.release
    for section in body:
        yield from (block.finding for block in section.blocks if isinstance(block, Shown) and block.id in BRIEF)
    if not any(section.id != "who" for section in body):
        yield words["nothing"]
    if release.withheld:
        yield words["brief_withheld"].format(count=f"{release.withheld:,}", of=f"{len(release.numbers):,}")


def _who(content: Content, found: Reading, invited: int | None) -> Section | None:
    words = content.cohort
    rows = [(content.calendar.name(term), found.answered(term)) for term in found.terms]
    if not any(one for _, one in rows):
        return None
    cells = [(words["invited"], f"{invited:,}")] if invited else []
    cells += [(words["answered"] + ", " + name, say.cell(words, one)) for name, one in rows if one]
    if found.pair:
        cells.append((words["paired"], say.people(words, found.paired)))
    cells += [(words[part_key(part)], say.cell(words, one)) for part, one in found.parts if part != "both terms"]
    last, one = rows[-1]
    finding = f"{say.counted(words, 'who_finding', one, term=last)} {say.answering(words, one, invited)}".strip()
    grid = Grid(words["table_who"], (words["head_group"], words["head_students"]), tuple(cells))
    how = words["who_how"].format(minimum=found.release.minimum)
    return Section("who", words["who"], (Shown("who-table", finding, how, grid), *leavers(content, found)))


def part_key(part: str) -> str:
    """The word for how a student took part."""
    return f"part_{part.replace(',', '').replace(' ', '_')}"


def _method(content: Content, found: Reading) -> Section:
    """How the numbers of this release were made; what is not in it is not explained."""
    words = content.cohort
    statistics = {number.statistic for number in found.release.numbers}
    keys = ["students", "scores"]
    keys += ["change"] if found.pair else []
    keys += ["verdict"] if "verdict" in statistics and found.pair else []
    keys += ["shares"] if "share" in statistics else []
    tables = {table.split()[0] for table in found.release.tables}
    keys += [
        key
        for key, table in (("counts", "reliable"), ("trend", "slope"), ("figures", "consistency"))
        if table in tables
    ]
    keys.append("causes")
    points = Points(tuple(words[f"method_{key}"] for key in keys))
    return Section("method", words["method"], (points, *consistency(content, found)))


def _privacy(content: Content, found: Reading) -> Section:
    words, release = content.cohort, found.release
    rows = []
    for table in release.tables:
        numbers = tuple(release.rows(table))
        if withheld := sum(number.mark == "withheld" for number in numbers):
            rows.append((found.titled(table), f"{len(numbers):,}", f"{withheld:,}"))
    counts = {"count": f"{release.withheld:,}", "of": f"{len(release.numbers):,}"}
    finding = words["privacy_finding" if release.withheld else "privacy_none"].format(**counts)
    heads = (words["head_table"], words["head_numbers"], words["head_withheld"])
    by_table = Shown("privacy-table", finding, words["privacy_how"], Grid(words["table_privacy"], heads, tuple(rows)))
    shown = by_table if rows else Words((finding,))
    rule = (words["privacy_rule"].format(minimum=release.minimum), words["privacy_frozen"])
    return Section("privacy", words["privacy"], (Words(rule), shown, Points(release.notes)))


def _release(content: Content, release: Release) -> Section:
    words = content.cohort
    key = "release_text" if release.cohort.strip() else "release_text_unnamed"
    about = {"number": release.number, "cohort": release.cohort, "on": day(release.on), "digest": release.digest}
    return Section("release", words["release"], (Words((words[key].format(**about), words["not_for"])),))
