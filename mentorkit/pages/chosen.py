"""The one mentor whom a page is about: who can be chosen, who is, and what follows when that changes."""

from collections.abc import Callable
from typing import Any

from ipywidgets import VBox

from mentorkit.scorecard import Mentor
from mentorkit.widgets.form import Form
from mentorkit.widgets.picker import Picker
from mentorkit.workbook import Workbook


class FormAbout:
    """A place for the form of one worksheet: about a mentor or a meeting, or empty while there is none."""

    def __init__(self, book: Workbook, worksheet: str, sections: tuple[str, ...] = ()) -> None:
        self.box = VBox()
        self._about: str | None = None
        self._form: Form | None = None
        self._book, self._worksheet, self._sections = book, worksheet, sections

    def show(self, about: str | None) -> None:
        """Show the form about a mentor or a meeting by its id; what it is about already is not drawn anew."""
        if about is None:
            self.box.children = ()
        elif self._form is None:
            self._form = Form(self._book, self._worksheet, about, self._sections)
        elif about != self._about:
            self._form.show(about)
        if about is not None and self._form is not None:
            self.box.children = (self._form,)
        self._about = about


class Chosen:
    """A picker of the present mentors; `at_hand` says with whom the page opens, and who comes after one who left."""

    def __init__(self, book: Workbook, at_hand: Callable[[], Mentor | None]) -> None:
        self._book = book
        self._at_hand = at_hand
        self._followers: list[Callable[[], None]] = []
        self.mentor = at_hand()
        self.picker = Picker(self._options, self._choose, self._add)
        book.on_change(self._look_again)

    def follow(self, follower: Callable[[], None]) -> None:
        """Call `follower` when another mentor is chosen."""
        self._followers.append(follower)

    def form(self, worksheet: str) -> VBox:
        """The form of a worksheet about the chosen mentor; empty until there is one."""
        made = FormAbout(self._book, worksheet)

        def show() -> None:
            made.show(self.mentor.id if self.mentor else None)

        self.follow(show)
        show()
        return made.box

    def _choose(self, mentor_id: str) -> None:
        self._take(self._book.mentor(mentor_id))

    def _add(self, name: str, kind: str | None) -> None:
        self._choose(self._book.add_mentor(name, kind))

    def _take(self, mentor: Mentor | None) -> None:
        before, self.mentor = self.mentor, mentor
        if (before and before.id) != (mentor and mentor.id):
            for follower in self._followers:
                follower()

    def _look_again(self) -> None:
        """Another page may have added a mentor, given one another name, or taken one off the list."""
        present = {mentor.id: mentor for mentor in self._book.present_mentors}
        self._take(present.get(self.mentor.id) if self.mentor and self.mentor.id in present else self._at_hand())
        self.picker.show()

    def _options(self) -> dict[str, Any]:
        content, words = self._book.content, self._book.content.words
        kinds = [{"code": kind.id, "label": kind.name} for kind in content.types.values()]
        options = [
            {"code": one.id, "label": one.name, "help": content.types[one.type].name if one.type else ""}
            for one in self._book.present_mentors
        ]
        adding = {key: words[f"mentor_{key}"] for key in ("title", "name", "hint", "kind", "add")}
        return {
            "title": words["mentor_choose"],
            "options": options,
            "chosen": self.mentor.id if self.mentor else None,
            "adding": {**adding, "kinds": [{"code": "", "label": words["kind_unsure"]}, *kinds]},
        }
