"""What the service says by text and on the phone, per language: loaded once from config/wording."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

SOURCE = "en"


class UnknownText(KeyError):
    """A text that the wording file does not have."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one language by name, and beside them those of the other languages that may be said."""

    texts: Mapping[str, str]
    others: Mapping[str, Wording] = field(default_factory=dict)
    unsigned: tuple[str, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)
    spoken: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, language: str) -> Wording:
        """Return the texts of a language.

        Parameters
        ----------
        language : str
            A language code.

        Returns
        -------
        Wording
            This very wording where the language has none that may be said.
        """
        return self.others.get(language.partition("-")[0], self)

    def text(self, name: str, **values: object) -> str:
        """Return a text with its places filled in.

        Parameters
        ----------
        name : str
            A key of the `[texts]` table.
        **values : object
            What stands in each {place}; a place without a value stays as it is ({link} is filled at sending).

        Returns
        -------
        str
            The text to queue.

        Raises
        ------
        UnknownText
            If the file has no such text.
        """
        try:
            said = self.texts[name]
        except KeyError:
            raise UnknownText(
                f"config/wording has no text {name!r}; it has {', '.join(sorted(self.texts))}"
            ) from None
        return _filled(said, values)

    def speech(self, name: str, language: str, **values: object) -> str:
        """Return what is said on the phone, with its places filled in.

        Parameters
        ----------
        name : str
            A key of the `[spoken]` table.
        language : str
            The language of the call; where it has no `[spoken]` table that may be said, English.
        **values : object
            What stands in each {place}.

        Returns
        -------
        str
            Empty where nothing is said on the phone under this name.
        """
        return _filled(self.spoken_in(language).get(name, ""), values)

    def spoken_in(self, language: str) -> Mapping[str, str]:
        """Return everything said on the phone in a language; in English where it says nothing.

        Parameters
        ----------
        language : str
            A language code.

        Returns
        -------
        Mapping of str to str
            Whole tables only: a call never changes its language between two sentences.
        """
        return self.in_language(language).spoken or self.spoken

    def speaks(self, language: str) -> bool:
        """Tell whether calls can be held in a language.

        Parameters
        ----------
        language : str
            A language code.

        Returns
        -------
        bool
            True for English.
        """
        return language == SOURCE or (language in self.others and bool(self.others[language].spoken))

    @property
    def written_by_language(self) -> dict[str, Mapping[str, str]]:
        """Return what is written in each language.

        Returns
        -------
        dict of str to Mapping
            By language code, English first.
        """
        return {SOURCE: self.written} | {code: other.written for code, other in self.others.items()}

    @property
    def teams_by_language(self) -> dict[str, Mapping[str, str]]:
        """Return what members of teams are told in each language that says it.

        Returns
        -------
        dict of str to Mapping
            By language code, English first; whole tables only.
        """
        others = {code: other.teams for code, other in self.others.items() if other.teams}
        return {SOURCE: self.teams} | others

    def write(self, name: str) -> str:
        """Return a wording for WhatsApp, e-mail or letters, its places still open.

        Parameters
        ----------
        name : str
            A key of the `[written]` table.

        Returns
        -------
        str
            The wording without the line breaks around it.

        Raises
        ------
        UnknownText
            If the file has no such wording.
        """
        try:
            return self.written[name].strip()
        except KeyError:
            raise UnknownText(f"config/wording has nothing written under {name!r}") from None


def _filled(said: str, values: Mapping[str, object]) -> str:
    for place, value in values.items():
        said = said.replace("{" + place + "}", str(value))
    return said


def load_wording(folder: Path, *, unsigned_too: bool) -> Wording:
    """Read the `[texts]` and `[spoken]` tables of all wording files.

    Parameters
    ----------
    folder : Path
        For example config/wording.
    unsigned_too : bool
        Whether drafts that nobody has signed off may be said; in production they may not.

    Returns
    -------
    Wording
        English, with the other languages beside it; what a language lacks it says in English.
    """
    files = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.toml")}
    source = files[SOURCE]
    english = Wording(
        source["texts"],
        written=source.get("written", {}),
        spoken=source.get("spoken", {}),
        teams=source.get("teams", {}),
    )
    drafts = tuple(sorted(code for code, file in files.items() if file.get("reviewed_by") == ""))
    return replace(
        english,
        unsigned=drafts,
        others={
            code: Wording(
                {**english.texts, **file["texts"]},
                written={**english.written, **file.get("written", {})},
                spoken=file.get("spoken", {}),
                teams=file.get("teams", {}),
            )
            for code, file in files.items()
            if code != SOURCE and (unsigned_too or code not in drafts)
        },
    )
