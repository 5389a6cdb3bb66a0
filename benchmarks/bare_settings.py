"""The gallery's settings with no reader of a known family: what the generic platform sees by itself."""

from crawler.platforms import generic_families
from tests.portals.gallery.settings import *  # noqa: F403 - a settings module is a name space

generic_families.READERS = ()
