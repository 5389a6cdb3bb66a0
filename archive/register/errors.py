"""What every reader of register data raises."""


class RegisterError(ValueError):
    """A register file that cannot be used; the message names the file, the entry and what to do."""
