"""Charts of a study: pure functions from a `StudyResult` to what the chart component shows."""
