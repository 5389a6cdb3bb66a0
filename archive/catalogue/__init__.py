"""The catalogue: what the WARCs hold, in tables. Delete it and a rebuild brings every row back."""

from archive.catalogue.store import Catalogue, CatalogueError

__all__ = ["Catalogue", "CatalogueError"]
