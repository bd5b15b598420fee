"""Where the records lie: append-only, verified on every reading, backed up. Only this package speaks SQL."""

from mentorkit.store.backup import Restored, back_up, backups, copy_bytes, restore, write_copy
from mentorkit.store.home import Home, erase, find_home, home_at
from mentorkit.store.record import RECORD, Answered, AnyRecord, MentorNoted, Sealed, Setting, now
from mentorkit.store.salvage import readable_rows
from mentorkit.store.sqlite import Stale, Store

__all__ = [
    "RECORD",
    "Answered",
    "AnyRecord",
    "Home",
    "MentorNoted",
    "Restored",
    "Sealed",
    "Setting",
    "Stale",
    "Store",
    "back_up",
    "backups",
    "copy_bytes",
    "erase",
    "find_home",
    "home_at",
    "now",
    "readable_rows",
    "restore",
    "write_copy",
]
