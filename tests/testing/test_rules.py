"""Every rule can fail: a copy of a good plugin with one small fault is found by the rule that it breaks.

That no other rule finds it, and that a good plugin breaks none, takes every rule on every copy: `make test-deep`.
"""

import shutil
from pathlib import Path

import pytest

from guyub.testing.conformance import check, findings, rules
from guyub.testing.plugin_under_test import opened
from tests.testing.specimens import Broken, all_broken
from tests.tutorial import build

BROKEN = all_broken()
_AT_WORK = {"WEB017", "WEB018", "BEH013", "BEH014"}
ALSO = {
    "PKG001": {"PKG002", "DATA001"},
    "CONF001": {"WEB009"},
    "CONF008": {"CONF009"},
    "DATA001": {"DATA007", "DATA009"} | _AT_WORK,
    "DATA002": {"DATA009"} | _AT_WORK,
    "DATA003": {"DATA009"} | _AT_WORK,
    "DATA005": {"DATA009"} | _AT_WORK,
    "DATA006": {"DATA009", "BEH013"},
    "DATA008": {"WEB017", "WEB020"},
    "DATA009": _AT_WORK,
    "DOC003": {"WEB009"},
    "HOOK008": {"WEB017"},
    "WEB005": {"WEB019"},
    "WEB009": {"BEH007"},
    "WEB015": {"WEB019"},
    "WEB016": {"BEH013"},
    "BEH001": {"BEH011"},
    "BEH006": {"BEH007", "WEB017"},
    "BEH010": {"DOC006"},
    "CONF004": {"DOC006"},
}
"""What is wrong as well where a rule is broken: a plugin of another name has the wrong name everywhere, a sentence that
cannot be said crashes, what is counted up is remembered, a posting
that is refused where it is made is an error of post(), and pages, reports and hooks
do not work on a table that is not as declared."""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return build(tmp_path_factory.mktemp("good"))


def test_every_rule_has_a_broken_specimen():
    assert {item.rule for item in BROKEN} == {rule.id for rule in rules()}


@pytest.fixture
def spoilt(broken: Broken, good: dict[str, Path], tmp_path: Path) -> Path:
    """A copy of a good plugin with the fault of the specimen."""
    root = tmp_path / broken.plugin
    shutil.copytree(good[broken.plugin], root, ignore=shutil.ignore_patterns("__pycache__"))
    broken.spoil(root)
    return root


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_a_planted_fault_is_found_by_its_rule(broken: Broken, spoilt: Path):
    (rule,) = (rule for rule in rules() if rule.id == broken.rule)
    with opened(spoilt) as specimen:
        found = findings(specimen, [rule])
    assert {item.rule for item in found} == {broken.rule}
    assert any(broken.says in item.sentence for item in found), found


@pytest.mark.deep
@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_a_planted_fault_is_found_by_no_other_rule(broken: Broken, spoilt: Path):
    found = check(spoilt)
    assert any(item.rule == broken.rule and broken.says in item.sentence for item in found), found
    assert {item.rule for item in found} - ALSO.get(broken.rule, set()) == {broken.rule}, found


@pytest.mark.deep
@pytest.mark.parametrize("slug", ["infak", "uang_sekolah"])
def test_the_good_plugins_conform(good: dict[str, Path], slug: str):
    assert check(good[slug]) == []


def test_every_rule_says_what_must_hold_why_and_what_to_do():
    for rule in rules():
        assert all(len(said) > 20 for said in (rule.holds, rule.why, rule.fix)), rule.id
        assert rule.holds[-1] == rule.why[-1] == "."


def test_rules_are_told_apart_by_id_and_ordered_by_family():
    ids = [rule.id for rule in rules()]
    assert len(ids) == len(set(ids))
    assert list(dict.fromkeys(rule.family for rule in rules())) == [
        "package",
        "hooks",
        "config",
        "data",
        "web",
        "behaviour",
        "docs",
    ]


@pytest.mark.deep
@pytest.mark.parametrize("slug", ["bansos", "csr_funding", "canteen_profit"])
def test_the_built_in_plugins_conform_without_exemption(slug: str):
    assert check(slug) == []
