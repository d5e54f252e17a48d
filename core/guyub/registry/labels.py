"""The registry's words: who is served, how they are related, what an inmate is. Codes are kept, labels shown."""

from guyub.sdk.categories import CATEGORIES as CATEGORIES
from guyub.sdk.text import Text

LINKED_CATEGORIES = frozenset({"inmate_family", "former_inmate"})
"""Whose tie to an inmate may be kept at all: of a neighbour it would be personal data without a purpose."""

# The word itself is the code, since documents print it.
RELATIONSHIPS = {
    "yang bersangkutan": Text(id="Yang bersangkutan", en="The person"),
    "suami": Text(id="Suami", en="Husband"),
    "istri": Text(id="Istri", en="Wife"),
    "ayah": Text(id="Ayah", en="Father"),
    "ibu": Text(id="Ibu", en="Mother"),
    "anak": Text(id="Anak", en="Child"),
    "kakak": Text(id="Kakak", en="Older sibling"),
    "adik": Text(id="Adik", en="Younger sibling"),
    "kakek/nenek": Text(id="Kakek/nenek", en="Grandparent"),
    "mertua": Text(id="Mertua", en="Parent-in-law"),
    "paman/bibi": Text(id="Paman/bibi", en="Uncle or aunt"),
    "keponakan": Text(id="Keponakan", en="Nephew or niece"),
    "wali": Text(id="Wali", en="Guardian"),
    "lainnya": Text(id="Lainnya", en="Other"),
}
"""What the recipient is to the inmate."""

HOUSEHOLD_RELATIONS = {
    "kepala keluarga": Text(id="Kepala keluarga", en="Head of household"),
    "suami": Text(id="Suami", en="Husband"),
    "istri": Text(id="Istri", en="Wife"),
    "anak": Text(id="Anak", en="Child"),
    "menantu": Text(id="Menantu", en="Child-in-law"),
    "cucu": Text(id="Cucu", en="Grandchild"),
    "orang tua": Text(id="Orang tua", en="Parent"),
    "mertua": Text(id="Mertua", en="Parent-in-law"),
    "famili lain": Text(id="Famili lain", en="Other relative"),
    "lainnya": Text(id="Lainnya", en="Other"),
}
"""What a member is to the head of the household, in the words of the family card."""

INMATE_STATUSES = {
    "detainee": Text(id="Tahanan", en="Detainee"),
    "convict": Text(id="Narapidana", en="Convicted prisoner"),
    "juvenile": Text(id="Anak", en="Juvenile"),
    "released": Text(id="Bebas", en="Released"),
}

SEXES = {"female": Text(id="Perempuan", en="Female"), "male": Text(id="Laki-laki", en="Male")}

AGE_BANDS = {
    "children_under_5": Text(id="Balita (di bawah 5 tahun)", en="Children under 5"),
    "children_of_school_age": Text(id="Anak (5–17 tahun)", en="Children (5–17)"),
    "adults": Text(id="Dewasa (18–59 tahun)", en="Adults (18–59)"),
    "elderly": Text(id="Lansia (60 tahun ke atas)", en="Elderly (60 and over)"),
}
"""Everyone in the household is in exactly one band; children are counted, never named."""

SECRETS = {
    "nik": Text(id="NIK", en="NIK"),
    "family_card": Text(id="No. KK", en="Family card number"),
    "phone": Text(id="Telepon", en="Phone"),
    "street": Text(id="Jalan dan nomor rumah", en="Street and house number"),
}
"""What is kept encrypted and can be revealed."""
