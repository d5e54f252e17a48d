from guyub.provisioning.toml_positions import line_of, scan

EVERY_FORM = '''# [not.a.table]
plain = 1
"in quotes".dotted = "x # y [z]"
text = """
[not.a.table]
key = 1
"""
several = [ # two
  "a, b",
  [ 'c' ],
]
inline = { first = 1, second = { third = "}" } }

[table.below]
moment = 1979-05-27 07:32:00
[[rows]]
name = "one"
[[rows]]
name = "two"
[rows.details]
depth = 2
[[rows.parts]]
length = 3
'''


def test_every_table_key_and_element_is_found_at_its_line():
    lines = scan(EVERY_FORM)
    assert lines[("plain",)] == 2
    assert lines[("in quotes", "dotted")] == 3
    assert lines[("several", 0)] == 9
    assert lines[("several", 1, 0)] == 10
    assert lines[("inline", "second", "third")] == 12
    assert lines[("table", "below", "moment")] == 15
    assert lines[("rows", 0, "name")] == 17
    assert lines[("rows", 1)] == 18
    assert lines[("rows", 1, "details", "depth")] == 21
    assert lines[("rows", 1, "parts", 0, "length")] == 23


def test_what_stands_in_texts_and_comments_is_no_key():
    assert not [path for path in scan(EVERY_FORM) if "not" in path or path == ("key",)]


def test_a_key_that_is_missing_is_reported_at_the_table_that_lacks_it():
    lines = scan(EVERY_FORM)
    assert line_of(lines, ("rows", 1, "colour")) == 18
    assert line_of(lines, ("nowhere",)) == 1


def test_a_table_that_has_no_header_of_its_own_stands_where_the_first_below_it_does():
    lines = scan("a = 1\n[b.c]\nd = 2\n[b.e.f]\n[b.e]\ng = 3\n")
    assert lines[("b",)] == 2
    assert lines[("b", "e")] == 5


def test_windows_line_ends_count_once():
    assert scan("a = 1\r\nb = 2\r\n[c]\r\nd = 3\r\n")[("c", "d")] == 4
