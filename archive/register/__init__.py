"""The register: who must publish, under which names, since when, and why it is expected of them."""

from archive.register.errors import RegisterError
from archive.register.load import load_register, read_file
from archive.register.matching import Match
from archive.register.model import Alias, County, Cover, ExpectedBasis, Publisher, PublisherKind
from archive.register.register import Register

__all__ = [
    "Alias",
    "County",
    "Cover",
    "ExpectedBasis",
    "Match",
    "Publisher",
    "PublisherKind",
    "Register",
    "RegisterError",
    "load_register",
    "read_file",
]
