"""The only place that knows WeasyPrint: HTML in, tagged PDF out, and nothing fetched from anywhere."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from survey_app.web.static_files import PREFIX, STATIC_DIR

SHEET = "document.css"
NOWHERE = "http://document.invalid/"
"""Relative addresses need something to be relative to; names that end so lead nowhere (RFC 2606)."""

ONE_PAGE = '<meta name="pages" content="1">'
"""What a document says of itself that must be alone on its sheet, such as a board."""
SMALLER = (94, 88, 82, 76, 70)
"""Per cent of the usual size of letters, tried in this order."""


class NoPdf(RuntimeError):
    """The machine lacks the libraries that PDF needs."""


def pdf_of(html: str) -> bytes:
    """Print a document.

    Parameters
    ----------
    html : str
        A whole page in the layout of documents; its language, title and headings become the PDF's, and the
        title of each picture its alternative text.

    Returns
    -------
    bytes
        A PDF tagged for screen readers (PDF/UA-1).

    Raises
    ------
    NoPdf
        Where Pango is not installed.
    """
    weasyprint = _printer()
    page = weasyprint.HTML(string=html, base_url=NOWHERE, url_fetcher=_fetcher())
    content: bytes = _laid_out(weasyprint, page, one_page=ONE_PAGE in html).write_pdf(pdf_variant="pdf/ua-1")
    return content


def missing() -> str:
    """Say what this machine lacks for PDF.

    Returns
    -------
    str
        One line for an operator; empty where nothing is missing.
    """
    try:
        _printer()
    except NoPdf as fault:
        return str(fault)
    return ""


def _laid_out(weasyprint: Any, page: Any, *, one_page: bool) -> Any:  # noqa: ANN401 - of a module loaded late
    """Return a page laid out; one that must be alone on its sheet in the largest letters that allow it.

    Parameters
    ----------
    weasyprint : module
        WeasyPrint.
    page : weasyprint.HTML
        The document.
    one_page : bool
        Whether it must fit on one sheet; sizes that are relative to the root's then shrink.

    Returns
    -------
    weasyprint.Document
        Ready to be written.
    """
    found = page.render(pdf_variant="pdf/ua-1")
    for percent in SMALLER if one_page else ():
        if len(found.pages) == 1:
            break
        smaller = weasyprint.CSS(string=f"html {{ font-size: {percent}% }}")
        found = page.render(stylesheets=[smaller], pdf_variant="pdf/ua-1")
    return found


def _printer() -> Any:  # noqa: ANN401 - a module
    try:
        import weasyprint
    except OSError as fault:  # it loads Pango when it is imported
        raise NoPdf(
            "Pango is missing, so no PDF can be made: on Debian, "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from fault
    return weasyprint


@cache
def _fetcher() -> Any:  # noqa: ANN401 - a class of a module that is loaded late
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyTheSheet(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Gives the bundled style sheet and refuses everything else, a name's own markup first of all."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 - its signature
            if not (url.startswith(NOWHERE) and urlsplit(url).path == f"/{PREFIX}/{SHEET}"):
                raise PermissionError("documents fetch nothing")
            return URLFetcherResponse(url, (STATIC_DIR / SHEET).read_bytes(), {"Content-Type": "text/css"})

    return OnlyTheSheet()
