"""What is raised when the configuration is wrong. Apart from pydantic, so that the command line starts at once."""


class ConfigurationError(Exception):
    """The configuration is wrong. `lines` says where, what was found, and what to do."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
