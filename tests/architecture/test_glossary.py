"""The lint of the house's words (`make lint` runs it): green here, and able to fail."""

import pytest

from tests.glossary import (
    IN_SENTENCES,
    SECOND_WORDS,
    complaints,
    everything,
    of_code,
    of_template,
)


@pytest.mark.deep
def test_no_second_word_stands_in_a_sentence_a_name_or_a_docstring():
    assert complaints(list(everything())) == []


@pytest.mark.parametrize(
    "source",
    [
        'Text(id="Surat", en="The paperwork is ready.")',
        'Text(id="Surat", en="{n} letters", en_one="{n} paperwork")',
        'words.Text(en="A" if x else "clashes", id="B")',
        'Text(id="Keluarga", en="Two families")',
        "def clash(): ...",
        "class IncomeSlip: ...",
        "def f(paperwork): ...",
        "for first_clash in x: ...",
        '"""The chosen one."""',
        'def f():\n    """Mends it."""\n    return 1  # the trail keeps it',
    ],
)
def test_a_second_word_in_code_is_found(source: str):
    assert complaints(list(of_code(source)))


def test_a_second_word_in_a_template_is_found_with_its_line():
    template = "<p>\n{{ t('Surat', 'Paperwork') }}\n{{ t('{n} surat', '{n} letters', '{n} paperwork', n=1) }}"
    found = [wording._replace(path="x.html") for wording in of_template(template)]
    assert [complaint.partition(": ")[0] for complaint in complaints(found)] == ["x.html:2", "x.html:3"]


def test_the_indonesian_the_inside_of_a_longer_word_and_a_placeholder_are_left_alone():
    assert complaints(list(of_code('Text(id="clash", en="clashing {orders}")'))) == []


def test_a_word_of_sentences_may_be_a_name_and_stands_in_the_terms_of_others():
    assert complaints(list(of_code('families = 1\nText(id="KK", en="Copy it from the family card.")'))) == []


def test_a_word_has_one_entry():
    assert not SECOND_WORDS.keys() & IN_SENTENCES.keys()
