"""The child that draws: `python -m reports.drawing FONTS SCALE`, a Vega-Lite specification in, a PNG out.

A process of its own, because the engine keeps 135 MB; it fetches nothing from anywhere.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Reads the specification on stdin and writes the picture on stdout."""
    import vl_convert

    fonts, scale = sys.argv[1:3]
    vl_convert.register_font_directory(fonts)
    specification = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(vl_convert.vegalite_to_png(specification, scale=float(scale), allowed_base_urls=[]))


if __name__ == "__main__":
    main()
