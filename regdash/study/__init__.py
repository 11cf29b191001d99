"""Studies: one or two settings swept over many seeds, all seeds paired.

What is here, in the order in which a study passes through it:

    spec         what is trained, validated
    ready        ready-made studies, each with what it teaches
    plan         how it is cut into chunks
    chunk        one chunk: the task that travels to an executor
    run          run_study: chunks over an executor, gathered as they complete
    result       what comes of it, whole or in part
    metrics      by which numbers cells are compared, and what difference matters
    bands        middle and spread over seeds, named
    intervals    interval of a mean
    paired       differences seed by seed, their intervals and verdicts; the best cell
    single_seed  how often one pair of runs alone would have named the wrong winner
    words        the sentences; alt_text: those for who does not see the charts
    export       tables for downloads, and a script that repeats the study
"""

from regdash.study import export
from regdash.study.bands import Band, cells_table, curve_bands, median_band
from regdash.study.metrics import COMPARABLE
from regdash.study.paired import Best, Comparison, Verdict, best, compare, paired_interval, reach
from regdash.study.ready import STUDIES, ReadyStudy
from regdash.study.result import METRICS, StudyResult
from regdash.study.run import run_study
from regdash.study.single_seed import SingleSeed, publish_one_seed
from regdash.study.spec import StudySpec

__all__ = [
    "COMPARABLE",
    "METRICS",
    "STUDIES",
    "Band",
    "Best",
    "Comparison",
    "ReadyStudy",
    "SingleSeed",
    "StudyResult",
    "StudySpec",
    "Verdict",
    "best",
    "cells_table",
    "compare",
    "curve_bands",
    "export",
    "median_band",
    "paired_interval",
    "publish_one_seed",
    "reach",
    "run_study",
]
