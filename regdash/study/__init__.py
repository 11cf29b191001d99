"""Studies: one or two settings swept over many seeds, all seeds paired.

What is here, in the order in which a study passes through it:

    spec         what is trained, validated
    plan         how it is cut into chunks
    chunk        one chunk: the task that travels to an executor
    run          run_study: chunks over an executor, gathered as they complete
    result       what comes of it, whole or in part
    metrics      by which numbers cells are compared, and what difference matters
    stats/       intervals, bands, paired differences with their verdicts, single seeds: on plain arrays
    comparisons  cells against a baseline, the best cell, what one seed would have said
    summaries    middle and spread of each cell's seeds; by_data: the best for each kind of data
    export       tables for downloads, and a script that repeats the study
"""

from regdash.study import export
from regdash.study.comparisons import best, compare, publish_one_seed
from regdash.study.metrics import COMPARABLE
from regdash.study.result import METRICS, StudyResult
from regdash.study.run import run_study
from regdash.study.spec import StudySpec
from regdash.study.stats.bands import Band, median_band
from regdash.study.stats.intervals import paired_interval
from regdash.study.stats.paired import Comparison, Verdict, judge
from regdash.study.stats.reach import reach
from regdash.study.stats.rivals import Best
from regdash.study.stats.single_seed import SingleSeed
from regdash.study.summaries import cells_table, curve_bands

__all__ = [
    "COMPARABLE",
    "METRICS",
    "Band",
    "Best",
    "Comparison",
    "SingleSeed",
    "StudyResult",
    "StudySpec",
    "Verdict",
    "best",
    "cells_table",
    "compare",
    "curve_bands",
    "export",
    "judge",
    "median_band",
    "paired_interval",
    "publish_one_seed",
    "reach",
    "run_study",
]
