"""The sample brand's kintsugi.yaml, with the addresses of its local sites filled in."""

from __future__ import annotations

from pathlib import Path
from string import Template

from kintsugi.demo.site import DemoSite

TEMPLATE = Path(__file__).with_name("kintsugi.yaml")


def write_configuration(folder: Path, site: DemoSite) -> Path:
    """Writes kintsugi.yaml into `folder` and returns its path; `kintsugi.app.open_app` opens it."""
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        SITE=site.base_url, GUEST_BOOK=site.guest_book.resolve().as_posix()
    )
    path = folder / "kintsugi.yaml"
    path.write_text(text, encoding="utf-8")
    return path
