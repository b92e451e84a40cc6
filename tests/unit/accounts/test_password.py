import pytest

from survey_app.accounts.guesses import LIST, common
from survey_app.accounts.password import WeakPassword, hash_password, matches, refuse_weak


@pytest.mark.parametrize(
    "weak",
    [
        "short",
        "password1234",
        "aaaaaaaaaaaaaa",
        "123456789012",
        "qwertyqwerty1",
        "lead@example.org",
        "x" * 300,
        "lead.example.lead",
        "Kentmere Voices 1",
        "voices-kentmere",
        "Manchester2024!",
        "!!Charlotte1999",
        "P4$$w0rd!P4$$w0rd",
        "l1verp00l-l1verp00l",
        "iloveyou charlotte",
        "correct horse battery staple",
        "1q2w3e4r5t6y",
        "070707070707",
        "Summer2025!!!",
        "Welcome to NHS 1",
    ],
)
def test_guessable_passwords_are_refused(weak):
    with pytest.raises(WeakPassword):
        refuse_weak(weak, email="lead@example.org", product="Kentmere Voices")


@pytest.mark.parametrize(
    "strong",
    [
        "river candle orbit",
        "lamp ocean bicycle",
        "gT7#kq0Zw!x2Lp",
        "manchester rain 4 the heron",
        "kentmere heron violin",
        "83 geese cross marsh",
    ],
)
def test_three_random_words_or_random_signs_are_enough(strong):
    refuse_weak(strong, email="lead@example.org", product="Kentmere Voices")


def test_the_list_is_long_plain_and_says_each_word_once():
    lines = LIST.read_text(encoding="ascii").splitlines()
    words = [line for line in lines if line and not line.startswith("#")]
    assert len(words) == len(set(words)) == len(common()) >= 3000
    assert all(word == word.lower() and " " not in word for word in words)


def test_a_hash_is_argon2id_and_fits_only_its_password():
    hashed = hash_password("river candle orbit")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert matches(hashed, "river candle orbit")
    assert not matches(hashed, "river candle orbis")


def test_nobody_can_be_matched():
    assert not matches(None, "nobody has this password")
    assert not matches("not a hash", "x")
