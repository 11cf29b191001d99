"""The Lessons page: an index, the lessons, their worksheets. It knows no lesson by name."""
