"""What is handed out, hung up or posted: posters, letters and paper forms as pages for the printer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import segno
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup, escape

from survey_app.ask.instruments.model import Instrument
from survey_app.settings import CONFIG_DIR, Settings
from survey_app.web.phrases import SOURCE, Phrases, Voice, load_phrases
from survey_app.web.static_files import static_url

SECONDS_AN_ITEM = 15


@dataclass(frozen=True, slots=True)
class House:
    """Who hands it out.

    Attributes
    ----------
    service_name, help_phone : str
        As pages say them.
    base_url : str
        Where the site is, with its scheme.
    drafts : bool
        Whether wording that nobody has signed off may be printed.
    """

    service_name: str
    help_phone: str
    base_url: str
    drafts: bool

    @property
    def site(self) -> str:
        """Return the address that people type.

        Returns
        -------
        str
            Without its scheme; browsers put it back.
        """
        return self.base_url.partition("//")[2]


@dataclass(frozen=True, slots=True)
class Said:
    """A handout in one language.

    Attributes
    ----------
    language : str
        Its code.
    instrument : Instrument
        What is asked, in it.
    words : Voice
        The phrases of the paper.
    """

    language: str
    instrument: Instrument
    words: Voice


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter.

    Attributes
    ----------
    code : str
        As printed: ABCDE-FGHJK-X.
    address : sequence of str
        The lines that stand in the window of the envelope.
    place : str
        Where the person gets their care.
    until : date
        The last day to answer.
    languages : tuple of str
        One sheet in each, in this order, all with the same code; empty: in that of the instrument.
    """

    code: str
    address: Sequence[str]
    place: str
    until: dt.date
    languages: tuple[str, ...] = ()


def house_of(settings: Settings) -> House:
    """Return who hands out.

    Parameters
    ----------
    settings : Settings
        Of this installation.

    Returns
    -------
    House
        Its names and addresses.
    """
    drafts = not settings.is_production
    return House(settings.service_name, settings.help_phone, settings.public_base_url, drafts)


def languages_of(house: House, instrument: Instrument) -> tuple[str, ...]:
    """Return the languages that handouts can be printed in.

    Parameters
    ----------
    house : House
        Whether drafts may be printed.
    instrument : Instrument
        What is asked, in the language it was released in.

    Returns
    -------
    tuple of str
        The instrument's own first; others only where both the questions and the paper's own words are there.
    """
    phrases = _phrases(drafts=house.drafts)
    others = (code for code in instrument.languages if code != instrument.language)
    return (instrument.language, *(code for code in others if phrases.has_page(code, "handout")))


def poster_html(
    house: House, instrument: Instrument, place: str, code: str, *, languages: Sequence[str] = ()
) -> str:
    """Return a poster.

    Parameters
    ----------
    house : House
        Who hangs it up.
    instrument : Instrument
        What is asked.
    place : str
        About whose care.
    code : str
        As printed.
    languages : sequence of str
        Which to print it in, one above the other around one code; empty: in that of the instrument.

    Returns
    -------
    str
        A document of one page.
    """
    said = _said(house, instrument, languages)
    return _render("poster", house, said, place=place, code=code, qr=_qr(house, code))


def letters_html(
    house: House, instrument: Instrument, letters: Sequence[Letter], *, with_form: bool = False
) -> str:
    """Return letters, one a sheet.

    Parameters
    ----------
    house : House
        Who writes.
    instrument : Instrument
        What is asked.
    letters : sequence of Letter
        To whom.
    with_form : bool
        Whether a paper form goes with each, under the number of its letter.

    Returns
    -------
    str
        One document for the post room.
    """
    pages = [
        (letter, _qr(house, letter.code), _said(house, instrument, letter.languages)) for letter in letters
    ]
    return _render("letters", house, _said(house, instrument), pages=pages, with_form=with_form)


def forms_html(
    house: House,
    instrument: Instrument,
    place: str,
    codes: Sequence[str],
    *,
    languages: Sequence[str] = (),
) -> str:
    """Return paper forms, each with its number.

    Parameters
    ----------
    house : House
        Who asks.
    instrument : Instrument
        What is asked; every item stands on the form.
    place : str
        About whose care.
    codes : sequence of str
        The numbers, as printed.
    languages : sequence of str
        A sheet in each under the same number; empty: in that of the instrument.

    Returns
    -------
    str
        One document.
    """
    said = _said(house, instrument, languages)
    return _render("forms", house, said, place=place, codes=codes)


def _said(house: House, instrument: Instrument, languages: Sequence[str] = ()) -> list[Said]:
    able = languages_of(house, instrument)
    chosen = [code for code in dict.fromkeys(languages) if code in able] or [instrument.language]
    phrases = _phrases(drafts=house.drafts)
    return [Said(code, instrument.in_language(code), Voice(phrases, code)) for code in chosen]


def _render(name: str, house: House, said: Sequence[Said], **values: object) -> str:
    instrument = said[0].instrument
    minutes = max(1, round(len(instrument.items) * SECONDS_AN_ITEM / 60))
    page = _environment(drafts=house.drafts).get_template(f"handouts/{name}.html")
    return page.render(
        house=house, instrument=instrument, said=said, minutes=minutes, lang=said[0].language, **values
    )


def _qr(house: House, code: str) -> Markup:
    picture = segno.make(f"{house.base_url}/q/{code}", error="m", boost_error=False)
    title = f"QR code that opens {house.site}/q/{code}"
    drawn = picture.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, title=str(escape(title)))
    return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 - drawn here, the title escaped


@cache
def _phrases(*, drafts: bool) -> Phrases:
    return load_phrases(CONFIG_DIR / "pages", unsigned_too=drafts)


@cache
def _environment(*, drafts: bool) -> Environment:
    # A worker prints letters, and no web application is there to lend its templates.
    rooms = [PackageLoader("survey_app.show.charts.documents"), PackageLoader("survey_app.web")]
    made = Environment(
        loader=ChoiceLoader(rooms),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    phrases = _phrases(drafts=drafts)

    @pass_context
    def words(context: Context, name: str, /, **values: object) -> Markup:
        return phrases.text(str(context.get("lang", SOURCE)), name, **values)

    made.globals.update(words=words, static_url=static_url)
    return made
