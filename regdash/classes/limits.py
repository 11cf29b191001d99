"""How much there may be of everything that strangers can fill."""

CLASSES = 500  # at a time
STUDENTS = 400  # browsers that join one class
QUESTIONS = 40  # of one class
CHOICES = 10  # of one question
LESSON = 100  # characters of its key
DAY = 86_400.0  # seconds after its last use until a class is forgotten
EMPTY = 1_800.0  # the same for one that nobody has joined, where there is no room for another
FILE = 256 * 2**20  # bytes of the database

# A second, and at once after a quiet time.
CLASS_RATE, CLASS_BURST = 50.0, 2.0 * STUDENTS  # of joining and voting in one class: all may tap at the same moment
VOTER_RATE, VOTER_BURST = 2.0, 10.0  # of one browser's votes
START_RATE, START_BURST = 0.5, 30.0  # of new classes, all of this host
