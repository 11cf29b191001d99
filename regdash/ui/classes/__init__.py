"""The Class page: a class predicts together. The teacher's view, the students' view, and the way to both."""
