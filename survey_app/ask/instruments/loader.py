"""Instrument files read into a library: faults named by line, released versions held to their hash."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from survey_app.ask.instruments.checks import check_instrument
from survey_app.ask.instruments.elements import LogicModel
from survey_app.ask.instruments.faults import Fault, InstrumentFault, SourceFile, read_source
from survey_app.ask.instruments.model import Instrument
from survey_app.ask.instruments.parsing import parse_instrument
from survey_app.ask.instruments.translations import NAME, Translation, load_translation

RELEASED_LIST = "released.toml"
PRIVATE_FOLDER = "private"


class UnknownInstrument(KeyError):
    """An instrument or version that the library does not have."""


class Library:
    """All instruments of an installation, by id and version.

    Parameters
    ----------
    instruments : Iterable[Instrument]
        Checked instruments, each id and version once.
    """

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        self._by_key = {(instrument.id, instrument.version): instrument for instrument in instruments}

    def get(self, instrument_id: str, version: int) -> Instrument:
        """Give one version of an instrument, or raise UnknownInstrument.

        Parameters
        ----------
        instrument_id : str
            An instrument's id.
        version : int
            A version of it.

        Returns
        -------
        Instrument
            That very version.

        Raises
        ------
        UnknownInstrument
            If there is none.
        """
        try:
            return self._by_key[instrument_id, version]
        except KeyError:
            raise UnknownInstrument(f"no instrument {instrument_id} v{version} in the library") from None

    def latest(self, instrument_id: str) -> Instrument:
        """Give the newest version of an instrument, or raise UnknownInstrument.

        Parameters
        ----------
        instrument_id : str
            An instrument's id.

        Returns
        -------
        Instrument
            The version with the highest number.

        Raises
        ------
        UnknownInstrument
            If there is none.
        """
        versions = [version for known, version in self._by_key if known == instrument_id]
        if not versions:
            raise UnknownInstrument(f"no instrument {instrument_id} in the library")
        return self._by_key[instrument_id, max(versions)]

    def all(self) -> tuple[Instrument, ...]:
        """List all instruments, by id and version.

        Returns
        -------
        tuple of Instrument
            Every version of every instrument.
        """
        return tuple(self._by_key[key] for key in sorted(self._by_key))


def load_instrument(path: Path, model: LogicModel | None = None) -> Instrument:
    """Read one instrument file.

    Parameters
    ----------
    path : Path
        `<id>/v<version>.toml`.
    model : LogicModel, optional
        What the items' elements must resolve against; without it they are not looked up.

    Returns
    -------
    Instrument
        The instrument, checked.

    Raises
    ------
    InstrumentFault
        With every fault found, each with file, line and what was expected.
    """
    instrument, faults = _load(path, model)
    if instrument is None or faults:
        raise InstrumentFault(faults)
    return instrument


def load_library(
    folder: Path, private: Path | None = None, model: LogicModel | None = None, *, unsigned_too: bool = False
) -> Library:
    """Read all instruments of a folder, and of a private folder for licensed wording.

    Parameters
    ----------
    folder : Path
        Holds `<id>/v<version>.toml`, their translations and the list of released hashes.
    private : Path, optional
        Laid out alike; checked alike, but for the list: `<folder>/private` is read as well if it is there.
    model : LogicModel, optional
        What the items' elements must resolve against; without it they are not looked up.
    unsigned_too : bool, optional
        Whether translations that nobody has signed off may be said; in production they may not.

    Returns
    -------
    Library
        Everything that was read.

    Raises
    ------
    InstrumentFault
        With every fault of every file.
    """
    faults: list[Fault] = []
    found: dict[tuple[str, int], Instrument] = {}
    roots = [folder, folder / PRIVATE_FOLDER, *([private] if private else [])]
    every = dict.fromkeys(path for root in roots for path in sorted(root.glob("*/v*.toml")))
    paths = [path for path in every if not path.stem.endswith(".easy")]  # another reading of a version
    for path in (path for path in paths if not NAME.match(path.stem)):
        instrument, own = _load(path, model)
        faults += own
        if instrument is None:
            continue
        if (instrument.id, instrument.version) in found:
            faults.append(Fault(str(path), 1, f"expected {instrument.id} v{instrument.version} only once"))
        found[instrument.id, instrument.version] = instrument
    translated, own = _translated([path for path in paths if NAME.match(path.stem)], found, folder)
    faults += own + _release_faults(folder)
    if faults:
        raise InstrumentFault(faults)
    return Library(
        _with_translations(one, translated[one.id, one.version], unsigned_too=unsigned_too)
        for one in found.values()
    )


def released_hash(path: Path) -> str:
    """Give the hash under which a file's bytes are entered in the list of released versions.

    Parameters
    ----------
    path : Path
        An instrument file.

    Returns
    -------
    str
        SHA-256 in hexadecimal.
    """
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _load(path: Path, model: LogicModel | None) -> tuple[Instrument | None, list[Fault]]:
    source = read_source(path)
    if source.faults:
        return None, source.faults
    instrument = parse_instrument(source)
    check_instrument(instrument, source, model)
    return instrument, source.faults


def _translated(
    paths: Iterable[Path], originals: Mapping[tuple[str, int], Instrument], folder: Path
) -> tuple[Mapping[tuple[str, int], list[Translation]], list[Fault]]:
    found: dict[tuple[str, int], list[Translation]] = defaultdict(list)
    faults: list[Fault] = []
    released = read_source(folder / RELEASED_LIST).document.get("released", {})
    for path in paths:
        key = (path.parent.name, int(path.stem.partition(".")[0][1:]))
        original = originals.get(key)
        if original is None:
            faults.append(Fault(str(path), 1, f"expected {path.parent.name}/v{key[1]}.toml beside it"))
            continue
        translation, source = load_translation(path, original)
        name = f"{key[0]}/{path.stem}"
        if not translation.is_draft and path.parents[1] == folder and name not in released:
            source.report(f"expected {name} in {RELEASED_LIST}: it is signed off", key="reviewed_by")
        faults += source.faults
        found[key].append(translation)
    return found, faults


def _with_translations(
    original: Instrument, found: Iterable[Translation], *, unsigned_too: bool
) -> Instrument:
    drafts = sorted(one.instrument.language for one in found if one.is_draft)
    said = {one.instrument.language: one.instrument for one in found if unsigned_too or not one.is_draft}
    return replace(original, translations=said, drafts=tuple(drafts))


def _release_faults(folder: Path) -> list[Fault]:
    path = folder / RELEASED_LIST
    if not path.exists():
        return []
    source = read_source(path)
    listed = source.document.get("released", {})
    if not isinstance(listed, Mapping):
        source.report("expected a table [released]", key="released")
        return source.faults
    for name, expected in listed.items():
        _check_release(source, folder, name, expected)
    return source.faults


def _check_release(source: SourceFile, folder: Path, name: str, expected: object) -> None:
    instrument_id, _, version = name.partition("/")
    path = folder / instrument_id / f"{version}.toml"
    if not path.is_file():
        source.report(f"{name}: expected the released file {path}", "released", key=name)
    elif released_hash(path) != expected:
        fault = f"{name}: expected the released bytes; a changed wording is a new version"
        source.report(fault, "released", key=name)
