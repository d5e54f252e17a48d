"""The registry's words: who is served, how they are related, what an inmate is. Codes are kept, labels shown."""

from guyub.sdk.categories import CATEGORIES as CATEGORIES
from guyub.sdk.text import Text

LINKED_CATEGORIES = frozenset({"inmate_family", "former_inmate", "probation_client"})
"""The categories whose link to an inmate is kept; of a neighbour it would be personal data without a purpose."""

RELATIONSHIPS = {
    "self": Text(id="Yang bersangkutan", en="The person"),
    "husband": Text(id="Suami", en="Husband"),
    "wife": Text(id="Istri", en="Wife"),
    "father": Text(id="Ayah", en="Father"),
    "mother": Text(id="Ibu", en="Mother"),
    "child": Text(id="Anak", en="Child"),
    "older_sibling": Text(id="Kakak", en="Older sibling"),
    "younger_sibling": Text(id="Adik", en="Younger sibling"),
    "grandparent": Text(id="Kakek/nenek", en="Grandparent"),
    "parent_in_law": Text(id="Mertua", en="Parent-in-law"),
    "uncle_or_aunt": Text(id="Paman/bibi", en="Uncle or aunt"),
    "nephew_or_niece": Text(id="Keponakan", en="Nephew or niece"),
    "guardian": Text(id="Wali", en="Guardian"),
    "other": Text(id="Lainnya", en="Other"),
}
"""What the recipient is to the inmate."""

HOUSEHOLD_RELATIONS = {
    "head": Text(id="Kepala keluarga", en="Head of household"),
    "husband": Text(id="Suami", en="Husband"),
    "wife": Text(id="Istri", en="Wife"),
    "child": Text(id="Anak", en="Child"),
    "child_in_law": Text(id="Menantu", en="Child-in-law"),
    "grandchild": Text(id="Cucu", en="Grandchild"),
    "parent": Text(id="Orang tua", en="Parent"),
    "parent_in_law": Text(id="Mertua", en="Parent-in-law"),
    "other_relative": Text(id="Famili lain", en="Other relative"),
    "other": Text(id="Lainnya", en="Other"),
}
"""What a member is to the head of the household, in the words of the family card."""

INMATE_STATUSES = {
    "detainee": Text(id="Tahanan", en="Detainee"),
    "convict": Text(id="Narapidana", en="Convicted prisoner"),
    "juvenile": Text(id="Anak", en="Juvenile"),
    "released": Text(id="Bebas", en="Released"),
    "transferred": Text(id="Dipindahkan ke UPT lain", en="Transferred to another facility"),
    "client": Text(id="Klien pemasyarakatan", en="Probation client"),
}

INSIDE = frozenset({"detainee", "convict", "juvenile"})
"""The statuses of an inmate who is inside this facility."""

EVENTS = {
    "joined": Text(id="Bergabung", en="Joined"),
    "left": Text(id="Keluar dari keluarga", en="Left"),
    "died": Text(id="Meninggal dunia", en="Died"),
    "moved": Text(id="Pindah ke keluarga lain", en="Moved to another household"),
    "recipient": Text(id="Menjadi penerima", en="Became the recipient"),
    "reversed": Text(id="Catatan dibatalkan", en="Entry undone"),
}
"""What happens to the people of a household."""

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
