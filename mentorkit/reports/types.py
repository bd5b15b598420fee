"""The mentor types in order of fit, with reasons, how firm the order is, and the fewest that cover what matters."""

from mentorkit.content import Content
from mentorkit.matching import RankedType, Ranking
from mentorkit.reports.html import Html, and_, details, figure, join, notice, passage, table, tag
from mentorkit.reports.marks import block, row
from mentorkit.reports.needs import GAP


def types_picture(content: Content, ranking: Ranking, names: dict[str, str]) -> Html:
    """Types ranked by fit with their reasons; says so when nothing is unmet or nothing is answered."""
    words = content.words
    if not any(value is not None for value in ranking.weighed.values()):
        return notice(words["types_empty"])
    if not ranking.first:
        return notice(words["types_nothing_unmet"])
    rows = [_row(content, one, ranking, names) for one in ranking.types]
    how = [words["types_how"] if ranking.basis == "unmet" else words["types_how_need"]]
    if ranking.weighed.get("own") is not None:
        how.append(words["types_own_left_out"].format(area=names["own"]))
    return figure(
        _finding(content, ranking),
        tag("span", " ".join(how)),
        tag("ol", rows, class_="mk-rows"),
        details(words["as_table"], _table(content, ranking, names)),
        details(words["how_it_came"], _how(content, ranking), _strengths(content)),
    )


def _finding(content: Content, ranking: Ranking) -> str:
    largest = max(
        (value for area, value in ranking.weighed.items() if area != "own" and value is not None), default=0.0
    )
    if ranking.basis == "unmet" and largest < GAP:
        return content.words["types_little"]
    leading = and_(content.types[kind].name for kind in ranking.first)
    return content.words["types_tie" if ranking.is_tie else "types_first"].format(types=leading)


def _row(content: Content, one: RankedType, ranking: Ranking, names: dict[str, str]) -> Html:
    words, kind = content.words, content.types[one.type]
    fit = one.fit or 0.0
    lead = (
        tag("span", words["shares_first" if ranking.is_tie else "first_place"], class_="mk-tag")
        if one.type in ranking.first
        else None
    )
    value = words["set_aside"] if one.unsuited else words["fit_of"].format(fit=round(fit))
    bar = block(0, fit, "bar-quiet" if one.unsuited else "bar")
    why = _why(content, one, names)
    return row(join(kind.name, lead), value, bar, why=why, also="mk-set-aside" if one.unsuited else "")


def _why(content: Content, one: RankedType, names: dict[str, str]) -> Html:
    if one.unsuited:
        return join(" ".join(one.unsuited))
    cells = content.types[one.type].strength
    return join(
        join(tag("strong", f"{names[reason.area]}."), f" {cells[reason.area].reason} ") for reason in one.reasons
    )


def _table(content: Content, ranking: Ranking, names: dict[str, str]) -> Html:
    words = content.words
    share = ranking.stability.first_share
    rows = [
        [
            content.types[one.type].name,
            "–" if one.fit is None else round(one.fit),
            f"{100 * share[one.type]:.0f} %" if one.type in share else "–",
            and_(names[reason.area] for reason in one.reasons) or "–",
        ]
        for one in ranking.types
    ]
    return table(words["types_table"], [words["type"], words["fit"], words["first_share"], words["because_of"]], rows)


def _strengths(content: Content) -> Html:
    """How much each kind can usually give in each area, 0–3, and why."""
    heads = [content.words["area"], *(kind.name for kind in content.types.values())]
    rows = [[area.name, *(row[area.id] for row in content.strength.values())] for area in content.areas.values()]
    whys = (
        tag(
            "ul",
            (
                tag("li", tag("strong", f"{area.name}."), f" {kind.strength[area.id].reason}")
                for area in content.areas.values()
            ),
        )
        for kind in content.types.values()
    )
    reasons = (details(kind.name, why) for kind, why in zip(content.types.values(), whys, strict=True))
    return join(table(content.words["strengths_table"], heads, rows), reasons)


def _how(content: Content, ranking: Ranking) -> Html:
    return join(tag("p", content.words["types_formula"]), stability_words(content, ranking))


def stability_words(content: Content, ranking: Ranking) -> Html | None:
    """How firm the first place is, in words."""
    words, flips = content.words, ranking.stability.flips
    if not ranking.first:
        return None
    best = max(ranking.stability.first_share.values(), default=0.0)
    answers = sum(isinstance(flip.what, str) for flip in flips)
    said = [words["stability_share"].format(share=f"{100 * best:.0f}")]
    said.append(
        words["stability_flips" if flips else "stability_firm"].format(answers=answers, cells=len(flips) - answers)
    )
    return tag("p", " ".join(said))


def smallest_sets_words(content: Content, ranking: Ranking, names: dict[str, str]) -> Html | None:
    """The fewest types that together cover what matters most, and what none covers."""
    words = content.words
    if not ranking.first:
        return None
    ways = [and_(content.types[kind].name for kind in content.types if kind in kinds) for kinds in ranking.smallest]
    shown, more = ways[:3], ways[3:]
    covered = tag("ul", (tag("li", way) for way in shown)) if ways else None
    rest = (
        details(words["more_ways"].format(count=len(more)), tag("ul", (tag("li", way) for way in more)))
        if more
        else None
    )
    gap = (
        tag("p", words["uncovered"].format(areas=and_(names[area] for area in ranking.uncovered)))
        if ranking.uncovered
        else None
    )
    intro = tag("p", words["smallest_one" if len(ways) == 1 else "smallest_many"]) if ways else None
    return tag("div", tag("h3", words["smallest_title"]), intro, covered, rest, gap, class_="mk-card")


def type_cards(content: Content, chosen: list[str]) -> Html:
    """What each chosen type is, how to begin this week, and what is known about it."""
    if not chosen:
        return notice(content.words["choose_types_first"])
    cards = []
    for kind in (content.types[name] for name in chosen if name in content.types):
        why = [passage(content, content.texts[name]) for name in kind.why]
        cards.append(
            tag(
                "div",
                tag("h3", kind.name),
                tag("p", kind.what),
                tag("p", tag("strong", content.words["begin"]), " ", kind.begin),
                why,
                class_="mk-card",
            )
        )
    return join(cards)
