"""What is kept about people is declared."""

import re
from collections.abc import Iterator

from guyub.testing.own_tables import own_tables
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "DATA003",
    "A plugin whose tables keep household_id or data of persons says in personal_data what, why and for how long.",
    why="Law 27/2022 asks for purpose and time; the register of what is kept is made from these declarations.",
    fix="add PersonalData(what=…, why=…, years=…), or do not keep it",
)

_OF_PERSONS = re.compile(
    r"(^|_)(household_id|member_id|inmate_id|full_name|nik|phone|address|street|birth|contributor_name|donor_name|person_name|"
    r"nama|alamat|telepon|telp|no_hp|hp|tanggal_lahir|ktp|email)($|_)"
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    plugin = specimen.plugin
    for table in own_tables(plugin):
        kept = [column.name for column in table.columns if _OF_PERSONS.search(column.name)]
        if kept and not plugin.personal_data:
            sentence = f"the table {table.name} keeps {', '.join(kept)}, and personal_data is empty"
            yield RULE.broken(sentence, specimen.table(table))
    for said in plugin.personal_data:
        if said.years < 1 or not all((said.what.id, said.what.en, said.why.id, said.why.en)):
            yield RULE.broken("what, why or the years are missing", specimen.attribute("personal_data"))
