"""What can go wrong, as sentences a student or a maintainer can act on.

MentorkitError                 every refusal of ours; its text says what to do next
├── BadAnswer                  a value that does not fit its item
├── Unknown                    a worksheet, item, mentor or term that does not exist
├── NotReady                   something is asked for before there is enough to answer it
├── BadContent                 a mistake in a content file, named by file and key
├── BadFile                    a file given to import or restore that cannot be used
├── Withheld                   numbers about a cohort that cannot be published without showing too much about few
├── NotSaved                   the answer is not on disk (full, read-only, locked, failing)
│   └── Conflict               the same item was answered elsewhere in the meantime
└── StoreRefused               the records are not opened, and are left as they are
    ├── ForeignFile            not a Mentorkit file
    ├── NewerFile              written by a later version
    └── Damaged                some records do not verify
"""


class MentorkitError(Exception):
    """The root of every refusal; `str(error)` is one sentence for the person at the screen."""


class BadAnswer(MentorkitError):
    """A value that does not fit its item."""


class Unknown(MentorkitError):
    """A worksheet, item, mentor or term that does not exist."""


class NotReady(MentorkitError):
    """Something is asked for before there is enough to answer it."""


class BadContent(MentorkitError):
    """A mistake in a content file; the sentence names the file and the key."""


class BadFile(MentorkitError):
    """A file given to `import` or `restore` that cannot be used."""


class Withheld(MentorkitError):
    """Numbers about a cohort that cannot be published safely; the sentence says which rule holds them back."""


class NotSaved(MentorkitError):
    """The answer is not on disk; the sentence says why and what helps."""


class Conflict(NotSaved):
    """The same item was answered elsewhere after this writer last looked; `theirs` is that answer."""

    def __init__(self, message: str, theirs: object = None):
        super().__init__(message)
        self.theirs = theirs


class StoreRefused(MentorkitError):
    """The records are not opened, and the file is left as it is."""


class ForeignFile(StoreRefused):
    """The file was not made by Mentorkit."""


class NewerFile(StoreRefused):
    """The file was made by a later version of Mentorkit."""


class Damaged(StoreRefused):
    """Some records do not verify, so none is shown as good."""
