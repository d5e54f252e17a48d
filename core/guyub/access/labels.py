"""The words for permissions, as they follow "may" in a sentence."""

from collections.abc import Mapping

from guyub.sdk.text import Text

PERMISSIONS: Mapping[str, Text] = {
    "access.manage": Text(id="mengelola akun dan peran", en="manage accounts and roles"),
    "access.purpose": Text(id="membuka data keluarga untuk suatu tujuan", en="open household data for a purpose"),
    "audit.read": Text(id="membaca catatan audit", en="read the audit log"),
    "documents.make": Text(id="membuat dokumen", en="make documents"),
    "documents.read": Text(id="membaca dokumen", en="read documents"),
    "facilities.configure": Text(id="mengatur UPT dan konfigurasinya", en="configure facilities"),
    "funds.close": Text(id="menutup buku kas", en="close cash books"),
    "funds.read": Text(id="melihat dana dan pembukuan", en="see funds and their books"),
    "funds.receive": Text(id="mencatat penerimaan dana", en="record receipts of funds"),
    "funds.spend": Text(id="mencatat belanja", en="record purchases"),
    "funds.stock": Text(id="menghitung dan mengeluarkan barang di gudang", en="count the store and write goods off"),
    "funds.topup": Text(id="menambah uang untuk barang yang lebih mahal", en="add money for dearer items"),
    "programs.approve": Text(id="menyetujui daftar penerima", en="approve lists of recipients"),
    "programs.close": Text(id="menutup periode program", en="close cycles of programmes"),
    "programs.handover": Text(id="mencatat penyerahan", en="record hand-overs"),
    "programs.open": Text(id="membuka periode program", en="open cycles of programmes"),
    "programs.campaign": Text(id="membuat perintah untuk banyak UPT", en="make campaigns"),
    "programs.propose": Text(id="mengusulkan daftar penerima", en="propose lists of recipients"),
    "programs.read": Text(id="melihat program", en="see programmes"),
    "registry.read": Text(id="melihat data keluarga", en="see households"),
    "registry.reveal": Text(
        id="melihat NIK, No. KK, dan alamat lengkap", en="see NIK, family card numbers and full addresses"
    ),
    "registry.survey": Text(id="mencatat survei rumah", en="record home surveys"),
    "registry.write": Text(id="mengubah data keluarga", en="change households"),
    "reports.read": Text(id="membaca laporan", en="read reports"),
}


def permission_text(permission: str) -> Text:
    """Returns the words for a permission; one of a plugin stands there as its key."""
    return PERMISSIONS.get(permission, Text.same(permission))
