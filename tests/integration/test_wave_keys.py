"""Keys of open waves that are lost, put back from a backup, or away for a while."""

from __future__ import annotations

from pathlib import Path

from survey_app.ask.outreach.waves import keyfile
from survey_app.ask.outreach.waves.tables import WaveState
from survey_app.cli.doctor import lost_wave_keys
from survey_app.jobs.waves import tend_waves
from tests.attacks.ground import ON_SQLITE
from tests.waves import dispatch, open_wave, path_in


@ON_SQLITE
def test_a_lost_key_voids_the_wave_and_everybody_is_told(app, runtime):
    wave = open_wave(runtime, 8)
    path = path_in(dispatch(runtime)[0])
    wave.fill_in(wave.voters[0], [3] * 14)
    assert list(lost_wave_keys(runtime)) == []
    keyfile.path_of(wave.folder, wave.wave_id).unlink()
    assert len(list(lost_wave_keys(runtime))) == 1
    assert app.test_client().get(path).status_code in {200, 503}  # not over yet: the clock says so
    for _ in range(2):
        tend_waves(runtime)
    assert wave.wave().state is WaveState.VOID
    assert wave.counts() == {"answered": 1, "sealed_ballot": 0, "ballot_draft": 0, "ballot": 0}
    told = dispatch(runtime)
    assert len(told) == 8
    assert all("stopped" in letter.body and "/t/" not in letter.body for letter in told)
    assert "was stopped" in app.test_client().get(path).text
    assert list(lost_wave_keys(runtime)) == []


@ON_SQLITE
def test_restoring_to_before_a_close_voids_the_wave(runtime, tmp_path):
    wave = open_wave(runtime, 6)
    for voter in wave.voters:
        wave.fill_in(voter, [3] * 14)
    path = Path(runtime.database.url.database)
    runtime.database.dispose()
    backup = path.read_bytes()
    assert wave.close() is WaveState.CLOSED
    runtime.database.dispose()
    path.write_bytes(backup)
    tend_waves(runtime)
    assert wave.wave().state is WaveState.VOID
    assert wave.counts() == {"answered": 6, "sealed_ballot": 0, "ballot_draft": 0, "ballot": 0}


@ON_SQLITE
def test_a_folder_that_is_not_there_for_a_while_voids_nothing(runtime):
    wave = open_wave(runtime, 8)
    (wave.folder / "waves").rename(wave.folder / "unmounted")
    tend_waves(runtime)
    assert wave.wave().state is WaveState.OPEN
    assert dispatch(runtime) == []  # no link can be made
    (wave.folder / "unmounted").rename(wave.folder / "waves")
    wave.fill_in(wave.voters[0], [3] * 14)
    assert wave.counts()["sealed_ballot"] == 1
