"""Keys of an installation and what is encrypted with them."""

import os
import stat
from pathlib import Path

import pytest

from guyub.db.home import Home
from guyub.db.keys import Protector, WrongKey, load_keys
from guyub.sdk.errors import Refusal


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "rumah dengan spasi", None)
    made.prepare()
    return made


@pytest.fixture
def protector(home: Home) -> Protector:
    return load_keys(home).protector()


def test_a_value_comes_back_and_is_sealed_differently_each_time(protector: Protector):
    first, second = protector.encrypt("3375015708909901"), protector.encrypt("3375015708909901")
    assert protector.decrypt(first) == protector.decrypt(second) == "3375015708909901"
    assert first != second
    assert b"3375" not in first


def test_a_blind_index_is_equal_for_equal_values_of_one_kind_only(protector: Protector):
    assert protector.blind_index("nik", "1") == protector.blind_index("nik", "1")
    assert protector.blind_index("nik", "1") != protector.blind_index("family_card", "1")
    assert len(protector.blind_index("nik", "1")) == 32


def test_a_changed_ciphertext_and_a_foreign_key_are_reported_in_words(protector: Protector, tmp_path: Path):
    sealed = bytearray(protector.encrypt("Jalan Contoh 1"))
    sealed[-1] ^= 1
    with pytest.raises(WrongKey, match="does not belong"):
        protector.decrypt(bytes(sealed))
    other = Home(tmp_path / "other", None)
    other.prepare()
    with pytest.raises(WrongKey):
        load_keys(other).protector().decrypt(protector.encrypt("Jalan Contoh 1"))


def test_what_was_sealed_under_an_earlier_key_is_still_read():
    earlier = Protector({"k1": bytes(32)}, "k1", bytes(32))
    later = Protector({"k1": bytes(32), "k2": bytes([7]) * 32}, "k2", bytes(32))
    assert later.decrypt(earlier.encrypt("lama")) == "lama"
    with pytest.raises(WrongKey):
        earlier.decrypt(later.encrypt("baru"))


def test_a_database_knows_its_keys_again(protector: Protector):
    kept = protector.check_value()
    assert protector.is_check_value(kept)
    assert not Protector({"k1": bytes(32)}, "k1", bytes(32)).is_check_value(kept)


def test_the_key_file_is_made_once_and_closed_to_others(home: Home):
    first = load_keys(home)
    assert load_keys(home) == first
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o600


def test_a_missing_key_file_beside_a_database_is_never_replaced_by_a_new_one(home: Home):
    home.data.mkdir()
    (home.data / "PG_VERSION").write_text("18\n")
    with pytest.raises(Refusal, match="restore it from your backup"):
        load_keys(home)
    assert not home.keys.exists()


def test_a_damaged_key_file_is_named(home: Home):
    home.keys.write_text("{")
    with pytest.raises(Refusal) as refused:
        load_keys(home)
    assert str(home.keys) in refused.value.what.id


def test_the_key_file_may_lie_elsewhere(home: Home, tmp_path: Path):
    kept = load_keys(home)
    elsewhere = tmp_path / "kunci.json"
    home.keys.rename(elsewhere)
    assert load_keys(home, {"GUYUB_KEYS": str(elsewhere)}) == kept
    with pytest.raises(Refusal):
        load_keys(home, {"GUYUB_KEYS": str(tmp_path / "missing.json")})
    assert os.listdir(home.path) == []
