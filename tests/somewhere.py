"""A storage in memory, for tests that play many students; with a place for shares, as a room has one."""

from mentorkit.store import AnyRecord, Stale


class InMemory:
    """A `Storage` that keeps nothing."""

    opened = None
    home = None
    place = "memory"

    def __init__(self) -> None:
        self.records: list[AnyRecord] = []

    def append(self, *records: AnyRecord) -> None:
        for record in records:
            if record.revision != self.revision(record.stream) + 1:
                raise Stale("somebody was first")
            self.records.append(record)

    def revision(self, stream: str) -> int:
        return max((one.revision for one in self.records if one.stream == stream), default=0)

    def refresh(self) -> None: ...
    def back_up(self) -> None: ...
    def close(self) -> None: ...

    def erase(self, notebooks: bool = True) -> int:
        self.records = []
        return 0


class InRoom(InMemory):
    """The same in a room; `shares` is what lies there by its key."""

    def __init__(self, shares: dict[bytes, str] | None = None) -> None:
        super().__init__()
        self.shares = {} if shares is None else shares

    def share(self, key: bytes, text: str) -> None:
        self.shares[key] = text

    def shared(self, key: bytes) -> str | None:
        return self.shares.get(key)

    def withdraw(self, key: bytes) -> None:
        self.shares.pop(key, None)
