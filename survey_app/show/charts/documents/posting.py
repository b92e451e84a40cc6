"""One letter as a PDF for a provider that posts it; processes that serve people do not load this."""

from __future__ import annotations

from survey_app.ask.instruments.model import Instrument
from survey_app.show.charts.documents.handouts import House, Letter, letters_html
from survey_app.show.charts.documents.printing import pdf_of


def letter_pdf(house: House, instrument: Instrument, letter: Letter) -> bytes:
    """Print one letter, for a provider that posts it.

    Parameters
    ----------
    house : House
        Who writes.
    instrument : Instrument
        What is asked.
    letter : Letter
        To whom.

    Returns
    -------
    bytes
        A tagged PDF of one page; it opens a survey, so it is not for keeping.

    Raises
    ------
    NoPdf
        Where Pango is not installed.
    """
    return pdf_of(letters_html(house, instrument, [letter]))
