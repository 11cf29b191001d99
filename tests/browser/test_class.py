"""A class that votes, on two replicas with one store: a projector, three phones and thirty students more."""

import csv
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pytest

from bench.classes.__main__ import hosted as serve_two
from bench.server import Server
from regdash.classes.room import State
from regdash.teaching.lessons import LESSONS
from regdash.words.classes import IN, STUDENTS, lettered
from tests.browser.axe import violations
from tests.browser.classroom import PHONE, PROJECTOR, Crowd, Phone, Teacher
from tests.browser.driver import in_ci
from tests.browser.explore import Visit
from tests.browser.hosts import nginx
from tests.browser.test_deploy import replicas, well
from tests.lesson_runs import runs_of

QUESTION = LESSONS["demo-3"].question
N = 30


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not nginx():
        if in_ci():
            pytest.fail("nginx is missing; `python -m tests.browser.install` gets it")
        pytest.skip("nginx is not installed here; on Debian and Ubuntu: apt install nginx")
    with serve_two(tmp_path_factory.mktemp("data")) as server:
        yield server


@pytest.fixture
def teacher(hosted: Server, visit: Visit) -> Teacher:
    return Teacher(visit(None, **PROJECTOR), hosted.url)


@pytest.fixture
def phone(hosted: Server, visit: Visit) -> Callable[..., Phone]:
    return lambda **options: Phone(visit(None, **PHONE, **options), hosted.url)


def rows(votes: Counter[int]) -> list[str]:
    """The tally as the board writes it."""
    total = sum(votes.values())
    return [
        f"{' '.join(lettered(n, choice).split())} {votes[n]} ({100 * votes[n] / total:.0f} %)"
        for n, choice in enumerate(QUESTION.choices)
    ]


def test_a_class_from_the_code_to_the_counts(teacher: Teacher, phone: Callable[..., Phone], hosted: Server) -> None:
    code = teacher.start()
    phones = typed, linked, dark = phone(), phone(), phone(color_scheme="dark")
    typed.open("class")
    typed.page.get_by_label("Code", exact=True).fill(code.lower())
    typed.press("Join")
    for each in (linked, dark):
        each.open(f"class?join={code}")
    for each in phones:
        each.text("Your teacher opens the voting").wait_for()
    with Crowd(hosted.address, code, N) as crowd:
        teacher.counts(f"{N + 3} have joined")
        all_vote(teacher, phones, crowd)
        votes = some_change_their_minds(teacher, linked, crowd)
        teacher.press("Close voting")
        assert "Voting is closed." in crowd.by_hand(3, lettered(1, QUESTION.choices[1]))
        typed.text("Voting is closed").wait_for()
        assert typed.page.locator(".st-key-class_student button").count() == 0
        the_class_and_then_the_runs_say(teacher, dark, votes)
        the_counts_are(teacher, votes)
        the_next_question_begins_again(teacher, typed, crowd)


def all_vote(teacher: Teacher, phones: Sequence[Phone], crowd: Crowd) -> None:
    """The crowd by turns, and each phone another answer."""
    teacher.press("Open voting")
    crowd.wait_for(QUESTION)
    crowd.vote([n % 3 for n in range(N)])
    for each, letter in zip(phones, "ABC", strict=True):
        each.text(STUDENTS[State.OPEN]).wait_for()
        each.tap(letter)
        each.text(IN).wait_for()
    sizes = (
        phones[2]
        .page.locator(".st-key-class_student button")
        .evaluate_all("(all) => all.map((each) => each.getBoundingClientRect().height)")
    )
    assert min(sizes) >= 44, "fingers are wide"
    teacher.counts(f"{N + 3} of {N + 3} have answered")
    assert teacher.page.locator(".regdash-board .bar").count() == 0, "no tally yet"
    assert violations(phones[1].page) == []
    assert violations(teacher.page) == []


def some_change_their_minds(teacher: Teacher, linked: Phone, crowd: Crowd) -> Counter[int]:
    """One phone, which is then reloaded, and two of the crowd; returns the votes, in which each counts once."""
    linked.tap("A")
    linked.page.reload()
    linked.text(IN).wait_for()
    crowd.vote([2, 2])
    teacher.counts(f"{N + 3} of {N + 3} have answered")
    return Counter([2, 2] + [n % 3 for n in range(2, N)] + [0, 0, 2])


def the_class_and_then_the_runs_say(teacher: Teacher, dark: Phone, votes: Counter[int]) -> None:
    """By the clicker alone, which goes no further than the answer."""
    teacher.page.keyboard.press("p")
    teacher.page.wait_for_selector("body.regdash-presenting", state="attached")
    teacher.idle()
    teacher.page.keyboard.press("PageDown")
    teacher.page.locator(".regdash-board li").filter(has_text="%").first.wait_for()
    assert teacher.board() == rows(votes)
    dark.text("what the class says").wait_for()
    assert [row.replace(" your answer", "") for row in dark.board()] == rows(votes)
    teacher.press("Show what the runs say")
    teacher.page.wait_for_function("() => document.activeElement === document.body")  # Space is Play's again
    for _ in range(2):
        teacher.page.keyboard.press("PageDown")
    teacher.page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollTop > 0")
    right = QUESTION.choices.index(QUESTION.right(runs_of("demo-3")))
    assert [n for n, row in enumerate(teacher.board()) if "✓ right" in row] == [right]
    dark.text("what the runs say").wait_for()
    teacher.page.keyboard.press("Escape")
    teacher.idle()
    assert violations(dark.page) == []


def the_counts_are(teacher: Teacher, votes: Counter[int]) -> None:
    teacher.page.get_by_text("More", exact=True).click()
    with teacher.page.expect_download() as download:
        teacher.press("Counts (CSV)")
    with open(download.value.path(), encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert [(row["choice"], int(row["votes"])) for row in table] == [
        (choice, votes[n]) for n, choice in enumerate(QUESTION.choices)
    ]
    assert [QUESTION.choices[n] for n, row in enumerate(table) if row["right"] == "yes"] == [
        QUESTION.right(runs_of("demo-3"))
    ]


def the_next_question_begins_again(teacher: Teacher, typed: Phone, crowd: Crowd) -> None:
    teacher.press(f"Next: {LESSONS['demo-4'].title}")
    typed.text(LESSONS["demo-4"].question.text).wait_for()
    teacher.press("Open voting")
    crowd.wait_for(LESSONS["demo-4"].question)
    crowd.vote([0] * 5)
    teacher.counts(f"5 of {N + 3} have answered")
    teacher.press("Reset this question")
    teacher.press("Reset this question now")
    teacher.counts(f"{N + 3} have joined")
    typed.text("Your teacher opens the voting").wait_for()


def test_replicas_that_are_killed_in_the_middle_of_a_vote_lose_nothing(
    teacher: Teacher, phone: Callable[..., Phone], hosted: Server
) -> None:
    code = teacher.start()
    phones = [phone(), phone(), phone()]
    for each in (teacher, *phones):
        each.visitor.forgive("WebSocket", "ERR_CONNECTION", "Cannot send rerun", "status 50", "502", "503", "_stcore")
    for each in phones:
        each.open(f"class?join={code}")
    with Crowd(hosted.address, code, N) as crowd:
        teacher.press("Open voting")
        crowd.wait_for(QUESTION)
        for each, letter in zip(phones, "AB", strict=False):
            each.text(STUDENTS[State.OPEN]).wait_for()
            each.tap(letter)
        crowd.vote([0] * 20)
        teacher.counts(f"22 of {N + 3} have answered")
        lost = 0
        for victim in replicas(hosted):  # one of them has the teacher
            victim.kill()
            victim.wait(30)  # until then it listens, and would be taken for the one that is started
            latest = time.monotonic() + 60
            while len(well(hosted)) < 2 and time.monotonic() < latest:
                time.sleep(0.1)  # a process that is started has no event to wait for
            assert len(well(hosted)) == 2, "started again"
            lost += crowd.come_back()
            teacher.counts(f"22 of {N + 3} have answered")
        assert lost >= N, "each lost the connection once"
        crowd.wait_for(QUESTION)
        assert [any(IN in text for text in student.texts) for student in crowd.students] == [True] * 20 + [False] * 10
        for each in phones:
            each.idle()  # connected again: what is tapped before has to be tapped once more
        phones[0].text(IN).wait_for()
        phones[2].text(STUDENTS[State.OPEN]).wait_for()
        phones[2].tap("C")
        phones[0].tap("B")
        crowd.vote([0] * 20 + [2] * 10)
        teacher.counts(f"{N + 3} of {N + 3} have answered")
        teacher.idle()  # the board is drawn anew when the count is complete
        teacher.press("Close voting")
        teacher.press("Show what the class says")
        assert teacher.board() == rows(Counter({0: 20, 1: 2, 2: 11}))
