"""Where the records lie: append-only, verified on every reading, backed up. Only this package speaks SQL."""

from mentorkit.store.at_home import HomeStore
from mentorkit.store.backup import Restored, back_up, backups, copy_bytes, restore, write_copy
from mentorkit.store.home import Home, erase, find_home, home_at
from mentorkit.store.record import RECORD, Answered, AnyRecord, MentorNoted, Sealed, Setting, now
from mentorkit.store.salvage import readable_rows
from mentorkit.store.shares import shares
from mentorkit.store.sqlite import Stale, Store, file_of
from mentorkit.store.storage import Nothing, Storage, TakesShares

__all__ = [
    "RECORD",
    "Answered",
    "AnyRecord",
    "Home",
    "HomeStore",
    "MentorNoted",
    "Nothing",
    "Restored",
    "Sealed",
    "Setting",
    "Stale",
    "Storage",
    "Store",
    "TakesShares",
    "back_up",
    "backups",
    "copy_bytes",
    "erase",
    "file_of",
    "find_home",
    "home_at",
    "now",
    "readable_rows",
    "restore",
    "shares",
    "write_copy",
]
