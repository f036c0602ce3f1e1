"""`kintsugi`, and `python -m kintsugi`."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command line. Exit codes: 0 done, 1 found wrong, 2 wrong usage."""
    from kintsugi.commands.root import cli

    sys.exit(cli())


if __name__ == "__main__":
    main()
