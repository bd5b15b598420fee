"""The same kernel without a fork, where none can be forked: `python -m mentorkit.serve.forked.alone RECIPE`.

What it is given comes through its standard input.
"""

import gc
import sys

from mentorkit.serve.forked.recipe import Birth, Recipe
from mentorkit.serve.forked.warming import warm_up


def main() -> None:
    """Warm up, let the student of this kernel arrive, and answer until shutdown or until the starter is gone."""
    birth = Birth.from_bytes(sys.stdin.buffer.read())
    app, arrive, _ = warm_up(Recipe.from_json(sys.argv[1]))
    gc.enable()
    if arrive is not None:
        arrive(birth.given.value)
    app.answer(birth.connection_file, birth.connection, app.watch_starter)


if __name__ == "__main__":
    main()
