"""Codes that students type, keys that teachers keep, and voters: how they are made, read and kept.

A code is short, so it can be guessed, and opens nothing but the students' view. The teacher's key is another secret; of
it, and of voters, only hashes are kept, those of voters different in every class.
"""

import hashlib
import hmac
import random
import re
import secrets

from regdash.errors import NoSuchClass

LETTERS = "BDGHJKLMNPRTVWXZ"  # no vowels, so no words; none that looks like a digit or another of them
LENGTH = 4  # all different: 43,680 codes
_VOTER = re.compile(r"[A-Za-z0-9_-]{16,64}")


def new_code() -> str:
    """Four different letters."""
    return "".join(random.SystemRandom().sample(LETTERS, LENGTH))


def read_code(text: object) -> str:
    """The code that somebody typed, in small letters or with spaces. Raises `NoSuchClass`."""
    code = re.sub(r"[\s.-]", "", text).upper() if isinstance(text, str) and len(text) <= 40 else ""
    if len(code) != LENGTH or not set(code) <= set(LETTERS):
        raise NoSuchClass(f"a class has a code of {LENGTH} letters, such as {LETTERS[:LENGTH]}")
    return code


def new_key() -> str:
    """A teacher's key: 192 random bits."""
    return secrets.token_urlsafe(24)


def new_voter() -> str:
    """What a browser keeps so that it counts once: random, and nothing else."""
    return secrets.token_urlsafe(18)


def is_voter(token: object) -> bool:
    """Whether `new_voter` could have made this. It comes from a browser, so it may be anything."""
    return isinstance(token, str) and _VOTER.fullmatch(token) is not None


def key_hash(key: str) -> bytes:
    """(32,) what is kept of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def fits(key: object, kept: bytes) -> bool:
    """Whether a key is the one of which this is kept, in a time that tells nothing about it."""
    return isinstance(key, str) and len(key) <= 200 and hmac.compare_digest(key_hash(key), kept)


def voter_hash(token: str, kept: bytes) -> bytes:
    """(16,) what is kept of a voter in the class of which `kept` is what is kept of its key."""
    return hashlib.blake2b(token.encode(), key=kept, digest_size=16).digest()
