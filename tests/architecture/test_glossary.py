"""The lint of the house's words: green here, and able to fail."""

import pytest

from tests.glossary import SECOND_WORDS, STILL_THERE, complaints, everything, of_code, of_template


def test_no_second_word_stands_in_a_sentence_or_a_name():
    assert complaints(list(everything())) == []


@pytest.mark.parametrize(
    "source",
    [
        'Text(id="Surat", en="The paperwork is ready.")',
        'Text(id="Surat", en="{n} letters", en_one="{n} paperwork")',
        'words.Text(en="A" if x else "clashes", id="B")',
        "def clash(): ...",
        "class IncomeSlip: ...",
        "def f(paperwork): ...",
        "for first_clash in x: ...",
    ],
)
def test_a_second_word_in_code_is_found(source: str):
    assert complaints([("x.py", line, text) for line, text in of_code(source)])


def test_a_second_word_in_a_template_is_found_with_its_line():
    template = "<p>\n{{ t('Surat', 'Paperwork') }}\n{{ t('{n} surat', '{n} letters', '{n} paperwork', n=1) }}"
    found = [("x.html", line, text) for line, text in of_template(template)]
    assert [complaint.partition(": ")[0] for complaint in complaints(found)] == ["x.html:2", "x.html:3"]


def test_one_more_of_a_word_that_is_still_there_is_found():
    word, (_, most) = next(iter(STILL_THERE.items()))
    assert complaints([("x.py", 1, word)] * (most + 1))
    assert complaints([("x.py", 1, word)] * most) == []


def test_the_indonesian_and_the_inside_of_a_longer_word_are_left_alone():
    assert complaints([("x.py", line, text) for line, text in of_code('Text(id="clash", en="clashing")')]) == []
    assert not SECOND_WORDS.keys() & STILL_THERE.keys()
