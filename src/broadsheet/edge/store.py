"""The page store in LMDB: one value a page, read by every worker, written by the renderers.

What can happen at once, and why it does no harm:
- A purge between the reading of the generation and `put`: the page carries the older number, so its slots judge it.
  A page that is gone already is not stored (OVERTAKEN), and must be rendered anew.
- Two puts for one address: the generations are compared in the transaction of the write; the older never wins.
- A page of a generation that this store has not reached yet was begun with another store: it counts as gone.
- A process killed in mid-put: LMDB shows the transaction whole or not at all, and frees the lock and, with
  `reader_check`, the place of a dead reader, which would keep old pages from being used again.
- Readers hold a transaction only while they copy one page, so they never keep the file from shrinking its waste.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import lmdb

from .contracts import PutOutcome
from .errors import DamagedPage, DamagedVolume, NoRoom, StoreForked, StoreUnusable
from .locks import locked
from .pages import Encoding, Freshness, PushedPage, ReadyReply
from .replies import BROTLI_QUALITY, WHOLE_KEY_BYTES, PackedPage, StoredPage, describe, key_of, pack, unpack
from .room import room_wanted
from .shelf import Shelf
from .slots import GENERATION, IDLE, PAGES_SIZE, READING, WRITING
from .tags import LmdbTags
from .volume import Volume, write_file

Answer = TypeVar("Answer")
# Makes something of the value of an address in an encoding.
Taker = Callable[[bytes, memoryview, Encoding], Answer | None]

_SAMPLE = 256
_END = os.SEEK_END
_lseek = os.lseek


@dataclass(frozen=True, slots=True)
class StoreStats:
    """How full the store is; `pages_bytes` counts what is in use, `file_bytes` the whole file."""

    number: int
    generation: int
    pages: int
    pages_bytes: int
    file_bytes: int
    limit_bytes: int
    damaged_pages: int
    given_up: int


class LmdbStore:
    """The pages and the tags of one folder. One object a process; threads may share it, forks may not."""

    def __init__(
        self,
        directory: str | os.PathLike[str],
        *,
        store_bytes: int = 16 << 30,
        writing: bool = True,
        durable: bool = True,
        brotli_quality: int = BROTLI_QUALITY,
    ) -> None:
        """Open the store, and begin it when there is none. Workers open it with `writing=False`.

        `durable=False` leaves syncing to the system: for tests and stores that die with the machine. Raises
        StoreUnusable.
        """
        self._shelf = Shelf(Path(directory), store_bytes=store_bytes, writing=writing, durable=durable)
        self._brotli_quality = brotli_quality
        self._hand = b""
        self.damaged_pages = 0
        self.tags = LmdbTags(self._shelf)

    @property
    def number(self) -> int:
        """The volume's number: when it changes, nothing that was read before may be given out."""
        with self._shelf.lock:
            return self._shelf.volume().number

    def put(self, page: PushedPage) -> PutOutcome:
        """Store the page in all encodings, see `contracts.PageStore`."""
        packed = pack(page, brotli_quality=self._brotli_quality)
        try:
            return self._shelf.run(lambda volume: self._put(volume, packed))
        except StoreForked:
            raise
        except (NoRoom, StoreUnusable):
            return PutOutcome.REFUSED

    def get(self, address: str, encoding: Encoding) -> ReadyReply | None:
        """The stored reply with its checksum verified; None when absent or damaged."""
        return self.read(address.encode(), unpack, encoding)

    def read(self, address: bytes, take: Taker[Answer], encoding: Encoding) -> Answer | None:
        """What `take` makes of the stored value, which it may see only while it runs, and must verify.

        None when the page is absent, or when `take` raises DamagedPage.
        """
        shelf = self._shelf
        with shelf.lock:
            volume = shelf.volume()
            words, mark = volume.words, volume.slot_map.mark
            idle = words[mark]
            words[mark] = idle | READING
            try:
                # LMDB never shortens its file; to read what somebody cut off would kill the process.
                if _lseek(volume.pages_file, 0, _END) < words[PAGES_SIZE]:
                    raise DamagedVolume("the pages' file was cut")
                with volume.pages.begin(buffers=True) as transaction:
                    value = transaction.get(address if len(address) <= WHOLE_KEY_BYTES else key_of(address))
                    return None if value is None else take(address, value, encoding)
            except DamagedPage:
                self.damaged_pages += 1
            except (DamagedVolume, lmdb.Error):
                words[mark] = idle
                return self._read_otherwise(address, take, encoding)
            finally:
                words[mark] = idle
        # Nobody is given the page, so it is rendered and put again; a writer need not wait for that.
        return None

    def drop(self, address: str) -> None:
        """Forget the page. Raises StoreUnusable when there is no room even for that."""
        key = key_of(address.encode())
        try:
            self._shelf.run(lambda volume: self._write(volume, lambda transaction: transaction.delete(key)))
        except NoRoom as error:
            raise StoreUnusable(f"{address} cannot be dropped: {error}") from error

    def addresses(self) -> Iterator[str]:
        """All stored addresses in the order of their keys; a page that is damaged is given by its key."""
        for key, value in self._entries():
            try:
                yield describe(memoryview(value)).address
            except DamagedPage:
                yield key.decode(errors="replace")

    def describe(self, address: str) -> StoredPage | None:
        """What is stored for the address, bodies left out."""
        value = self.raw(address)
        try:
            return None if value is None else describe(memoryview(value))
        except DamagedPage:
            return None

    def raw(self, address: str) -> bytes | None:
        """The stored value as it is."""
        key = key_of(address.encode())

        def read(volume: Volume) -> bytes | None:
            with volume.pages.begin() as transaction:
                found: bytes | None = transaction.get(key)
                return found

        return self._shelf.run(lambda volume: self._reading(volume, read))

    def write_rules(self, rules: bytes) -> None:
        """Keep the rules of the site's addresses; they outlast the volume."""
        write_file(self._shelf.directory / "rules", zlib.crc32(rules).to_bytes(4, "little") + rules)

    def read_rules(self) -> bytes | None:
        """The rules as they were last written; None when there are none or they are damaged."""
        try:
            content = (self._shelf.directory / "rules").read_bytes()
        except OSError:
            return None
        rules = content[4:]
        return rules if zlib.crc32(rules).to_bytes(4, "little") == content[:4] else None

    def check(self) -> None:
        """To be called once a second by every process that has the store open, see `Shelf.check`."""
        self._shelf.check()

    def stats(self) -> StoreStats:
        """How full the store is."""

        def read(volume: Volume) -> StoreStats:
            with volume.pages.begin() as transaction:
                used, pages = _used(transaction), transaction.stat()["entries"]
            size = os.lseek(volume.pages_file, 0, _END)
            generation = volume.words[GENERATION]
            limit, damaged, given_up = self._shelf.store_bytes, self.damaged_pages, self._shelf.given_up
            return StoreStats(volume.number, generation, pages, used, size, limit, damaged, given_up)

        return self._shelf.run(lambda volume: self._reading(volume, read))

    def close(self) -> None:
        """Give everything back."""
        self._shelf.close()

    def _read_otherwise(self, address: bytes, take: Taker[Answer], encoding: Encoding) -> Answer | None:
        """The way of a reading that went wrong: with the volume's next number, or not at all."""

        def read(volume: Volume) -> Answer | None:
            volume.check_files()
            with volume.pages.begin(buffers=True) as transaction:
                value = transaction.get(key_of(address))
                return None if value is None else take(address, value, encoding)

        try:
            return self._shelf.run(lambda volume: self._reading(volume, read))
        except DamagedPage:
            self.damaged_pages += 1
        except (lmdb.Error, NoRoom, StoreUnusable):
            # Too many readers, no memory: it passes, and what is not read now is rendered.
            pass
        return None

    def _put(self, volume: Volume, packed: PackedPage) -> PutOutcome:
        need = len(packed.value) + 16 * 4096
        if need > self._shelf.store_bytes // 2:
            return PutOutcome.REFUSED
        try:
            return self._write(volume, lambda transaction: self._store(volume, transaction, packed))
        except NoRoom as error:
            # A reader that was killed keeps old pages from being used again; then the oldest pages make room.
            volume.pages.reader_check()
            is_disk = error.is_disk
            self._write(volume, lambda transaction: self._evict(volume, transaction, need, sparing=is_disk))
            return self._write(volume, lambda transaction: self._store(volume, transaction, packed))

    def _store(self, volume: Volume, transaction: lmdb.Transaction, packed: PackedPage) -> PutOutcome:
        judged = volume.slot_map.judge(packed.generation, packed.slots, volume.words[GENERATION])
        if judged is Freshness.GONE:
            return PutOutcome.OVERTAKEN
        before = transaction.get(packed.key)
        if before is not None and _generation(memoryview(before), packed.address) > packed.generation:
            return PutOutcome.NEWER_STAYS
        if _used(transaction) + len(packed.value) > self._shelf.store_bytes:
            raise NoRoom("the store has reached its size")
        transaction.put(packed.key, packed.value)
        return PutOutcome.STORED

    def _write(self, volume: Volume, work: Callable[[lmdb.Transaction], Answer]) -> Answer:
        """One writing transaction under the writers' lock, after a look whether the files are still ours."""
        mark = volume.slot_map.mark
        with locked(self._shelf.pages_lock()):
            volume.check_files()
            idle = volume.words[mark]
            volume.words[mark] = idle | WRITING
            try:
                with room_wanted(), volume.pages.begin(write=True, buffers=True) as transaction:
                    answer = work(transaction)
            finally:
                volume.words[mark] = idle | IDLE
            volume.note_sizes()
            return answer

    def _evict(self, volume: Volume, transaction: lmdb.Transaction, need: int, *, sparing: bool = False) -> None:
        """Make room: of a sample of pages, further round with each call, those that were rendered longest ago go.

        `sparing`: at most one in sixteen. Where the disk is full, others may want the room that we would make for
        ourselves, and a page that goes may be one that nobody can render now.
        """
        sample: list[tuple[int, int, bytes]] = []
        with transaction.cursor() as cursor:
            standing = cursor.set_range(self._hand) or cursor.first()
            while standing and len(sample) < _SAMPLE:
                key, value = bytes(cursor.key()), memoryview(cursor.value())
                sample.append((_generation(value, None), len(value), key))
                standing = cursor.next()
        if not sample:
            return
        self._hand = sample[-1][2]
        freed = 0
        for number, (_, size, key) in enumerate(sorted(sample)):
            if sparing and number >= len(sample) // 16:
                return
            if freed >= 2 * need and number >= len(sample) // 8:
                return
            transaction.delete(key)
            freed += size

    def _reading(self, volume: Volume, work: Callable[[Volume], Answer]) -> Answer:
        words, mark = volume.words, volume.slot_map.mark
        idle = words[mark]
        words[mark] = idle | READING
        try:
            volume.check_sizes()
            return work(volume)
        finally:
            words[mark] = idle

    def _entries(self) -> Iterator[tuple[bytes, bytes]]:
        """All keys and values, in small transactions, so that a long walk keeps nobody from using old pages again."""
        after = b""
        while batch := self._entries_after(after):
            yield from batch
            after = batch[-1][0]

    def _entries_after(self, after: bytes) -> list[tuple[bytes, bytes]]:
        return self._shelf.run(lambda volume: self._reading(volume, lambda same: _batch(same, after)))


def _batch(volume: Volume, after: bytes) -> list[tuple[bytes, bytes]]:
    """Up to 64 entries whose keys come after the key."""
    found: list[tuple[bytes, bytes]] = []
    with volume.pages.begin() as transaction, transaction.cursor() as cursor:
        standing = cursor.set_range(after + b"\0") if after else cursor.first()
        while standing and len(found) < 64:
            key, value = cursor.item()
            found.append((key, value))
            standing = cursor.next()
    return found


def _used(transaction: lmdb.Transaction) -> int:
    """The bytes in use, as LMDB counts them itself; what it may use again is not among them."""
    stat = transaction.stat()
    blocks: int = stat["branch_pages"] + stat["leaf_pages"] + stat["overflow_pages"]
    return blocks * int(stat["psize"])


def _generation(value: memoryview, address: bytes | None) -> int:
    """The generation of a stored page; -1 for one that is damaged or another's, which anybody may replace."""
    try:
        stored = describe(value)
    except (DamagedPage, UnicodeDecodeError):
        return -1
    return stored.generation if address is None or stored.address.encode() == address else -1


__all__ = ["LmdbStore", "StoreStats"]
