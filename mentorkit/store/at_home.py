"""The records of one student on their own computer: one file, its backups, and the folder that holds both."""

from mentorkit.store.backup import back_up
from mentorkit.store.home import Home, erase
from mentorkit.store.sqlite import Store


class HomeStore(Store):
    """A `Storage` in a home folder. Raises what `Store` raises on opening."""

    def __init__(self, home: Home) -> None:
        self.home: Home = home
        super().__init__(home.records)

    @property
    def place(self) -> str:
        """The folder's path."""
        return str(self.home.path)

    def back_up(self) -> None:
        """Make a verified copy when there is anything new; a full disk is no reason to stop, damage is."""
        back_up(self.home, self)

    def erase(self, notebooks: bool = True) -> int:
        """Remove everything in the home for good, and go on with an empty file; returns how many files were removed.

        Without `notebooks`, the student's copies of these stay. Raises `NotSaved`.
        """
        self.close()
        try:
            return erase(self.home, notebooks)
        finally:
            self.begin_anew()
