"""A report as PDF, set by WeasyPrint from its HTML page (extra `pdf`; needs Pango, on Debian libpangoft2-1.0-0)."""

from __future__ import annotations

import logging


def as_pdf(page: str) -> bytes:
    """The pages of a report's HTML. Nothing is fetched. RuntimeError says what is missing on this machine."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ModuleNotFoundError, OSError) as error:
        raise RuntimeError(
            f"PDF needs WeasyPrint and Pango ({error}): pip install 'kintsugi-recovery[pdf]', on Debian also "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0; or print the page of --html"
        ) from None
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it tells each step, and every rule made for mail
    done = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=["data"])).write_pdf()
    assert isinstance(done, bytes)
    return done
