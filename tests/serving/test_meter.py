"""Numbers of a process: counted, read when asked, and in the format that Prometheus reads."""

from prometheus_client.parser import text_string_to_metric_families

from regdash.serving.meter import Meter


def numbers(meter):
    """All samples by name and labels."""
    families = text_string_to_metric_families(meter.text().decode())
    return {(s.name, *sorted(s.labels.values())): s.value for family in families for s in family.samples}


def test_counters_count_and_gauges_are_read_when_asked():
    meter, waiting = Meter(), [0]
    meter.watch("regdash_waiting", "Trainings", lambda: len(waiting))
    meter.moves.labels("explore", "finished").inc()
    assert numbers(meter)["regdash_waiting",] == 1
    waiting.append(1)
    found = numbers(meter)
    assert found["regdash_waiting",] == 2
    assert found["regdash_moves_total", "explore", "finished"] == 1


def test_memory_threads_and_children_are_those_of_this_process():
    found = numbers(Meter())
    assert found["regdash_memory_bytes",] > 2**20
    assert found["regdash_threads",] >= 1
    assert found["regdash_children",] >= 0


def test_two_meters_do_not_share_what_they_count():
    one, other = Meter(), Meter()
    one.picture_bytes.inc(5)
    assert numbers(other)["regdash_picture_bytes_total",] == 0
