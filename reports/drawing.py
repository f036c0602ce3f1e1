"""The child that draws: `python -m reports.drawing FONTS SCALE`, Vega-Lite specifications in, PNGs in base64 out.

A process of its own, because the engine keeps 135 MB; it fetches nothing from anywhere.
"""

from __future__ import annotations

import base64
import json
import sys


def main() -> None:
    """Reads a JSON list of specifications on stdin and writes a picture a line."""
    import vl_convert

    fonts, scale = sys.argv[1:3]
    vl_convert.register_font_directory(fonts)
    for specification in json.loads(sys.stdin.buffer.read()):
        picture = vl_convert.vegalite_to_png(specification, scale=float(scale), allowed_base_urls=[])
        sys.stdout.buffer.write(base64.b64encode(picture) + b"\n")


if __name__ == "__main__":
    main()
