import datetime as dt
from dataclasses import replace

from survey_app.know.evidence.keeping import save as save_series
from survey_app.show.charts import store
from survey_app.show.charts.tables import Rendering
from tests.factories import make_place
from tests.unit.show.charts.example import example

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
PICTURES = dict.fromkeys(Rendering, b"picture")


def keep(database, *series):
    with database.writing() as session:
        save_series(session, series, now=NOW)


def missing(database, limit=10):
    with database.reading() as session:
        return store.undrawn(session, limit=limit)


def test_a_series_is_missing_until_every_kind_is_drawn(database):
    keep(database, example())
    (todo,) = missing(database)
    with database.writing() as session:
        store.save(session, todo, {Rendering.SVG: b"wide"}, now=NOW)
    assert len(missing(database)) == 1
    with database.writing() as session:
        store.save(session, todo, PICTURES, now=NOW)
        store.save(session, todo, PICTURES, now=NOW)
    assert missing(database) == []
    with database.reading() as session:
        assert store.is_drawn(session, "ex.say.mean", "riverside")
        assert store.drawing(session, "ex.say.mean", "riverside", Rendering.PNG) == b"picture"


def test_a_picture_of_an_older_release_is_never_shown(database):
    keep(database, example())
    with database.writing() as session:
        store.save(session, store.Missing(example(), "Riverside"), PICTURES, now=NOW)
    keep(database, example(release="r2"))
    with database.reading() as session:
        assert store.drawing(session, "ex.say.mean", "riverside", Rendering.SVG) is None
        assert not store.is_drawn(session, "ex.say.mean", "riverside")
    assert [todo.series.release for todo in missing(database)] == ["r2"]


def test_the_current_week_comes_first_and_there_the_most_answers(database):
    old = example(place="old", points=example().points[:5])
    large = example(
        place="large", points=tuple(replace(p, n=500) if hasattr(p, "n") else p for p in example().points)
    )
    keep(database, old, example(place="small"), large)
    assert [todo.series.place for todo in missing(database)] == ["large", "small", "old"]
    assert len(missing(database, limit=1)) == 1


def test_titles_are_the_names_of_measure_and_place(database, loaded_runtime):
    with database.writing() as session:
        make_place(session, "riverside", name="Riverside & Dale")
    keep(database, example(), example(measure="gone.mean", place="nowhere"))
    titles = {todo.series.measure: todo.title(loaded_runtime.measures) for todo in missing(database)}
    assert titles["ex.say.mean"].place == "Riverside & Dale"
    assert titles["ex.say.mean"].measure == loaded_runtime.measures.get("ex.say.mean").title
    assert (titles["gone.mean"].measure, titles["gone.mean"].place) == ("gone.mean", "nowhere")
