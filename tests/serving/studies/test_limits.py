"""What the queue of studies bounds, keeps and estimates."""

import math

import pytest

from regdash.errors import QueueFull, RegdashError, StudyTooLarge
from regdash.serving.studies import LocalPool, StudyQueue, queue
from regdash.study import StudySpec
from tests.serving.studies.stub import BASE, FOREVER, PATIENCE, finished, study, until, wanted


def test_what_may_wait_is_bounded(studies, stub):
    wanted(studies, study(0))
    stub.wait_for_study()
    waiting = [studies.submit(study(seed)) for seed in range(1, 5)]
    watches = [job.watch(FOREVER) for job in waiting]
    with pytest.raises(QueueFull, match="4 studies are waiting already"):
        studies.submit(study(9))
    assert studies.submit(study(4)) is waiting[3], "what waits already can be joined"
    watches[0].leave()
    assert studies.submit(study(9)).place == 4, "there is room again"


def test_a_study_that_costs_too_much_is_refused_before_anything_runs(stub):
    with StudyQueue(runner=stub, max_cost=1.0) as studies:
        with pytest.raises(
            StudyTooLarge, match=r"20,000 runs would take about .* seconds of one core.*limit here is 1"
        ):
            studies.submit(study(seeds=10_000))
        with pytest.raises(RegdashError, match="fewer seeds"):
            studies.submit(study(seeds=10_000))
    assert stub.started == []


def test_a_study_whose_result_is_too_large_is_refused(stub):
    with (
        StudyQueue(runner=stub, max_cost=math.inf) as studies,
        pytest.raises(StudyTooLarge, match=r"20,000 runs of up to 1000 epochs would take 389 MiB.*limit here is 16"),
    ):
        studies.submit(study(seeds=10_000, epochs=1000))
    assert stub.started == []


@pytest.mark.parametrize(("bound", "survive"), [({"max_kept": 2}, 2), ({"max_kept_bytes": 3 * 4 * (20 * 2 + 400)}, 3)])
def test_the_finished_ones_kept_are_bounded_and_the_last_asked_for_survive(stub, bound, survive):
    stub.go.set()
    with StudyQueue(runner=stub, **bound) as studies:
        for seed in (*range(survive), 0, survive):  # 0 is asked for again before one too many comes
            assert wanted(studies, study(seed)).wait(PATIENCE)
        assert len(stub.started) == survive + 1
        assert wanted(studies, study(0)).state == "finished"
        assert wanted(studies, study(1)).wait(PATIENCE)
        assert stub.started[-1] == study(1), "it was forgotten"


def test_what_a_kept_study_has_of_another_number_of_seeds_is_not_trained_again(studies, stub):
    stub.go.set()
    few = wanted(studies, study(seeds=2))
    assert few.wait(PATIENCE)
    more = wanted(studies, study(seeds=4))
    assert more.wait(PATIENCE)
    assert wanted(studies, study(seeds=3)).wait(PATIENCE)
    assert wanted(studies, study(seeds=3, width=3)).wait(PATIENCE)
    assert wanted(studies, study(first_seed=1, seeds=3)).wait(PATIENCE)
    assert stub.known == [None, few.result, None, None], "three of four seeds: nothing to train"


def test_fewer_seeds_of_a_kept_study_are_there_at_once_whatever_else_goes_on(stub):
    broken = []

    def executor():
        if broken:
            raise OSError("no executor")
        return LocalPool()

    with StudyQueue(runner=stub, executor_factory=executor, max_waiting=1) as studies:
        stub.go.set()
        assert wanted(studies, study(seeds=4)).wait(PATIENCE)
        broken.append(True)
        stub.go.clear()
        studies.submit(study(7), local=True).watch(FOREVER)
        until(lambda: stub.started[-1] == study(7))
        studies.submit(study(8), local=True).watch(FOREVER)
        fewer = studies.submit(study(seeds=2))
        assert fewer.state == "finished"
        assert fewer.result.spec == study(seeds=2)
        assert fewer.result.complete
        assert studies.estimate(study(seeds=3)) == 0
        stub.go.set()


def test_a_wide_study_that_is_kept_does_not_stand_in_the_way_of_many_seeds(studies, stub):
    """With the other's seeds the kept one would have more runs than any study may: it must not even be tried."""
    many = [i / 100 for i in range(50)]
    wide = StudySpec(base=BASE, sweep={"dropout": many, "label_noise": [x / 2 for x in many]}, seeds=1)
    stub.go.set()
    assert wanted(studies, wide).wait(PATIENCE)
    assert wanted(studies, study(seeds=401)).wait(PATIENCE)
    assert not wide.is_same_but_seeds(study(seeds=401))
    assert wide.is_same_but_seeds(wide.with_seeds(2))
    assert not study().is_same_but_seeds(study().but(data_seeds="fixed"))


def test_visitors_of_a_finished_study_leave_nothing_behind(studies, stub):
    stub.go.set()
    job = wanted(studies, study(0))
    assert job.wait(PATIENCE)
    for _ in range(50):
        studies.submit(study(0)).watch().leave()
    assert len(job._watches) + len(job._promised) <= 2


def test_an_earlier_result_that_the_caller_has_is_handed_on(studies, stub):
    mine = finished(study(seeds=2))
    stub.go.set()
    assert studies.submit(study(seeds=5), known=mine).wait(PATIENCE)
    assert stub.known == [mine]


def test_estimates_learn_from_finished_studies_within_bounds(stub, monkeypatch):
    monkeypatch.setattr(queue, "WORTH_MEASURING", 0.0)
    stub.go.set()
    with StudyQueue(runner=stub, workers=lambda: 2) as studies:
        before = studies.estimate(study(99))
        assert before == pytest.approx(study(99).cost / 2)
        for seed in range(12):
            assert wanted(studies, study(seed, seeds=400)).wait(PATIENCE)
        after = studies.estimate(study(99))
        assert before / queue.MAX_CORRECTION <= after < before, "the stub is faster than training"
        assert studies.estimate(study(0, seeds=400)) == 0, "it is there already"
        assert studies.estimate(study(0, seeds=200)) == 0, "all of its seeds are there"
        half, whole = (studies.estimate(study(seed, seeds=800)) for seed in (0, 99))
        assert half == pytest.approx(whole / 2), "half of the seeds are there already"
