"""The keeper of a room's records: return codes, what they open, and the process that keeps what they seal."""

from mentorkit.serve.keeper.capability import grant
from mentorkit.serve.keeper.codes import new_code, read_code
from mentorkit.serve.keeper.kept import KeptStore
from mentorkit.serve.keeper.keys import Locker, locker_of
from mentorkit.serve.keeper.operator import Operator, RoomCounts

__all__ = ["KeptStore", "Locker", "Operator", "RoomCounts", "grant", "locker_of", "new_code", "read_code"]
