"""Choosing a mentor or a term, and adding a mentor."""

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from mentorkit.errors import MentorkitError
from mentorkit.widgets.parts import deaf, layout, module, style


@deaf
class Picker(anywidget.AnyWidget):
    """Shows what `spec()` returns: a title, options, the chosen one, and how to add one.

    More than six options can be searched when there are words for it (`finding`), and put in another order: `sorting`
    names the orders, and each option has its place `by` each of them; the first order is the one in which they come.

    `choose(code)` and `add(name, kind)` are called for what the page reports; what they refuse is shown as a sentence.
    """

    _esm = module("picker.js")
    _css = style("form.css")
    spec = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        spec: Callable[[], dict[str, Any]],
        choose: Callable[[str], None],
        add: Callable[[str, str | None], None] | None = None,
    ) -> None:
        super().__init__(layout=layout())
        self._spec, self._choose, self._add = spec, choose, add
        self.spec = spec()
        self.on_msg(self._heard)

    def show(self) -> None:
        """Show the options as they now are; once it was closed, there is nobody to show them to."""
        if self.comm is not None:
            self.spec = self._spec()

    def _heard(self, _: object, content: object, __: object) -> None:
        try:
            match content:
                case {"type": "choose", "code": str(code)}:
                    self._choose(code)
                case {"type": "add", "name": str(name), "kind": str(kind)} if self._add:
                    self._add(name, kind or None)
                case _:
                    return
        except MentorkitError as refusal:
            self.send({"type": "refused", "message": str(refusal)})
        else:
            self.show()
