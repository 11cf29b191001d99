"""Codes that can be read out, keys that cannot be guessed, voters who are nobody."""

import pytest

from regdash.classes import codes
from regdash.errors import NoSuchClass


def test_codes_have_letters_that_make_no_words_and_look_like_nothing_else():
    made = {codes.new_code() for _ in range(500)}
    assert len(made) > 450
    assert all(len(set(code)) == 4 and set(code) <= set(codes.LETTERS) for code in made)
    assert not set(codes.LETTERS) & set("AEIOUY" + "CFQS" + "0125")
    assert all(codes.read_code(f" {code.lower()}\n") == code for code in made)


@pytest.mark.parametrize("text", ["", "BDG", "BDGHJ", "BDGA", None, 5, ["BDGH"], "B" * 100])
def test_what_is_no_code_is_said_with_an_example(text):
    with pytest.raises(NoSuchClass, match="4 letters, such as BDGH"):
        codes.read_code(text)


def test_a_key_fits_itself_alone():
    one, other = codes.new_key(), codes.new_key()
    assert len(one) == 32
    assert codes.fits(one, codes.key_hash(one))
    assert not codes.fits(other, codes.key_hash(one))
    assert one.encode() not in codes.key_hash(one)


def test_a_voter_is_another_one_in_every_class():
    voter = codes.new_voter()
    assert codes.is_voter(voter)
    assert codes.voter_hash(voter, b"x" * 32) == codes.voter_hash(voter, b"x" * 32)
    assert codes.voter_hash(voter, b"x" * 32) != codes.voter_hash(voter, b"y" * 32)
