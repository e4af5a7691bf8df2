"""The durable half of the tags: which slot was purged when, in one small LMDB file that is synced with every purge.

Every record has its own checksum, and the sum of all records (XOR of their digests) stands in the record of the
state: a record that was lost would make a purged page fresh again, and is noticed as well as a changed one.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import lmdb

from .errors import DamagedVolume, NoRoom, PurgeUnwritten
from .room import room_wanted

REMEMBERED_PURGES = 100_000
_MAP_BYTES = 512 * 1024 * 1024
_STATE = b"state"
_STATE_FIELDS = struct.Struct("<QQQ16sI")
_NUMBERS = struct.Struct("<QQI")
_SEEN = struct.Struct("<QI")


@dataclass(frozen=True, slots=True)
class LedgerState:
    """The last purge, the generation below which nothing counts, the number of records and their sum."""

    generation: int
    floor: int
    records: int
    sum: int


class Ledger:
    """An opened ledger. Only one process at a time may write: the caller holds the purge lock."""

    def __init__(self, folder: Path, *, writing: bool, durable: bool = True) -> None:
        self.environment = lmdb.open(
            str(folder), map_size=_MAP_BYTES, readonly=not writing, sync=durable, max_dbs=3, max_readers=1024
        )
        self._slots, self._seen, self._order = (
            self.environment.open_db(name, create=writing) for name in (b"slots", b"seen", b"order")
        )

    def begin(self, generation: int) -> None:
        """Write the state of a new ledger, and leave free pages in the file, so that a full disk takes purges yet."""
        with self.environment.begin(write=True) as transaction:
            for filler in range(64):
                transaction.put(b"filler%d" % filler, bytes(16_000))
        with self.environment.begin(write=True) as transaction:
            for filler in range(64):
                transaction.delete(b"filler%d" % filler)
        # LMDB uses pages again two transactions after the one that freed them.
        for _ in range(2):
            with self.environment.begin(write=True) as transaction:
                _write_state(transaction, LedgerState(generation, generation, 0, 0))

    def state(self) -> LedgerState:
        """What the ledger says of itself. Raises DamagedVolume."""
        with self.environment.begin() as transaction:
            return _read_state(transaction)

    def numbers(self) -> tuple[LedgerState, list[tuple[int, int, int]]]:
        """The state and (slot, newest, hard) of every slot, all compared with the sum. Raises DamagedVolume."""
        with self.environment.begin() as transaction:
            state = _read_state(transaction)
            found = [_checked(bytes(key), bytes(value)) for key, value in transaction.cursor(db=self._slots)]
            total = 0
            for _, _, _, digest in found:
                total ^= digest
        if (len(found), total) != (state.records, state.sum):
            raise DamagedVolume("purges are missing in the ledger")
        return state, [(slot, newest, hard) for slot, newest, hard, _ in found]

    def generation_of(self, purge_id: str) -> int | None:
        """The purge that was delivered with this id, if it is remembered."""
        digest = _digest_of(purge_id)
        with self.environment.begin() as transaction:
            value = transaction.get(digest, db=self._seen)
        if value is None or len(value) != _SEEN.size:
            return None
        generation, checksum = _SEEN.unpack(value)
        return int(generation) if checksum == zlib.crc32(value[:8], zlib.crc32(digest)) else None

    def write(
        self, slots: Iterable[int], *, hard: bool, purge_id: str
    ) -> tuple[LedgerState, list[tuple[int, int, int]]]:
        """Record a purge of the slots in one transaction; returns the state after it and the slots' new numbers.

        Raises PurgeUnwritten when there is no room, DamagedVolume when a record is not what was written.
        """
        try:
            with room_wanted(), self.environment.begin(write=True) as transaction:
                return self._write(transaction, slots, hard, purge_id)
        except NoRoom as error:
            raise PurgeUnwritten(f"The purge could not be written; make room, it must come again: {error}") from error

    def _write(
        self, transaction: lmdb.Transaction, slots: Iterable[int], hard: bool, purge_id: str
    ) -> tuple[LedgerState, list[tuple[int, int, int]]]:
        state = _read_state(transaction)
        generation, records, total = state.generation + 1, state.records, state.sum
        written = []
        for slot in slots:
            key = slot.to_bytes(4, "big")
            value = transaction.get(key, db=self._slots)
            last_hard = 0
            if value is None:
                records += 1
            else:
                _, _, last_hard, digest = _checked(key, bytes(value))
                total ^= digest
            numbers = (generation, generation if hard else last_hard)
            value = _packed(key, *numbers)
            total ^= _digest(key, value)
            transaction.put(key, value, db=self._slots)
            written.append((slot, *numbers))
        if purge_id:
            self._remember(transaction, purge_id, generation)
        after = LedgerState(generation, state.floor, records, total)
        _write_state(transaction, after)
        return after, written

    def _remember(self, transaction: lmdb.Transaction, purge_id: str, generation: int) -> None:
        digest = _digest_of(purge_id)
        number = generation.to_bytes(8, "little")
        transaction.put(digest, number + _crc(digest, number), db=self._seen)
        transaction.put(generation.to_bytes(8, "big"), digest, db=self._order)
        if transaction.stat(self._order)["entries"] > REMEMBERED_PURGES:
            with transaction.cursor(db=self._order) as oldest:
                if oldest.first():
                    transaction.delete(oldest.value(), db=self._seen)
                    oldest.delete()

    def purges(self) -> Iterator[int]:
        """The generations of the purges that are remembered by an id, the oldest first."""
        with self.environment.begin() as transaction:
            for key in transaction.cursor(db=self._order).iternext(values=False):
                yield int.from_bytes(key, "big")


def _read_state(transaction: lmdb.Transaction) -> LedgerState:
    value = transaction.get(_STATE)
    if value is None or len(value) != _STATE_FIELDS.size:
        raise DamagedVolume("the ledger has no state")
    generation, floor, records, total, checksum = _STATE_FIELDS.unpack(value)
    if checksum != zlib.crc32(value[:-4]):
        raise DamagedVolume("the state of the ledger is not what was written")
    return LedgerState(generation, floor, records, int.from_bytes(total, "little"))


def _write_state(transaction: lmdb.Transaction, state: LedgerState) -> None:
    fields = (state.generation, state.floor, state.records, state.sum.to_bytes(16, "little"))
    value = _STATE_FIELDS.pack(*fields, 0)[:-4]
    transaction.put(_STATE, value + zlib.crc32(value).to_bytes(4, "little"))


def _packed(key: bytes, newest: int, hard: int) -> bytes:
    value = _NUMBERS.pack(newest, hard, 0)[:-4]
    return value + _crc(key, value)


def _checked(key: bytes, value: bytes) -> tuple[int, int, int, int]:
    """Slot, newest, hard and the digest of the record."""
    if len(key) != 4 or len(value) != _NUMBERS.size or value[-4:] != _crc(key, value[:-4]):
        raise DamagedVolume("a purge in the ledger is not what was written")
    newest, hard, _ = _NUMBERS.unpack(value)
    return int.from_bytes(key, "big"), newest, hard, _digest(key, value)


def _crc(key: bytes, value: bytes) -> bytes:
    return zlib.crc32(value, zlib.crc32(key)).to_bytes(4, "little")


def _digest(key: bytes, value: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(key + value, digest_size=16).digest(), "little")


def _digest_of(purge_id: str) -> bytes:
    return hashlib.blake2b(purge_id.encode(), digest_size=16).digest()
