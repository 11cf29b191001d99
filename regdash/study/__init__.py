"""Studies: one or two settings swept over many seeds, all seeds paired.

spec    what is trained, validated
result  what comes of it, whole or in part
"""

from regdash.study.result import METRICS, StudyResult
from regdash.study.spec import StudySpec

__all__ = ["METRICS", "StudyResult", "StudySpec"]
