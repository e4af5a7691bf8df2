"""One numbered folder of the store, `store-<n>`: the pages' LMDB file, the ledger's, the map, and their checks.

A volume that cannot be trusted is not repaired: a new one is begun, whatever processes have the old one open, because
every page in it can be rendered again. Its generations are higher than all of the old one's.

What a power cut may do: the ledger is synced with each purge before `purge` returns. The pages' file is written with
MDB_NOMETASYNC: data are synced before the page that points to them, so the file is whole after a power cut and lacks
at most its last transactions. A lost page is rendered again. An older version of a page that comes back carries its
older generation, and the ledger, which lost nothing, says what was purged since. So no order in which the two files
reach the disk can make a purged page fresh.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import lmdb
from lmdb import verify as lmdb_verify

from .errors import DamagedVolume, StoreUnusable
from .ledger import Ledger
from .room import take_blocks
from .slots import GENERATION, LEDGER_SIZE, MOVED, PAGES_SIZE, SlotMap

_HEADROOM_BYTES = 8 * 1024 * 1024
# 1,024 readers of 64 bytes, and the head before them.
_LOCK_FILE_BYTES = 17 * 4096
_CHECKED_HERE_BYTES = 64 * 1024 * 1024
_CHECK = "import sys; from lmdb.verify import verify; found = verify(sys.argv[1]); sys.exit(found[0] if found else 0)"
_DAMAGE_OF_LMDB = (OSError, ValueError, lmdb.Error, lmdb_verify.VerifyError)


class Volume:
    """An opened volume. Its environments are never carried across a fork, see `Shelf`."""

    def __init__(self, folder: Path, slot_map: SlotMap, *, store_bytes: int, writing: bool, durable: bool) -> None:
        self.folder = folder
        self.number = int(folder.name.removeprefix("store-"))
        self.ledger = Ledger(folder / "tags", writing=writing, durable=durable)
        self.pages = open_pages(folder, store_bytes, writing=writing, durable=durable)
        self.slot_map = slot_map
        self.words = slot_map.words
        self.pages_file = os.open(folder / "pages" / "data.mdb", os.O_RDONLY | os.O_CLOEXEC)
        self.ledger_file = os.open(folder / "tags" / "data.mdb", os.O_RDONLY | os.O_CLOEXEC)
        self.alive_file = -1
        self._identities = {path: _identity(path) for path in _files(folder)}

    def note_sizes(self) -> None:
        """Remember how long the files are: LMDB never shortens one, so a shorter one was cut."""
        self.words[PAGES_SIZE] = max(self.words[PAGES_SIZE], os.lseek(self.pages_file, 0, os.SEEK_END))
        self.words[LEDGER_SIZE] = max(self.words[LEDGER_SIZE], os.lseek(self.ledger_file, 0, os.SEEK_END))

    def check_standing(self) -> None:
        """Whether the volume still counts; only sure for who holds a writer's lock. Raises DamagedVolume."""
        if self.words[GENERATION] == MOVED:
            raise DamagedVolume("it was given up by another process")

    def check_sizes(self) -> None:
        """Reading what was cut off would kill the process (SIGBUS). Raises DamagedVolume."""
        if os.lseek(self.pages_file, 0, os.SEEK_END) < self.words[PAGES_SIZE]:
            raise DamagedVolume("the pages' file was cut")
        if os.lseek(self.ledger_file, 0, os.SEEK_END) < self.words[LEDGER_SIZE]:
            raise DamagedVolume("the ledger's file was cut")

    def check_files(self) -> None:
        """Whether the files that we have open are those that stand in the folder. Raises DamagedVolume."""
        self.check_standing()
        for path, identity in self._identities.items():
            if _identity(path) != identity:
                raise DamagedVolume(f"{path} was deleted or replaced")
        self.check_sizes()

    def renew_map(self) -> None:
        """Bring the map in step with the ledger. The caller holds the purge lock. Raises DamagedVolume."""
        self.check_standing()
        self.check_sizes()
        state, numbers = self.ledger.numbers()
        self.slot_map.write(state.generation, state.floor, numbers)

    def close(self) -> None:
        """Give everything back. No transaction may be open."""
        self.words[self.slot_map.mark] = 0
        self.pages.close()
        self.ledger.environment.close()
        for file in (self.pages_file, self.ledger_file, self.alive_file):
            if file >= 0:
                os.close(file)


def open_pages(folder: Path, store_bytes: int, *, writing: bool, durable: bool) -> lmdb.Environment:
    """The pages' LMDB file, with some room beyond `store_bytes` in which a full store can still make room."""
    return lmdb.open(
        str(folder / "pages"),
        map_size=store_bytes + _HEADROOM_BYTES,
        readonly=not writing,
        sync=durable,
        metasync=False,
        readahead=False,
        max_readers=1024,
        max_spare_txns=4,
    )


def open_volume(folder: Path, *, store_bytes: int, writing: bool, durable: bool) -> Volume:
    """Open the volume, checked from end to end when nobody else has it open or somebody died over it.

    The caller holds the opening lock and the locks of both writers. Raises DamagedVolume.
    """
    for name in ("tags", "pages"):
        if _identity(folder / name / "data.mdb") is None:
            raise DamagedVolume(f"{folder / name / 'data.mdb'} is missing")
    alive = os.open(folder / "alive", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if _take_alone(alive):
            _check_structure(folder)
            _take_lock_files(folder)
            _make_map(folder)
        slot_map = SlotMap(folder / "map")
        if slot_map.claim_mark():
            _check_structure(folder)
        volume = _open(folder, slot_map, store_bytes=store_bytes, writing=writing, durable=durable)
        # Never waits: who opens has the opening lock, and others hold this one only shared.
        fcntl.flock(alive, fcntl.LOCK_SH)
        volume.alive_file = alive
    except BaseException:
        os.close(alive)
        raise
    volume.check_sizes()
    _fill_up(folder / "pages" / "data.mdb", volume.pages)
    _fill_up(folder / "tags" / "data.mdb", volume.ledger.environment)
    volume.note_sizes()
    return volume


def _fill_up(path: Path, environment: lmdb.Environment) -> None:
    """Lengthen a file that ends before its last page, which nobody may read else without being killed (SIGBUS).

    `lmdb.verify` looks at the first block of each value alone, so the end of the last one may be missing; filled with
    zeros it is a page with a wrong checksum. The caller holds the writers' locks.
    """
    least = (environment.info()["last_pgno"] + 1) * environment.stat()["psize"]
    if path.stat().st_size < least:
        os.truncate(path, least)


def _open(folder: Path, slot_map: SlotMap, *, store_bytes: int, writing: bool, durable: bool) -> Volume:
    try:
        return Volume(folder, slot_map, store_bytes=store_bytes, writing=writing, durable=durable)
    except (lmdb.CorruptedError, lmdb.InvalidError, lmdb.VersionMismatchError, lmdb.NotFoundError) as error:
        raise DamagedVolume(f"{folder}: {error}") from error
    except lmdb.Error as error:
        raise StoreUnusable(f"{folder} cannot be opened: {error}") from error


def create_volume(directory: Path, *, store_bytes: int, least_generation: int) -> Path:
    """Make a new volume and let `current` point to it. The caller holds the opening lock. Raises StoreUnusable."""
    number = 1 + max([*_numbers(directory), current_number(directory) or 0])
    folder = directory / f"store-{number}"
    new = directory / f"new-{number}"
    shutil.rmtree(new, ignore_errors=True)
    # Microseconds since 1970: purges come more slowly than these pass, so a later volume begins higher.
    generation = max(time.time_ns() // 1000, least_generation)
    try:
        for name in ("tags", "pages"):
            (new / name).mkdir(parents=True)
        _take_lock_files(new)
        ledger = Ledger(new / "tags", writing=True)
        ledger.begin(generation)
        ledger.environment.close()
        open_pages(new, store_bytes, writing=True, durable=True).close()
        SlotMap.create(new / "map", generation, generation, ())
        os.rename(new, folder)
        write_file(directory / "current", folder.name.encode())
    except (OSError, lmdb.Error) as error:
        raise StoreUnusable(f"{new} cannot be made: {error}") from error
    return folder


def give_up(directory: Path, keep: int) -> None:
    """Send everybody away from the volumes other than `keep`, then delete them; open ones vanish with the last user."""
    for number in _numbers(directory):
        if number != keep:
            folder = directory / f"store-{number}"
            with contextlib.suppress(OSError, DamagedVolume):
                SlotMap(folder / "map").words[GENERATION] = MOVED
            shutil.rmtree(folder, ignore_errors=True)


def current_number(directory: Path) -> int | None:
    """The number of the volume that counts; None when there is none."""
    try:
        name = (directory / "current").read_text("ascii", errors="replace")
        return int(name.removeprefix("store-"))
    except (OSError, ValueError):
        return None


def write_file(path: Path, content: bytes) -> None:
    """Put the whole file in the place of the old one, durably."""
    new = path.with_name(path.name + ".new")
    with open(new, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _check_structure(folder: Path) -> None:
    """Walk both files without LMDB, which trusts its files and can be killed by them. Raises DamagedVolume."""
    for name in ("tags", "pages"):
        found = _problem(folder / name)
        if found:
            raise DamagedVolume(f"{folder / name}: {found}")


def _problem(folder: Path) -> str:
    """The first thing that is wrong; a long file is walked by a process of its own, which takes its memory with it."""
    try:
        if (folder / "data.mdb").stat().st_size < _CHECKED_HERE_BYTES:
            return "".join(lmdb_verify.verify(str(folder))[:1])
    except _DAMAGE_OF_LMDB as error:
        return str(error) or type(error).__name__
    command = [sys.executable, "-c", _CHECK, str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own interpreter
    lines = ended.stderr.strip().splitlines()
    return "" if ended.returncode == 0 else (lines[-1] if lines else "could not be walked")


def _take_lock_files(folder: Path) -> None:
    """LMDB writes its lock files through memory. Raises StoreUnusable."""
    try:
        for name in ("tags", "pages"):
            take_blocks(folder / name / "lock.mdb", _LOCK_FILE_BYTES)
    except OSError as error:
        raise StoreUnusable(f"{folder} cannot be opened: {error.strerror}") from error


def _make_map(folder: Path) -> None:
    """The map of a volume that nobody has open is made anew from the ledger. Raises DamagedVolume, StoreUnusable."""
    ledger = None
    try:
        ledger = Ledger(folder / "tags", writing=False)
        state, numbers = ledger.numbers()
    except lmdb.Error as error:
        raise DamagedVolume(f"{folder / 'tags'}: {error}") from error
    finally:
        if ledger is not None:
            ledger.environment.close()
    # The old one makes room for the new one on a full disk; nobody has it open.
    (folder / "map").unlink(missing_ok=True)
    SlotMap.create(folder / "map", state.generation, state.floor, numbers)


def _take_alone(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _files(folder: Path) -> list[Path]:
    lmdb_files = [folder / name / file for name in ("pages", "tags") for file in ("data.mdb", "lock.mdb")]
    return [*lmdb_files, folder / "map", folder / "alive"]


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _numbers(directory: Path) -> Iterator[int]:
    for path in directory.glob("store-*"):
        with contextlib.suppress(ValueError):
            yield int(path.name.removeprefix("store-"))
