import pytest

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
    ],
)
def test_guessable_passwords_are_refused(weak):
    with pytest.raises(WeakPassword):
        refuse_weak(weak, email="lead@example.org")


def test_three_random_words_are_enough():
    refuse_weak("river candle orbit", email="lead@example.org")


def test_a_hash_is_argon2id_and_fits_only_its_password():
    hashed = hash_password("river candle orbit")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert matches(hashed, "river candle orbit")
    assert not matches(hashed, "river candle orbis")


def test_nobody_can_be_matched():
    assert not matches(None, "nobody has this password")
    assert not matches("not a hash", "x")
