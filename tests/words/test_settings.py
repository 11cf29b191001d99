from regdash.config import FIELDS, RunConfig
from regdash.study import StudySpec
from regdash.words import settings


def test_a_run_names_every_setting_once():
    said = settings.of_run(RunConfig(dropout=0.3, seed=11))
    assert said.startswith("Data set parabola, points 200, ")
    assert "dropout 0.3" in said
    assert said.endswith("seed 11")
    assert len(said.split(", ")) == len(FIELDS)


def test_a_study_names_what_is_swept_what_stands_still_and_its_seeds():
    spec = StudySpec(base=RunConfig(width=8, data_seed=3), sweep={"dropout": [0.0, 0.5]}, seeds=20)
    said = settings.of_study(spec)
    assert said.startswith("Dropout 0, 0.5; data set parabola, ")
    assert said.endswith("; 20 seeds, new data for each")
    assert "width 8" in said
    assert said.lower().count("dropout") == 1
    assert settings.of_study(spec.but(data_seeds="fixed")).endswith("; 20 seeds, the same data, seed 3, for all")


def test_many_runs_name_their_seeds_instead_of_one():
    said = settings.of_seeds(RunConfig(), range(7, 27))
    assert said.endswith("; 20 seeds, 7 to 26, new data for each")
    assert ", seed 7" not in said


def test_several_runs_name_what_they_share_and_what_differs():
    configs = [RunConfig(width=8), RunConfig(width=8, dropout=0.0)]
    said = settings.of_runs(configs)
    assert "width 8" in said
    assert said.endswith("; dropout as named")
    assert settings.of_runs(configs[:1]) == settings.of_run(configs[0])
