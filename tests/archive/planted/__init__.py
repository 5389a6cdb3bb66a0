"""A year planted whole: stories of publishers, and what each must be called, from a table of its own."""
