"""Reading the body of an answer without trusting it: never more than a cap, counted after decompression."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

MAX_BYTES = 5 * 1024 * 1024  # the largest known feed has 0.8 MB
ACCEPTED_ENCODINGS = "gzip, deflate"


class BodyError(Exception):
    """The body is too large, or not what its headers say; the text says which."""


async def read_capped(chunks: AsyncIterator[bytes], encoding: str, *, cap: int = MAX_BYTES) -> bytes:
    """Collect a body and undo its content encoding.

    Args:
        chunks: the body as it comes over the wire, still encoded.
        encoding: the Content-Encoding header, "" when there is none.
        cap: the most bytes accepted after decompression. A compressed bomb costs no more memory than this.

    Raises:
        BodyError: larger than ``cap``, cut off, corrupt, or in an encoding that was not asked for.
    """
    inflater = _inflater(encoding)
    body = bytearray()
    async for chunk in chunks:
        body += inflater.feed(chunk, room=cap - len(body)) if inflater else chunk
        if len(body) > cap:
            raise BodyError(f"larger than {cap / 1024 / 1024:.0f} MB")
    if inflater is not None and not inflater.finished:
        raise BodyError("its compressed body is cut off")
    return bytes(body)


def _inflater(encoding: str) -> _Inflater | None:
    names = [name.strip().lower() for name in encoding.split(",") if name.strip()]
    names = [name for name in names if name != "identity"]
    if not names:
        return None
    if names in (["gzip"], ["x-gzip"], ["deflate"]):
        return _Inflater()
    # httpx would undo any chain of encodings that it knows, without a bound.
    raise BodyError(f"its content encoding {', '.join(names)!r} was not asked for")


class _Inflater:
    """gzip (several members too), zlib and bare deflate, with a bound on each step's output."""

    def __init__(self) -> None:
        self._decoder: zlib._Decompress | None = None
        self._head = b""  # too little yet to tell which of the three begins
        self._members = 0
        self._over = False  # behind the last member: padding

    @property
    def finished(self) -> bool:
        """Whether the compressed stream reached its end (an empty body counts)."""
        return self._over or (self._decoder is None and (self._members > 0 or not self._head))

    def feed(self, data: bytes, *, room: int) -> bytes:
        """Decompress; returns at most ``room`` + 1 bytes, so that the caller sees the cap broken."""
        out = bytearray()
        while data and len(out) <= room and not self._over:
            if self._decoder is None:
                self._head += data[:1]
                data = data[1:]
                if len(self._head) < 2:
                    continue
                self._begin()
                if self._decoder is None:
                    break
                data, self._head = self._head + data, b""
            try:
                out += self._decoder.decompress(data, room + 1 - len(out))
            except zlib.error as error:
                raise BodyError("its compressed body is corrupt") from error
            if self._decoder.eof:
                data, self._decoder = self._decoder.unused_data, None
                self._members += 1
            else:
                data = self._decoder.unconsumed_tail
        return bytes(out)

    def _begin(self) -> None:
        """Choose the decoder by the first two bytes; behind a member only another gzip member may begin."""
        first, second = self._head
        if self._head == b"\x1f\x8b":
            self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        elif self._members:
            self._over = True
        elif first & 0x0F == 8 and (first << 8 | second) % 31 == 0:  # RFC 1950, section 2.2
            self._decoder = zlib.decompressobj()
        else:
            # Some servers call bare deflate, without zlib's header, "deflate".
            self._decoder = zlib.decompressobj(-zlib.MAX_WBITS)
