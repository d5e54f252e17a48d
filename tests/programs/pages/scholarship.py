"""A programme that pays money, as a plugin of somebody else's would: Rp300.000 for each family with children at school."""

from collections.abc import Sequence

from guyub.sdk import Criterion, MoneyLine, Plugin, ProgramContext, ProgramType, Rule, Text, household
from guyub.sdk.plugin import NoConfig


class SchoolAid(ProgramType[NoConfig]):
    key = "sekolah"
    title = Text(id="Bantuan sekolah", en="School aid")
    benefit = "money"

    def quota(self, config: NoConfig) -> int:
        return 2

    def eligibility(self, ctx: ProgramContext[NoConfig]) -> Sequence[Rule]:
        otherwise = Text(id="Tidak ada anak usia sekolah.", en="No child of school age.")
        return [Rule("children", otherwise, household.children_of_school_age > 0)]

    def criteria(self, ctx: ProgramContext[NoConfig]) -> Sequence[Criterion]:
        return [
            Criterion("children", Text(id="Anak usia sekolah", en="Children"), 10, household.children_of_school_age / 3)
        ]

    def package(self, ctx: ProgramContext[NoConfig]) -> Sequence[MoneyLine]:
        return [
            MoneyLine(Text(id="Uang buku", en="Money for books"), 200_000),
            MoneyLine(Text(id="Uang jalan", en="Money for the way"), 100_000),
        ]


class Scholarship(Plugin):
    slug = "beasiswa"
    title = Text(id="Beasiswa", en="Scholarship")
    summary = Text(id="Uang sekolah untuk anak warga binaan.", en="School money for children of inmates.")
    program_types = (SchoolAid(),)


plugin = Scholarship()
