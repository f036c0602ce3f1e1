"""A report as PDF, set by WeasyPrint from its HTML page (extra `pdf`; needs Pango, on Debian libpangoft2-1.0-0)."""

from __future__ import annotations


def as_pdf(page: str) -> bytes:
    """The pages of a report's HTML. Nothing is fetched. RuntimeError says what is missing on this machine."""
    try:
        from weasyprint import HTML
    except (ModuleNotFoundError, OSError) as error:
        raise RuntimeError(
            f"PDF needs WeasyPrint and Pango ({error}): pip install 'kintsugi-recovery[pdf]', on Debian also "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0; or print the page of --html"
        ) from None
    done = HTML(string=page, url_fetcher=_only_inline).write_pdf()
    assert isinstance(done, bytes)
    return done


def _only_inline(url: str) -> object:
    from weasyprint import default_url_fetcher

    if not url.startswith("data:"):
        raise ValueError("a report holds all that it shows")
    return default_url_fetcher(url)
