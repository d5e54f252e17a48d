"""The history of a month as staff read it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from guyub.programs.cycle_facts import CycleHistoryEntry
from guyub.programs.history_text import history_lines

NINE = datetime(2024, 11, 16, 2, tzinfo=UTC)


def step(
    action: str, minutes: int = 0, actor: str = "Ratna Contoh", reason: str = "", **details: Any
) -> CycleHistoryEntry:
    return CycleHistoryEntry(NINE + timedelta(minutes=minutes), f"programs.{action}", actor, reason, details)


def test_every_step_is_a_sentence_in_both_languages():
    steps = [
        step("open", quota=5),
        step("score", households=12),
        step("select", selected=5),
        step("choose", on=True),
        step("choose_funds"),
        step("plan_distribution", on="2024-11-16", place="Aula"),
        step("propose", households=5),
        step("return", reason="kurang satu"),
        step("approve", rupiah=587_535),
        step("start"),
        step("hand_over", households=1),
        step("undo"),
        step("absent", households=1),
        step("close"),
        step("cancel"),
    ]
    for line in history_lines(steps):
        assert not line.sentence.id.startswith("programs.")
        assert line.sentence.id != line.sentence.en
    assert history_lines(steps)[5].sentence.id == "Penyaluran ditetapkan 16 November 2024 di Aula."
    assert history_lines(steps)[8].sentence.en == "Approved; Rp587.535 reserved."


def test_hand_overs_that_follow_one_another_become_one_line():
    steps = [
        step("close", 20),
        step("hand_over", 8, households=1),
        step("hand_over", 6, households=3),
        step("start", 1),
    ]
    said = [line.sentence.id for line in history_lines(steps)]
    assert said == ["Bulan ditutup.", "Diserahkan kepada 4 keluarga.", "Penyaluran dimulai."]
    assert (history_lines(steps)[1].at, history_lines(steps)[1].since) == (
        NINE + timedelta(minutes=8),
        NINE + timedelta(minutes=6),
    )


def test_hand_overs_of_two_people_stay_apart():
    steps = [step("hand_over", 8, households=1), step("hand_over", 6, actor="Joko Contoh", households=1)]
    assert [line.actor for line in history_lines(steps)] == ["Ratna Contoh", "Joko Contoh"]


def test_a_step_of_a_later_version_is_shown_by_its_code():
    assert history_lines([step("teleport")])[0].sentence.id == "programs.teleport"
