"""A message to somebody new, as a draft from what the student said, and a kind look at what they wrote."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mentorkit import message
from mentorkit.content import Content
from mentorkit.content.model import Letter, Reach, Stage
from mentorkit.message import Address, Grammar, Kind, Remark, Signs
from mentorkit.reports.html import Html, day, details, join, tag
from mentorkit.reports.letters import LONGEST_LINK, addressed, mailto
from mentorkit.scorecard import Mentor
from mentorkit.worksheet import Answers

NAMED = 3  # brackets that are named in a remark
SHOWN = 60  # characters of what a student knows that fit into a remark


@dataclass(frozen=True)
class Approach:
    """One person whom the student approaches or approached, and what they noted about it."""

    person: Mentor
    answers: Answers
    since: date | None = None  # when it came to where it stands

    def text(self, item: str) -> str:
        """The answer to a question of the worksheet in words, empty when there is none."""
        return str(self.answers.get(f"approach.{item}", "")).strip()

    def day(self, item: str) -> date | None:
        """The answer to a question for a day."""
        return date.fromisoformat(self.text(item)) if self.text(item) else None

    @property
    def email(self) -> str | None:
        """Their e-mail address; None when there is none, or when it does not look like one."""
        return message.email_address(self.text("email"))

    def reach(self, content: Content) -> Reach | None:
        """The way to approach them that fits the situation."""
        return content.reaches.get(self.text("situation"))

    def stage(self, content: Content) -> Stage:
        """How far it has come; at the beginning when nothing is said."""
        return content.stages[self.text("state") or "to_approach"]


# Drafts


def letters(content: Content, one: Approach, goals: Sequence[str]) -> dict[str, str]:
    """The drafts for the chosen way, by their ids; none before a way is chosen."""
    reach = one.reach(content)
    return {letter.id: draft(content, one, letter, goals) for letter in reach.drafts} if reach else {}


def draft(content: Content, one: Approach, letter: Letter, goals: Sequence[str]) -> str:
    """One draft, filled in with what the student said; what is unknown stands in [brackets]."""
    words, asked = content.words, content.asks.get(one.text("ask"))
    is_friend = _address(content, one) == "first"
    return letter.text.format(
        mentor=name_of(content, one),
        want=_want(content, one, goals),
        know=_know(content, one, letter),
        ask=asked.say if asked else message.ended(words["ask_missing"]),
        need=asked.need if asked else words["ask_missing"],
        greeting=words["letter_greeting_friend" if is_friend else "letter_greeting"].format(name=name_of(content, one)),
        close=words["letter_close_friend" if is_friend else "letter_close"],
    ).strip()


def name_of(content: Content, one: Approach) -> str:
    """How a message addresses them: “Dr. K”, “Maya”, or a bracket when the nickname is nobody's name."""
    words, titles = content.words, content.wording["titles"].words
    name = addressed(words, message.tidy_name(one.person.name, titles))
    return message.called(name or words["name_missing"], _address(content, one), titles, words["name_title"])


def _address(content: Content, one: Approach) -> Address:
    reach = one.reach(content)
    how: Address = reach.address if reach else "title"
    return "first" if how == "title" and one.person.type == "peer" else how


def _want(content: Content, one: Approach, goals: Sequence[str]) -> str:
    typed = one.text("want") or next(iter(goals), "")
    wish = message.wish(typed, grammar(content))
    if wish is None:
        return content.words["want_missing"]
    form, words = wish.form, content.words
    return message.said("" if form in ("own", "question") else words[f"want_{form}"], wish)


def _know(content: Content, one: Approach, letter: Letter) -> str:
    seen = message.noticed(one.text("know"), grammar(content))
    if seen is None:
        return message.ended(letter.know.format(text=content.words["know_missing"]))
    return message.said(letter.know, seen)


def grammar(content: Content) -> Grammar:
    """The words by which a draft sees how a text begins."""
    known = {one.id: one.words for one in content.wording.values()}
    sets = {
        name: frozenset(known[name]) for name in ("verbs", "before", "things", "gifts", "asking", "speaking", "small")
    }
    return Grammar(**sets, leads=tuple(sorted(known["leads"], key=len, reverse=True)))


def draft_shown(content: Content, one: Approach, goals: Sequence[str], earlier: bool, untouched: bool = False) -> Html:
    """The drafts with what can be done with them, and the student's goals.

    `earlier` says that a message was replaced, `untouched` that what stands in the message now is a draft as it was.
    """
    drafts = letters(content, one, goals)
    reach = one.reach(content)
    if reach is None:
        return tag("p", content.words["draft_choose"], class_="mk-hint")
    cards = (_card(content, one, letter, drafts[letter.id], untouched) for letter in reach.drafts)
    back = draft_button(content.words["draft_back"], "back", one.person.id) if earlier else None
    return join(_goals(content, one, goals), cards, tag("div", back, class_="mk-buttons") if back else None)


def _card(content: Content, one: Approach, letter: Letter, text: str, untouched: bool) -> Html:
    words, written = content.words, one.text("message")
    about = f"{one.person.id}/{letter.id}"
    if message.one_line(written) == message.one_line(text):
        what = tag("p", words["draft_there"], class_="mk-hint")
    elif untouched or not written:
        what = tag("div", draft_button(words["draft_use"], "use", about, strong=True), class_="mk-buttons")
    else:
        button = tag("div", draft_button(words["draft_replace"], "replace", about), class_="mk-buttons")
        what = join(tag("p", words["draft_differs"], class_="mk-hint"), button)
    title = tag("h3", f"{words['draft_title']}: {letter.name}")
    return tag("div", title, tag("p", words["draft_hint"], class_="mk-hint"), _said(text), what, class_="mk-card")


def _goals(content: Content, one: Approach, goals: Iterable[str]) -> Html | None:
    words, want = content.words, one.text("want")
    rows = [tag("li", tag("span", goal), _use(content, one, goal)) for goal in goals if goal != want]
    if not rows:
        return None
    shown = tag("ul", rows, class_="mk-list")
    return details(words["draft_goals_instead"], shown) if want else join(tag("p", words["draft_goals"]), shown)


def _use(content: Content, one: Approach, goal: str) -> Html:
    label = content.words["draft_goal"]
    button = draft_button(label, "goal", f"{one.person.id}/{goal}", named=f"{label}: {goal}")
    return tag("span", button, class_="mk-state")


def draft_button(label: str, does: str, about: str, strong: bool = False, named: str | None = None) -> Html:
    """A button that does something about one person; `named` is its full name where the label alone is not clear."""
    style = "mk-button" if strong else "mk-button mk-quiet"
    return tag("button", label, type="button", class_=style, data_do=does, data_of=about, aria_label=named)


def _said(text: str) -> Html:
    return tag("p", text, class_="mk-words")


# A look at the message


def kind_of(content: Content, one: Approach, text: str) -> Kind:
    """What a message is: an e-mail when it has a subject line, else what the chosen way asks for."""
    reach = one.reach(content)
    has_subject = bool(message.subject_and_body(text, content.words["letter_subject"])[0])
    return "email" if has_subject or reach is None else reach.drafts[0].kind


def look(content: Content, one: Approach) -> tuple[list[str], list[str]]:
    """Remarks about the message, a line each: what is there already, and what is worth another look."""
    text = one.text("message")
    kind = kind_of(content, one, text)
    body = message.subject_and_body(text, content.words["letter_subject"])[1]
    found = message.look_at(body, kind, signs(content), one.text("know"))
    there = [_line(content, one, kind, remark) for remark in found if remark.good]
    return there, [_line(content, one, kind, remark) for remark in found if not remark.good]


def signs(content: Content) -> Signs:
    """The phrases that a message is looked through for."""
    phrases = {sign.id: sign.phrases for sign in content.signs.values()}
    tones = {tone.id: tone.phrases for tone in content.tones.values()}
    small_talk = content.wording["small_talk"].words
    return Signs(phrases["request"], phrases["way_out"], phrases["about"], small_talk, tones)


def _line(content: Content, one: Approach, kind: Kind, remark: Remark) -> str:
    words, count = content.words, remark.count
    match remark.id:
        case "length" if remark.good:
            return words["look_length_good"].format(count=count)
        case "length":
            pattern = words["look_length_say" if kind == "spoken" else "look_length"]
            return pattern.format(count=count, limit=message.LONGEST[kind])
        case "brackets":
            return _gaps(content, remark)
        case "tone":
            phrase, tone = remark.named
            return words["look_tone"].format(phrase=phrase, remark=content.tones[tone].remark)
        case "request" if count > 1:
            return words["look_requests"].format(count=count)
        case "about" if not remark.good and one.text("know"):
            return words["look_known"].format(known=_short(message.one_line(one.text("know"))))
    sign = content.signs[remark.id]
    return sign.there if remark.good else sign.missing


def _gaps(content: Content, remark: Remark) -> str:
    words = content.words
    named = ", ".join(remark.named[:NAMED])
    if remark.count > NAMED:
        named = words["look_brackets_more"].format(named=named)
    pattern = words["look_brackets_one"] if remark.count == 1 else words["look_brackets"]
    return pattern.format(count=remark.count, named=named)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1].rstrip() + "…"


def look_shown(content: Content, one: Approach) -> Html:
    """The remarks, the ways to copy or mail the message, and a button that says it is sent."""
    words = content.words
    if not one.text("message"):
        return join(tag("p", words["look_waiting"], class_="mk-hint"), _sent(content, one))
    there, open_ = look(content, one)
    lists = join(_lines(words["look_open"], open_), _lines(words["look_there"], there))
    is_ready = not open_ and one.stage(content).id == "to_approach"
    ready = tag("p", tag("strong", words["look_ready"])) if is_ready else None
    return join(tag("h3", words["look_title"]), lists, ready, _outgoing(content, one), _sent(content, one))


def _lines(title: str, lines: Sequence[str]) -> Html | None:
    if not lines:
        return None
    return join(tag("p", tag("strong", title)), tag("ul", (tag("li", line) for line in lines)))


def _outgoing(content: Content, one: Approach) -> Html:
    words, text = content.words, one.text("message")
    subject, body = message.subject_and_body(text, words["letter_subject"])
    is_mail = kind_of(content, one, text) == "email" or bool(one.text("email"))
    shown = details(words["look_as_sent"], tag("p", body, class_="mk-words", data_text=True))
    copy = tag("button", words["mail_copy"], type="button", class_="mk-button", data_copy="message")
    link, hints = _mail(content, one, subject, body) if is_mail else (None, None)
    whole = tag("div", shown, tag("div", copy, link, class_="mk-buttons"), data_words="message")
    return join(_subject(content, subject) if subject else None, whole, hints)


def _subject(content: Content, subject: str) -> Html:
    words = content.words
    button = tag("button", words["mail_copy_subject"], type="button", class_="mk-button mk-quiet", data_copy="subject")
    said = tag("strong", words["letter_subject"], ": ")
    return tag("p", said, tag("span", subject, data_text=True), " ", button, data_words="subject")


def _mail(content: Content, one: Approach, subject: str, body: str) -> tuple[Html, Html]:
    """A link that opens a mail program, and what to know about it. A long message is pasted in, so that none is cut."""
    words, typed = content.words, one.text("email")
    address = one.email
    link = mailto(address or "", subject or words["mail_subject"], body)
    is_long = len(link) > LONGEST_LINK
    if is_long:
        link = mailto(address or "", subject or words["mail_subject"], "").removesuffix("&body=")
    bad = words["mail_bad"].format(email=_short(typed)) if typed and not address else None
    hints = [hint for hint in (bad, words["mail_too_long"] if is_long else None) if hint]
    shown = tag("a", words["mail"], href=link, class_="mk-button mk-quiet")
    return shown, join(tag("p", hint, class_="mk-hint") for hint in hints)


def _sent(content: Content, one: Approach) -> Html | None:
    words, contacted = content.words, one.day("contacted")
    stage = one.stage(content)
    if stage.id == "to_approach":
        kind = kind_of(content, one, one.text("message"))
        return tag("div", draft_button(words[f"sent_{kind}"], "sent", one.person.id), class_="mk-buttons")
    if stage.id != "contacted" or contacted is None:
        return None
    return tag("p", words["sent_before"].format(day=day(contacted.isoformat())), class_="mk-hint")
