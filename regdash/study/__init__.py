"""Studies: one or two settings swept over many seeds, all seeds paired.

What is here, in the order in which a study passes through it:

    spec     what is trained, validated
    plan     how it is cut into chunks
    chunk    one chunk: the task that travels to an executor
    run      run_study: chunks over an executor, gathered as they complete
    result   what comes of it, whole or in part
    export   tables for downloads, and a script that repeats the study
    ready    ready-made studies, each with what it teaches
"""

from regdash.study.result import METRICS, StudyResult
from regdash.study.run import run_study
from regdash.study.spec import StudySpec

__all__ = ["METRICS", "StudyResult", "StudySpec", "run_study"]
