"""The declared tables of access: tokens of a person, and who looked at the households of a facility."""

from guyub.access.purposes import PurposeView, StatedPurpose
from guyub.access.tokens import SCOPES, Token
from guyub.sdk.page_tables import Column, Table
from guyub.sdk.text import Text

_NEVER = Text(id="belum pernah", en="never")
_THIS_MONTH = Text(id="Bulan ini", en="This month")


def _purposes(row: Token) -> Text:
    return Text.join(", ", (SCOPES[scope] for scope in row.scopes))


TOKENS: Table[Token] = Table(
    name="your_tokens",
    caption=Text(id="Token Anda", en="Your tokens"),
    columns=(
        Column(
            "name",
            Text(id="Nama", en="Name"),
            lambda row: row.name,
            below=(Column("place", Text(id="Tempat", en="Place")),),
        ),
        Column(
            "purpose",
            Text(id="Kegunaan", en="Purpose"),
            _purposes,
        ),
        Column("until", Text(id="Berlaku sampai", en="Until"), lambda row: row.expires_at, kind="moment"),
        Column("last_used", Text(id="Terakhir dipakai", en="Last used"), lambda row: row.last_used_at or _NEVER),
        Column("action", Text(id="Tindakan", en="Action"), kind="action", cell="token_action"),
    ),
)

STATED: Table[StatedPurpose] = Table(
    name="stated_purposes",
    caption=Text(id="Keperluan yang dinyatakan", en="Stated purposes"),
    columns=(
        Column("who", Text(id="Siapa", en="Who"), lambda row: row.person),
        Column("purpose", Text(id="Keperluan", en="Purpose"), lambda row: row.kind),
        Column("words", Text(id="Penjelasan", en="Words"), lambda row: row.explanation),
        Column("since", Text(id="Sejak", en="Since"), lambda row: row.opened, kind="moment"),
        Column("until", Text(id="Sampai", en="Until"), kind="moment"),
        Column("ended", Text(id="Diakhiri", en="Ended"), kind="moment"),
        Column("pages", Text(id="Halaman", en="Pages"), lambda row: row.views, kind="number"),
        Column("households", Text(id="Keluarga", en="Households"), kind="number"),
    ),
)

VIEWS: Table[PurposeView] = Table(
    name="pages_that_were_opened",
    caption=Text(id="Halaman yang dibuka", en="Pages that were opened"),
    columns=(
        Column("when", Text(id="Kapan", en="When"), lambda row: row.at, kind="moment"),
        Column("who", Text(id="Siapa", en="Who"), lambda row: row.person),
        Column("page", Text(id="Halaman", en="Page"), lambda row: row.title if row.page else _THIS_MONTH),
        Column("households", Text(id="Keluarga", en="Households"), kind="number"),
        Column("purpose", Text(id="Keperluan", en="Purpose")),
    ),
)
