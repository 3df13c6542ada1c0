"""Many rows from one query into one table, through COPY on both sides.

INSERT … SELECT writes a row at a time; COPY writes a page at a time and takes half as long. The query
runs in a session of its own, so that reading and writing keep two processors busy.
"""

from __future__ import annotations

import queue
import threading

import psycopg2
from psycopg2.extensions import connection as Connection

from yos_warehouse.server.connect import connect

_CHUNK_BYTES = 1 << 20
_CHUNKS = 8


def copy_rows(connection: Connection, table: str, columns: str, query: str) -> int:
    """Copy the rows of a query into a table; part of the connection's transaction.

    Args:
        connection: that writes, as loader.
        table, columns: where to, as SQL.
        query: what, as SQL without parameters. It sees what is committed, not what ``connection`` has done.

    Returns:
        Rows written.

    Raises:
        psycopg2.Error: either side failed; the transaction of ``connection`` is then broken.
    """
    pipe = _Pipe()
    reader = connect("loader", database=connection.info.dbname, autocommit=True, application="yos load copy")

    def read() -> None:
        try:
            with reader.cursor() as cursor:
                cursor.execute("set work_mem = '64MB'; set synchronize_seqscans = off")
                cursor.copy_expert(f"copy ({query}) to stdout (format binary)", pipe)
            pipe.end()
        except BaseException as problem:
            pipe.end(problem)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    try:
        with connection.cursor() as cursor:
            cursor.copy_expert(f"copy {table} ({columns}) from stdin (format binary)", pipe, _CHUNK_BYTES)
            return cursor.rowcount
    except psycopg2.Error:
        if isinstance(pipe.problem, psycopg2.Error):
            raise pipe.problem from None
        raise
    finally:
        pipe.abandon()
        thread.join()
        reader.close()


class _Abandoned(Exception):
    """The writing side is gone."""


class _Pipe:
    """Bytes from a thread that writes small pieces to a thread that reads large ones."""

    def __init__(self) -> None:
        self.problem: BaseException | None = None
        self._chunks: queue.Queue[bytes] = queue.Queue(_CHUNKS)
        self._pieces: list[bytes] = []
        self._length = 0
        self._rest = b""
        self._is_abandoned = False

    def write(self, data: bytes) -> int:
        """Called by COPY TO for each row."""
        self._pieces.append(data)
        self._length += len(data)
        if self._length >= _CHUNK_BYTES:
            self._flush()
        return len(data)

    def _flush(self) -> None:
        chunk, self._pieces, self._length = b"".join(self._pieces), [], 0
        while not self._is_abandoned:
            try:
                return self._chunks.put(chunk, timeout=1)
            except queue.Full:
                continue
        raise _Abandoned

    def end(self, problem: BaseException | None = None) -> None:
        """No more bytes; with a problem the reading side fails too."""
        self.problem = problem
        try:
            if self._pieces and problem is None:
                self._flush()
            self._flush()  # nothing: the end
        except _Abandoned:
            pass

    def read(self, size: int = -1) -> bytes:
        """Called by COPY FROM; no more than asked for."""
        if not self._rest:
            self._rest = self._chunks.get()
            if not self._rest and self.problem is not None:
                raise OSError("the reading session failed")
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    def abandon(self) -> None:
        """The reader will read no more."""
        self._is_abandoned = True
