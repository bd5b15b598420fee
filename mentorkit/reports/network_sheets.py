"""The network on paper: for the student, and what may be shown to a mentor or an advisor."""

from mentorkit.network import NetworkChange
from mentorkit.reports.mentors import mentor_line
from mentorkit.reports.network import Shown, change_words, concentration_words, variety_words
from mentorkit.reports.paper import Block, Grid, Heading, Pairs, Points, Ruled, Sheet


def network_sheet(shown: Shown, change: NetworkChange | None, said: str) -> Sheet | None:
    """The map, what stands out, what changed and the mentors, for the student; None while nobody covers anything."""
    words = shown.content.words
    if shown.net.is_empty:
        return None
    areas = shown.content.areas
    steps = [(areas[area].name, areas[area].advice) for area in shown.open if area in areas]
    people = tuple((shown.name(one.mentor), _about(shown, one.mentor, one.often)) for one in shown.net.members)
    blocks: tuple[Block, ...] = (
        _map(shown, words["sheet_network_map"], names=True),
        Heading(words["sheet_stands_out"]),
        Points(tuple(_stands_out(shown, change))),
        *((Heading(words["network_open_title"]), Pairs(tuple(steps[:3]))) if steps else ()),
        Heading(words["sheet_my_mentors"]),
        Pairs(people),
    )
    return Sheet("network", words["sheet_network"], said, blocks, words["sheet_foot_own"])


def network_to_show(shown: Shown, names: bool, said: str) -> Sheet | None:
    """The areas with how many people stand behind each, and what the student looks for; names only when asked for."""
    words = shown.content.words
    if shown.net.is_empty:
        return None
    looking = tuple(shown.areas[area] for area in shown.open)
    blocks: tuple[Block, ...] = (
        *((Heading(words["sheet_looking"]), Points(looking)) if looking else ()),
        Heading(words["network_table"]),
        _map(shown, words["sheet_network_people"], names),
        Heading(words["sheet_comes_to_mind"]),
        Ruled(words["sheet_ask_lines"], 4),
    )
    return Sheet("network-to-show", words["sheet_network_show"], said, blocks, words["sheet_foot_show"])


def _map(shown: Shown, caption: str, names: bool) -> Grid:
    words = shown.content.words
    heads = (words["area"], words["network_people"], *([words["sheet_my_mentors"]] if names else []))
    rows = ((shown.areas[area], shown.people(area), *([_who(shown, area)] if names else [])) for area in shown.order)
    return Grid(caption, heads, tuple(rows))


def _who(shown: Shown, area: str) -> str:
    mentors = shown.net.links[area]
    return shown.names(mentors) or shown.content.words["network_no"]


def _stands_out(shown: Shown, change: NetworkChange | None) -> list[str]:
    words = shown.content.words
    said = [
        words["network_open"].format(areas=shown.called(shown.open)) if shown.open else "",
        concentration_words(shown),
        *variety_words(shown),
        words["network_unseen"].format(names=shown.names(shown.unseen)) if shown.unseen else "",
        *(change_words(shown, change) if change else ()),
    ]
    return [one for one in said if one]


def _about(shown: Shown, mentor: str, often: str | None) -> str:
    options = shown.content.worksheet("network").item("network.often").options  # type: ignore[union-attr]  # a choice
    touch = next((option.label for option in options if option.code == often), "")
    line = mentor_line(shown.content, shown.mentors[mentor])
    return "\n".join(part for part in (line, touch) if part) or shown.content.words["network_no"]
