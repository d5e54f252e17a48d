"""What the papers of November say: sentences, names, sums, and what they keep to themselves."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from guyub.documents.blocks import Document
from guyub.funds.book_closing import ClosedBook
from guyub.programs.documents import bundle as document_bundle
from guyub.programs.documents import recipient_list as lists
from guyub.programs.documents.activity_report import activity_report
from guyub.programs.documents.decree import decree
from guyub.programs.documents.facts import DocumentLine, Facts
from guyub.programs.documents.in_books import Returned
from guyub.programs.documents.minutes import each, handover_record
from guyub.programs.documents.whatsapp import chat_report
from guyub.sdk.errors import Refusal

Words = Callable[[Document], str]
SERIES = "001/TT/XI/2024"


def all_of(facts: Facts) -> list[Document]:
    return [
        decree(facts),
        lists.to_sign(facts),
        lists.as_it_went(facts),
        lists.receipts(facts, SERIES),
        handover_record(facts),
        activity_report(facts),
        *document_bundle.cash_books(facts),
    ]


def names_in(words: str, facts: Facts) -> list[str]:
    return [recipient.name for recipient in facts.recipients if f" {recipient.name} " in words]


def test_the_minutes_begin_with_the_day_in_words(words_of: Words, november: Facts):
    assert (
        "Pada hari ini Sabtu tanggal enam belas bulan November tahun dua ribu dua puluh empat (16-11-2024), bertempat di "
        "Aula Rutan Kelas IIA Pekalongan, kami yang bertanda tangan di bawah ini:"
    ) in words_of(handover_record(november))


def test_the_minutes_list_the_goods_at_their_cost_and_the_sum_in_words(words_of: Words, november: Facts):
    words = words_of(handover_record(november))
    assert "1 Beras 25 kg 15.500 387.500" in words
    assert "Jumlah 582.550" in words
    assert "lima ratus delapan puluh dua ribu lima ratus lima puluh rupiah." in words
    assert sum(goods.cost for goods in november.goods) == november.figures.value


def test_the_minutes_name_the_witness_and_leave_a_line_for_a_second(words_of: Words, november: Facts):
    assert "Saksi-saksi: 1. Budi Contoh Saksi 2." in words_of(handover_record(november))


def test_an_acting_head_signs_as_such(words_of: Words, november: Facts):
    assert "Mengetahui, Plh. Kepala Rutan Kelas IIA Pekalongan, Bagus Contoh NIP 198001012005011001" in words_of(
        handover_record(november)
    )


def test_a_post_without_a_name_leaves_a_line_to_write_on(words_of: Words, november: Facts):
    words = words_of(handover_record(replace(november, officials={})))
    assert "Kepala Rutan Kelas IIA Pekalongan," in words
    assert "NIP 1" not in words


def test_a_price_that_does_not_divide_evenly_shows_its_decimals(november: Facts):
    assert each(100_000, november.goods[0].quantity) == "4.000"
    assert each(100_001, november.goods[1].quantity) == "20.000,20"


def test_the_list_to_sign_has_five_names_masked_nik_and_room_for_ink(words_of: Words, november: Facts):
    words = words_of(lists.to_sign(november))
    assert len(names_in(words, november)) == 5
    assert re.findall(r"3375\S+", words) == [recipient.nik_masked for recipient in november.recipients]
    assert "Tanda tangan / cap jempol" in words


def test_the_list_to_sign_does_not_tell_whose_household_anyone_is(words_of: Words, november: Facts):
    words = words_of(lists.to_sign(november)).lower()
    assert not [secret for secret in ("warga binaan", "joko", "istri", "masyarakat sekitar") if secret in words]


def test_the_internal_copy_has_links_hours_proxies_and_absences(words_of: Words, november: Facts):
    first, *rest = november.recipients
    gone = replace(first, state="absent", absence="sakit", handed_at=None, proof="", value=0)
    words = words_of(lists.as_it_went(replace(november, recipients=[gone, *rest])))
    assert "Salinan internal" in words
    for said in ("Joko Contoh Warga (istri)", "Tidak hadir: sakit", "Diwakili Wati Contoh", "09.04", "cap jempol"):
        assert said in words


def test_each_household_gets_a_receipt_but_those_marked_absent(words_of: Words, november: Facts):
    first, *rest = november.recipients
    words = words_of(lists.receipts(replace(november, recipients=[replace(first, state="absent"), *rest]), SERIES))
    assert re.findall(r"Nomor: (\S+)", words) == [f"001.0{n}/TT/XI/2024" for n in (2, 3, 4, 5)]
    assert "Berupa : beras 5 kg, gula pasir 1 kg, dan minyak goreng 1 liter" in words
    assert "Rp116.510 (seratus enam belas ribu lima ratus sepuluh rupiah)" in words


def test_a_receipt_before_the_hand_over_states_the_planned_value(words_of: Words, november: Facts):
    planned = [replace(recipient, state="approved", value=0, handed_at=None) for recipient in november.recipients]
    assert words_of(lists.receipts(replace(november, recipients=planned), SERIES)).count("Rp117.507") == 5


def test_the_decree_names_basis_recipients_ceiling_and_day(words_of: Words, november: Facts):
    words = words_of(decree(november))
    assert "13 Program Akselerasi Menteri Imigrasi dan Pemasyarakatan" in words
    assert "kunjungan rumah tanggal 7 November 2024 sampai dengan 8 November 2024" in words
    assert "Rp587.535 (lima ratus delapan puluh tujuh ribu lima ratus tiga puluh lima rupiah)" in words
    assert "Ditetapkan di Pekalongan pada tanggal 16 November 2024" in words
    assert len(names_in(words, november)) == 5


def test_packages_by_household_size_are_not_described_as_one(words_of: Words, november: Facts):
    large = replace(november.packages[november.recipients[0].id][0], quantity=10 * november.goods[0].quantity)
    facts = replace(november, packages=dict(november.packages) | {november.recipients[0].id: (large,)})
    assert "menurut jumlah anggota keluarganya" in words_of(decree(facts))


def test_the_report_adds_up_and_flags_delicate_funds(words_of: Words, november: Facts):
    words = words_of(activity_report(november))
    assert "Masyarakat sekitar 1 Jumlah 5" in words
    assert "Keuntungan kantin dan bama Oktober 2024 182.550 Jumlah 582.550" in words
    assert "Catatan: Keuntungan kantin dan bama Oktober 2024 dicatat sebagaimana dinyatakan" in words
    assert "Nilai bantuan (Rp) 587.535 582.550" in words
    assert "antara pukul 09.02 dan 09.10" in words
    assert sum(item.amount for item in november.spending) == november.figures.value


def test_before_the_closing_the_reports_say_what_is_still_kept(words_of: Words, november: Facts):
    begun = replace(november, cycle=replace(november.cycle, state="distributing"))
    kept = [
        Returned("Beras", "kg", november.goods[0].quantity, 387_500),
        Returned("", "", november.goods[1].quantity, 90_000),
    ]
    busy = replace(begun, kept=kept)
    report, chat = words_of(activity_report(busy)), chat_report(busy)
    assert "Bulan ini belum ditutup; masih disimpan: Beras 25 kg (Rp387.500) dan uang Rp90.000" in report
    assert "• Bulan ini belum ditutup\n• Beras : 25 kg masih disimpan\n• Dana yang masih disimpan : Rp90.000\n" in chat
    for words in (report, chat, words_of(activity_report(begun)), chat_report(begun)):
        assert "Tidak ada sisa" not in words
        assert "belum ditutup" in words


def test_the_report_counts_the_absent_and_what_was_left(words_of: Words, november: Facts):
    first, *rest = november.recipients
    gone = replace(first, state="absent", absence="Siti sakit")
    left = [Returned("Beras", "kg", november.goods[1].quantity, 77_500)]
    words = words_of(activity_report(replace(november, recipients=[gone, *rest], returned=left)))
    assert "1 (satu) keluarga tidak hadir" in words
    assert "Siti sakit" not in words
    assert "Beras 5 kg (Rp77.500)" in words


def test_a_cash_book_carries_over_adds_up_and_says_whether_it_is_closed(words_of: Words, november: Facts):
    words = words_of(document_bundle.cash_books(november)[0])
    assert "01-11-2024 Saldo dari bulan sebelumnya 100.000" in words
    assert "BKM-001/2024" not in words
    assert "Jumlah 300.000 387.500 12.500" in words
    assert "Buku kas bulan ini belum ditutup. Saldo sampai dengan 16 November 2024 Rp12.500" in words
    assert "ditutup dengan saldo" not in words


def test_a_payment_for_a_month_stands_in_the_book_of_its_own_day(november: Facts):
    """Money of the cycle of December is paid on 14 November: in the book of November, and in no other of these documents."""
    december = replace(november.cycle, id=UUID(int=12), period=date(2024, 12, 1))
    rows = {
        fund: [replace(row, holder_id=december.id if row.payment else None) for row in lines]
        for fund, lines in november.cash_books.items()
    }
    facts = replace(november, cycle=december, on=date(2024, 12, 14), cash_books=rows)
    paying, idle = facts.funds
    assert document_bundle.months_of_books(facts, paying, facts.on) == [date(2024, 11, 1)]
    assert document_bundle.months_of_books(facts, idle, facts.on) == []
    titles = [book.title for book in document_bundle.cash_books(facts)]
    assert [title.rpartition(", ")[2] for title in titles] == ["November 2024"]


def test_a_closed_cash_book_closes_in_words_with_what_was_counted(words_of: Words, november: Facts):
    signed = {
        post: {"role": post, "title": "Pejabat", "name": name, "nip": "", "acting": ""}
        for post, name in (("treasurer", "Hendra Contoh"), ("head", "Bagus Contoh"))
    }
    closing = ClosedBook(
        date(2024, 11, 1),
        date(2024, 12, 2),
        100_000,
        300_000,
        387_500,
        12_500,
        2_500,
        10_000,
        "",
        signed,
        "Hendra Contoh",
    )
    books = {fund: {closing.month: closing} for fund in november.closed_books}
    words = words_of(document_bundle.cash_books(replace(november, closed_books=books))[0])
    assert (
        "Pada hari ini Senin tanggal dua bulan Desember tahun dua ribu dua puluh empat (02-12-2024), Buku Kas Umum bulan "
        "November 2024 ditutup dengan saldo sebesar Rp12.500 (dua belas ribu lima ratus rupiah)."
    ) in words
    assert "tunai Rp2.500 dan bank Rp10.000" in words


def test_documents_that_leave_the_facility_name_no_recipient(words_of: Words, november: Facts):
    open_papers = [paper for paper in all_of(november) if not paper.personal]
    assert {paper.kind for paper in open_papers} == {"handover_record", "activity_report", "cash_book"}
    for paper in open_papers:
        words = words_of(paper)
        assert not names_in(words, november)
        assert "3375" not in words


def test_the_chat_report_is_bold_where_chats_want_it_and_without_personal_data(november: Facts):
    text = chat_report(november)
    assert text.startswith(
        "*LAPORAN PELAKSANAAN BANTUAN SOSIAL SEMBAKO*\n*RUMAH TAHANAN NEGARA KELAS IIA PEKALONGAN*\n"
    )
    assert "Hari/Tgl : Sabtu, 16 November 2024\nPukul : 09.02 sampai dengan 09.10 WIB\n" in text
    assert "• Nilai seluruhnya : Rp582.550\n" in text
    assert not [
        recipient
        for recipient in november.recipients
        if recipient.name in text.splitlines() or recipient.nik_masked in text
    ]
    assert not re.search(r"\b\d{16}\b|RT \d|Panjang Wetan|Joko|Siti|Wati", text)


@pytest.mark.parametrize(
    "said",
    [
        (lists.to_sign, "Rp300.000"),
        (lambda facts: lists.receipts(facts, SERIES), "uang sebesar Rp300.000 (tiga ratus ribu rupiah)"),
        (handover_record, "Bantuan pendidikan 5 keluarga 300.000 1.500.000"),
        (activity_report, "satu juta lima ratus ribu rupiah"),
        (decree, "berupa uang sebesar Rp300.000"),
    ],
    ids=["list", "receipts", "minutes", "report", "decree"],
)
def test_money_reads_as_money(words_of: Words, november_in_money: Facts, said: tuple[Callable[[Facts], Document], str]):
    draw, words = said
    printed = words_of(draw(november_in_money))
    assert words in printed
    assert "paket" not in printed


def test_a_receipt_for_much_money_asks_for_a_duty_stamp(words_of: Words, november_in_money: Facts):
    def receipts(amount: int) -> str:
        paid = [replace(recipient, value=amount) for recipient in november_in_money.recipients]
        return words_of(lists.receipts(replace(november_in_money, recipients=paid), SERIES))

    assert "meterai" not in receipts(5_000_000)
    assert "meterai Rp10.000" in receipts(5_000_001)


def test_every_document_is_on_the_facility_s_paper_under_a_name_of_its_own(november: Facts):
    on_a4 = replace(november, facility=replace(november.facility, paper="A4"))
    papers = all_of(on_a4)
    assert {paper.paper for paper in papers} == {"A4"}
    names = [paper.file_name for paper in papers]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"rutan-pekalongan-2024-11-[a-z0-9-]+\.pdf", name) for name in names)


def test_a_letterhead_that_does_not_name_the_facility_gets_its_name(words_of: Words, november: Facts):
    bare = replace(november.facility, letterhead=("KEMENTERIAN CONTOH",))
    assert words_of(handover_record(replace(november, facility=bare))).startswith(
        "KEMENTERIAN CONTOH RUMAH TAHANAN NEGARA KELAS IIA PEKALONGAN"
    )


def test_a_broken_pattern_of_letter_numbers_is_reported_with_its_remedy(november: Facts):
    broken = replace(november, facility=replace(november.facility, letter_template="W.13-{nomor}"))
    with pytest.raises(Refusal) as refusal:
        handover_record(broken)
    assert refusal.value.code == "programs.letter_template"
    assert "W.13-{nomor}" in refusal.value.what.id


def test_a_mixed_package_reads_as_goods_and_money(words_of: Words, november: Facts):
    mixed: Sequence[DocumentLine] = (
        *november.packages[november.recipients[0].id],
        DocumentLine("Uang saku", "", november.goods[1].quantity, 10_000),
    )
    facts = replace(november, packages={recipient.id: tuple(mixed) for recipient in november.recipients})
    words = words_of(lists.receipts(facts, SERIES))
    assert "minyak goreng 1 liter serta uang saku berupa uang sebesar Rp50.000" in words
