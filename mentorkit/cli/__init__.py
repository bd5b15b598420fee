"""The command line: one thing a command, an example in its help; bad input is one sentence and exit code 2."""

from mentorkit.cli.commands import app
from mentorkit.cli.running import main, run

__all__ = ["app", "main", "run"]
