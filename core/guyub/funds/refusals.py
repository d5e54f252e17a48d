"""The refusals of funds: the ledger, receipts, purchases, their units and their days."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from guyub.db.limits import OUTSIDE, OUTSIDE_MONTH
from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import DatabaseRefusals, Violation, saying
from guyub.db.refusals import REPORT_IT
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.quantities import MOST_LETTERS_OF_UNIT, format_quantity
from guyub.sdk.text import Period, Text
from guyub.sdk.words import format_time
from guyub.ui.problems import EMPTY, NO_RUPIAH

CHECK_DAY = Text(id="Periksa tanggalnya.", en="Check the day.")
EARLIEST_DAY = Text(id="Paling awal: {day}.", en="The earliest possible day: {day}.")
_POSSIBLE_DAY = Text(id="{possible_day}", en="{possible_day}")
_AS_ON_THE_NOTE = Text(id="Isi sesuai nota.", en="Enter it as on the note.")
_CASH_TOO_SMALL = Text(
    id="Pada hari itu, atau pada hari sesudahnya, saldo kas {fund} tidak cukup untuk pengeluaran ini.",
    en="On that day, or on a later one, the cash of {fund} does not cover this payment.",
)
_NOT_FREE = Text(
    id="Pada hari itu, atau pada hari sesudahnya, yang masih bebas dari {name} tidak cukup.",
    en="On that day, or on a later one, what is free of {name} is not enough.",
)
_ONLY_ON_PURPOSE = Text(
    id="Tidak perlu dicatat lagi. Bila memang lain, centang “Catat lagi dengan sengaja”.",
    en="It need not be recorded again. If it is another one, tick “Record it again on purpose”.",
)


class FundsRefusal(RefusalCode):
    RUPIAH = (
        "funds.rupiah",
        *NO_RUPIAH,
    )
    CODE_TAKEN = (
        "funds.code_taken",
        Text(
            id="Kode dana {code} sudah dipakai sumber lain ({plugin}).",
            en="Fund code {code} is already used by another source ({plugin}).",
        ),
        Text(id="Gunakan nomor perjanjian atau periode lain.", en="Use another agreement number or period."),
    )
    IMPLAUSIBLE_DAY = (
        "funds.implausible_day",
        *OUTSIDE,
    )
    IMPLAUSIBLE_MONTH = (
        "funds.implausible_month",
        *OUTSIDE_MONTH,
    )
    ITEM_CODE = (
        "funds.item_code",
        Text(
            id="Kode barang hanya terdiri atas huruf kecil, angka, garis bawah, dan tanda hubung, dimulai dengan huruf.",
            en="The code of goods has small letters, digits, underscores and hyphens only, and begins with a letter.",
        ),
        Text(id="Tulis seperti beras.", en="Write it like beras."),
    )
    ITEM_UNKNOWN = (
        "funds.item_unknown",
        Text(id="“{given}” tidak ada dalam katalog barang.", en="“{given}” is not in the catalogue of goods."),
        Text(
            id="Pilih dari daftar, misalnya {nearest}. Barang baru didaftarkan dahulu pada halaman Katalog barang.",
            en="Pick from the list, for example {nearest}. New goods are entered on the page Catalogue of goods first.",
        ),
    )
    PROGRAM_UNKNOWN = (
        "funds.program_unknown",
        Text(id="“{given}” bukan program yang terpasang.", en="“{given}” is no programme that is installed."),
        Text(
            id="Tulis {known}, atau kosongkan bila dana ini boleh untuk semua program.",
            en="Write {known}, or leave it empty if this fund is for any programme.",
        ),
    )
    TOO_FINE = (
        "funds.too_fine",
        Text(
            id="Jumlah {item} itu {quantity}, lebih teliti daripada pembukuan (0,001).",
            en="That quantity of {item} is {quantity}, finer than the books (0.001).",
        ),
        Text(id="Bulatkan jumlahnya.", en="Round the quantity."),
    )
    TOO_MUCH = (
        "funds.too_much",
        Text(
            id="Jumlah {item} itu terlalu besar: paling banyak {most}.",
            en="That quantity of {item} is too large: at most {most}.",
        ),
        Text(id="Periksa jumlah dan satuannya.", en="Check the quantity and its unit."),
    )
    UNIT_KNOWN = (
        "funds.unit_known",
        Text(
            id="Satuan {unit} untuk barang yang dihitung dalam {base} sudah diketahui dan tidak perlu didaftarkan.",
            en="The unit {unit} of goods that are counted in {base} is known and need not be declared.",
        ),
        Text(id="Isi satuan lain, misalnya sak.", en="Enter another unit, for example sak."),
    )
    FACTOR = (
        "funds.factor",
        Text(
            id="Isi satu satuan itu lebih dari 0, paling banyak 1.000.000, dengan paling banyak enam angka desimal.",
            en="One such unit holds more than 0 and at most 1,000,000, with at most six decimals.",
        ),
        Text(id="Isi misalnya 25.", en="Enter for example 25."),
    )
    GOODS_TWICE = (
        "funds.goods_twice",
        Text(id="Barang ini sudah ada dalam katalog.", en="These goods are in the catalogue already."),
        Text(
            id="Pilih dari daftar, atau beri nama yang membedakannya.",
            en="Pick them from the list, or give another name.",
        ),
    )
    NOT_AS_WRITTEN = (
        "funds.not_as_written",
        Text(
            id="Jumlah menurut bukti tidak sama dengan jumlah yang dibukukan.",
            en="The quantity as written is not the one that is booked.",
        ),
        REPORT_IT,
    )
    NO_BOOK = (
        "funds.no_book",
        Text(id="Buku kas dana ini tidak memiliki bulan tersebut.", en="This fund's cash book has no such month."),
        Text(id="Pilih bulan pada halaman dana.", en="Choose a month on the fund's page."),
    )
    NO_EVIDENCE = (
        "funds.no_evidence",
        Text(
            id="Pembelian memerlukan nama toko dan nomor nota.",
            en="A purchase needs the shop and the number of its note.",
        ),
        Text(id="Isi keduanya sesuai nota belanja.", en="Enter both as the document says."),
    )
    NO_RECEIPT = (
        "funds.no_receipt",
        Text(
            id="Dana {fund} tidak memiliki penerimaan nomor {number}/{year}.",
            en="{fund} has no receipt {number}/{year}.",
        ),
        Text(id="Pilih penerimaan pada halaman dana.", en="Choose a receipt on the fund's page."),
    )
    NO_REQUEST = (
        "funds.no_request",
        Text(id="Permintaan tambahan dana ini tidak ada.", en="There is no such request for more money."),
        Text(id="Buka permintaan dari beranda.", en="Open the request from the home."),
    )
    ASKED_BEFORE = (
        "funds.asked_before",
        Text(
            id="Tambahan dana untuk {items} sudah diminta dan menunggu keputusan.",
            en="More money for {items} was asked for already and awaits a decision.",
        ),
        Text(id="Tunggu keputusannya.", en="Wait for the decision."),
    )
    ASKED_TWICE = (
        "funds.asked_twice",
        Text(id="Tambahan dana untuk barang ini sudah diminta.", en="More money for this item was asked for already."),
        Text(id="Tunggu keputusannya.", en="Wait for the decision."),
    )
    REQUEST_DIFFERS = (
        "funds.request_differs",
        Text(id="Permintaan tambahan dana ini tidak sah.", en="This request for more money is not valid."),
        Text(id="Periksa jumlah dan keputusannya.", en="Check its amount and its decision."),
    )
    DECIDED_BEFORE = (
        "funds.decided_before",
        Text(id="Permintaan ini sudah diputuskan.", en="This request is decided already."),
        Text(id="Tidak ada yang perlu dilakukan lagi.", en="There is nothing left to do."),
    )
    SECOND_APPROVER_OF_MONEY = (
        "funds.second_approver_of_money",
        Text(
            id="Anda sudah menyetujuinya sebagai yang pertama; yang kedua orang lain.",
            en="You approved it first; the second approver is another person.",
        ),
        Text(
            id="Minta pejabat lain yang berwenang menambah dana untuk menyetujuinya juga.",
            en="Ask another official who may add money to approve it as well.",
        ),
    )
    NO_REASON_TO_DECLINE = (
        "funds.no_reason_to_decline",
        Text(id="Penolakan memerlukan alasan.", en="Declining needs a reason."),
        Text(id="Tulis alasannya agar pembelinya tahu.", en="Say why, so that the buyer knows."),
    )
    NO_NOTE = (
        "funds.no_note",
        Text(
            id="Bulan ini tidak memiliki nota belanja nomor {number}/{year}.",
            en="This cycle has no purchase {number}/{year}.",
        ),
        Text(id="Pilih nota pada halaman belanja.", en="Choose a note on the page of the purchases."),
    )
    NO_REASON_TO_CANCEL = (
        "funds.no_reason_to_cancel",
        Text(id="Pembatalan nota memerlukan alasan.", en="Cancelling a note needs a reason."),
        Text(id="Tulis apa yang keliru.", en="Say what is wrong with it."),
    )
    CANCELLED_BEFORE = (
        "funds.cancelled_before",
        Text(id="Nota ini sudah dibatalkan pada {day}.", en="This note was cancelled on {day} already."),
        Text(id="Tidak ada yang perlu dilakukan lagi.", en="There is nothing left to do."),
    )
    PURCHASE_USED = (
        "funds.purchase_used",
        Text(
            id="Sebagian barang nota ini sudah diserahkan atau terpakai: {goods}. Nota tidak dapat dibatalkan seluruhnya.",
            en="Part of the goods of this note was handed over or used: {goods}. The note cannot be cancelled as a whole.",
        ),
        Text(
            id="Batalkan dahulu penyerahan yang keliru, bila ada; selain itu nota tetap seperti tercatat.",
            en="Undo the mistaken hand-over first, where there is one; otherwise the note stays as it is recorded.",
        ),
    )
    SAVINGS_USED = (
        "funds.savings_used",
        Text(
            id="Uang yang kembali bebas oleh nota ini sudah dicadangkan atau terpakai, jadi tidak dapat dicadangkan lagi.",
            en="The money that this note set free is reserved or used by now, so it cannot be reserved again.",
        ),
        Text(
            id="Catat penerimaan baru pada dana itu, atau batalkan dahulu yang memakainya.",
            en="Record a new receipt of that fund, or cancel what uses it first.",
        ),
    )
    NO_UNIT = (
        "funds.no_unit",
        *EMPTY,
    )
    NOT_ENOUGH_FREE = (
        "funds.not_enough_free",
        Text(
            id="{item}: tambahan {amount} kurang {missing}. {funds}.",
            en="{item}: {missing} of the {amount} to be added is missing. {funds}.",
        ),
        Text(
            id="Paling banyak {most} dapat ditambahkan; kurangi jumlahnya, atau catat penerimaan dana itu dahulu.",
            en="At most {most} can be added; ask for less, or record a receipt of that fund first.",
        ),
    )
    NOTE_NOT_YET = (
        "funds.note_not_yet",
        Text(id="Tanggal nota belum tiba.", en="The day of the note has not come yet."),
        Text(id="Isi tanggal yang tertulis pada nota.", en="Enter the date that stands on the note."),
    )
    NOTE_TOO_LONG = (
        "funds.note_too_long",
        Text(
            id="Isian nota ini terlalu panjang untuk disimpan.", en="What was typed of this note is too long to keep."
        ),
        Text(id="Persingkat nama toko dan keterangan biaya.", en="Shorten the shop and what costs are for."),
    )
    NOTE_TWICE = (
        "funds.note_twice",
        Text(
            id="Nota bernomor “{evidence}” sudah tercatat: {memo}, {day}, {value}.",
            en="A note with the number “{evidence}” is already recorded: {memo}, {day}, {value}.",
        ),
        _ONLY_ON_PURPOSE,
    )
    NOTHING_BOUGHT = (
        "funds.nothing_bought",
        Text(id="Belum ada barang yang diisi.", en="No item was filled in."),
        Text(id="Isi jumlah dan harga sesuai nota.", en="Enter quantities and costs as the document says."),
    )
    NOTHING_RESERVED = (
        "funds.nothing_reserved",
        Text(id="Belum ada dana yang dicadangkan untuk periode {code}.", en="No money is reserved for cycle {code}."),
        Text(
            id="Belanja dapat dicatat setelah Kepala Rutan menyetujui daftar penerima bulan itu.",
            en="Purchases can be recorded once the head has approved the list of that month.",
        ),
    )
    NOTHING_TO_TOP_UP = (
        "funds.nothing_to_top_up",
        Text(
            id="Tidak ada belanja “{item}” yang menunggu tambahan dana.",
            en="No purchase of “{item}” awaits more money.",
        ),
        Text(id="Periksa daftar belanja periode ini.", en="Check the shopping list of this cycle."),
    )
    RECEIPT_INVALID = (
        "funds.receipt_invalid",
        Text(id="{title}: {why}", en="{title}: {why}"),
        Text(id="Perbaiki isian tersebut.", en="Fix that field."),
    )
    ON_ITS_PAGE = (
        "funds.on_its_page",
        Text(
            id="{title} dicatat pada halaman programnya sendiri.", en="{title} is recorded on the page of its plugin."
        ),
        Text(
            id="Buka Catat penerimaan dan pilih {title}; halamannya terbuka di sana.",
            en="Open Record a receipt and choose {title}; its page opens there.",
        ),
    )
    RECEIPT_TWICE = (
        "funds.receipt_twice",
        Text(
            id="Penerimaan ini sudah tercatat: {memo}, {day}, bukti {evidence}, {value}.",
            en="This receipt is already recorded: {memo}, {day}, document {evidence}, {value}.",
        ),
        _ONLY_ON_PURPOSE,
    )
    OCCASION_TOO_LONG = (
        "funds.occasion_too_long",
        Text(
            id="Peristiwa yang disebut sumber dana untuk penerimaan ini terlalu panjang.",
            en="The occasion that the funding source names for this receipt is too long.",
        ),
        REPORT_IT,
    )
    RECEIVED_LONG_AGO = (
        "funds.received_long_ago",
        Text(
            id="Tanggal terima {day} terlalu lama berlalu; pembukuan dimulai tahun {year}.",
            en="The day of receipt {day} is too long ago; the books begin in {year}.",
        ),
        Text(id="Periksa tahunnya.", en="Check the year."),
    )
    REVERSED_BEFORE = (
        "funds.reversed_before",
        Text(id="Penerimaan ini sudah dibatalkan pada {day}.", en="This receipt was taken back on {day} already."),
        Text(id="Tidak ada yang perlu dilakukan lagi.", en="There is nothing left to do."),
    )
    SOURCE_OFF = (
        "funds.source_off",
        Text(
            id="Sumber dana “{title}” tidak aktif di {place}.",
            en="Funding source “{title}” is not active at {place}.",
        ),
        Text(
            id="Pembukuannya tetap dapat dibaca dan sisanya tetap dapat dipakai. Minta kantor wilayah mengaktifkannya "
            "bila akan menerima dana lagi.",
            en="Its books stay readable and what is left can still be used. Ask the regional office to activate it "
            "before more comes in.",
        ),
    )
    TOO_MUCH_BOUGHT = (
        "funds.too_much_bought",
        Text(
            id="{item}: jumlah {quantity} {unit} tidak sesuai rencana; yang masih perlu dibeli {promised} {unit}.",
            en="{item}: {quantity} {unit} does not fit the plan; still to be bought: {promised} {unit}.",
        ),
        Text(id="Isi paling banyak jumlah tersebut.", en="Enter at most that quantity."),
    )
    UNKNOWN = (
        "funds.unknown",
        Text(id="Tidak ada dana dengan kode “{code}” di sini.", en="There is no fund “{code}” here."),
        Text(id="Pilih dana dari halaman Dana.", en="Choose one on the Funds page."),
    )
    UNKNOWN_RECEIPT = (
        "funds.unknown_receipt",
        Text(
            id="Sumber dana “{source}” tidak mengenal penerimaan “{kind}”.", en="Source “{source}” knows no “{kind}”."
        ),
        Text(
            id="Pilih jenis penerimaan pada halaman sumber dana.", en="Choose a kind of receipt on the source's page."
        ),
    )
    UNIT_DIFFERS = (
        "funds.unit_differs",
        Text(
            id="{item} dicatat di UPT ini dalam satuan “{used}”, bukan “{given}”.",
            en="This facility counts {item} in “{used}”, not in “{given}”.",
        ),
        Text(id="{remedy}", en="{remedy}"),
    )
    NO_REASON = (
        "funds.no_reason",
        Text(id="Tambahan dana memerlukan alasan.", en="More money needs a reason."),
        Text(id="Tulis mengapa barang ini lebih mahal.", en="Write down why the item is dearer."),
    )

    NOT_YET = (
        "funds.not_yet",
        Text(id="Waktu ini belum tiba.", en="This moment has not come yet."),
        Text(id="Isi kapan hal ini terjadi.", en="Enter when it happened."),
    )
    RECEIPT_NOT_YET = (
        "funds.receipt_not_yet",
        Text(id="Tanggal diterima belum tiba.", en="The day of receipt has not come yet."),
        Text(id="Catat setelah uang atau barangnya benar-benar diterima.", en="Record it once it has really come in."),
    )
    BELOW_ZERO = (
        "funds.below_zero",
        Text(id="Saldo dana atau stok tidak cukup.", en="The fund or the stock does not hold enough."),
        Text(
            id="Periksa saldo bebas dan cadangan pada halaman Dana.",
            en="See free and reserved balances on the Funds page.",
        ),
    )
    RECEIPT_USED = (
        "funds.receipt_used",
        Text(
            id="Sebagian penerimaan ini sudah dicadangkan atau terpakai, sehingga tidak dapat dibatalkan seluruhnya.",
            en="Part of this receipt is reserved or used by now, so it cannot be taken back as a whole.",
        ),
        Text(
            id="Batalkan dahulu persetujuan bulan yang memakainya, atau catat penerimaan penggantinya lebih dahulu.",
            en="Cancel the approved month that uses it first, or record the receipt that replaces it first.",
        ),
    )
    LEDGER = (
        "funds.ledger",
        Text(id="Buku besar menolak pencatatan ini: {message}.", en="The ledger refuses this entry: {message}."),
        Text(
            id="Muat ulang halaman untuk melihat keadaan terkini, lalu coba lagi.",
            en="Reload the page to see the present state, then try again.",
        ),
    )
    RESTRICTION = (
        "funds.restriction",
        Text(
            id="Dana {detail} tidak boleh dipakai untuk ini ({message}).",
            en="Fund {detail} may not be used for this ({message}).",
        ),
        Text(id="Pilih dana lain untuk periode ini.", en="Choose another fund for this cycle."),
    )
    SHORTFALL = (
        "funds.shortfall",
        Text(
            id="Dana yang dipilih kurang {total}: {needs}. Tidak ada yang dicadangkan.{why}",
            en="The selected funds are {total} short: {needs}. Nothing was reserved.{why}",
        ),
        Text(
            id="Tambahkan sumber dana pada periode ini, catat penerimaan baru, atau kurangi jumlah penerima.",
            en="Add a fund to this cycle, record a new receipt, or serve fewer households.",
        ),
    )
    DEARER_THAN_RESERVED = (
        "funds.dearer_than_reserved",
        Text(
            id="Harga nota melebihi dana yang dicadangkan: {items}.",
            en="The document says more than was reserved: {items}.",
        ),
        Text(
            id="Minta Kepala Rutan menyetujui tambahan dana untuk barang tersebut, lalu catat pembelian ini lagi.",
            en="Ask the head of the facility to approve more money for the item, then record the purchase again.",
        ),
    )
    BEYOND_TOLERANCE = (
        "funds.beyond_tolerance",
        Text(
            id="Harga nota melebihi dana yang dicadangkan. Toleransi {percent}% menutup {within}; yang masih kurang: {items}.",
            en="The document says more than was reserved. The tolerance of {percent}% covers {within}; still missing: {items}.",
        ),
        Text(
            id="Minta Kepala Rutan menyetujui tambahan dana sebesar kekurangan itu, lalu catat pembelian ini lagi.",
            en="Ask the head of the facility to approve what is missing, then record the purchase again.",
        ),
    )
    SURPLUS_NOT_FREE = (
        "funds.surplus_not_free",
        Text(
            id="{item}: kelebihan {quantity} {unit} senilai {cost} dibayar dari uang bebas, yang tidak cukup: {free}.",
            en="{item}: the surplus of {quantity} {unit}, worth {cost}, is paid from free money, which is too little: {free}.",
        ),
        Text(
            id="Catat hanya yang diperlukan bulan ini, atau catat dahulu penerimaan dananya.",
            en="Record only what this month needs, or record the receipt of the money first.",
        ),
    )
    SURPLUS_TOO_LARGE = (
        "funds.surplus_too_large",
        Text(
            id="{item}: {quantity} {unit} lebih dari dua puluh kali yang masih perlu dibeli bulan ini, {needed} {unit}.",
            en="{item}: {quantity} {unit} is more than twenty times what this month still needs, {needed} {unit}.",
        ),
        Text(
            id="Periksa angka dan satuannya pada nota; jumlah ditulis dalam {unit} atau dengan satuannya, misalnya 2 sak.",
            en="Check figure and unit on the note; the quantity is in {unit}, or has its unit with it, such as 2 sak.",
        ),
    )
    SURPLUS_UNCONFIRMED = (
        "funds.surplus_unconfirmed",
        Text(
            id="Nota ini membawa lebih dari yang diperlukan bulan ini.",
            en="This note brings more than this month needs.",
        ),
        Text(
            id="Centang “Masukkan kelebihannya ke stok”, atau ubah isian.",
            en="Tick “Put the surplus into the stock”, or change the form.",
        ),
    )
    COSTS_NOT_ALLOWED = (
        "funds.costs_not_allowed",
        Text(
            id="{purpose} {cost}: dana bulan ini tidak mengizinkan biaya selain barang ({funds}).",
            en="{purpose} {cost}: the funds of this month allow no costs beside goods ({funds}).",
        ),
        Text(
            id="Bayar dari sumber lain dan hapus baris ini; batas biaya ditetapkan saat dana pertama diterima.",
            en="Pay it from another source and take out this line; a limit for costs is set when a fund is first received.",
        ),
    )
    COSTS_ABOVE_TERMS = (
        "funds.costs_above_terms",
        Text(
            id="{purpose} {cost} melebihi yang masih boleh dipakai untuk biaya: {funds}.",
            en="{purpose} {cost} is more than may still be spent on costs: {funds}.",
        ),
        Text(id="Isi paling banyak jumlah tersebut.", en="Enter at most that amount."),
    )
    COSTS_BEYOND_TERMS = (
        "funds.costs_beyond_terms",
        Text(
            id="Biaya dari {fund} menjadi {spent}, sedangkan dana itu mengizinkan {allowed}.",
            en="The costs of {fund} would come to {spent}, and the fund allows {allowed}.",
        ),
        Text(id="Kurangi biayanya.", en="Enter less."),
    )
    COSTS_IMPLAUSIBLE = (
        "funds.costs_implausible",
        Text(id="Batas biaya dana ini tidak masuk akal.", en="The limit of this fund's costs is not plausible."),
        Text(id="Isi rupiah bulat, 0 atau lebih.", en="Enter whole rupiah, 0 or more."),
    )
    AMOUNT_OF_TWO = (
        "funds.amount_of_two",
        Text(
            id="Dua pejabat menyetujui jumlah yang diminta, {amount}, bukan jumlah lain.",
            en="Two officials approve the amount that was asked for, {amount}, and no other.",
        ),
        Text(
            id="Setujui jumlah itu, atau tolak permintaannya agar jumlah lain diminta.",
            en="Approve that amount, or decline the request so that another amount is asked for.",
        ),
    )
    NO_PURPOSE = (
        "funds.no_purpose",
        Text(id="Untuk apa biaya ini belum diisi.", en="What this cost is for is missing."),
        Text(id="Isi seperti pada nota, misalnya kantong plastik.", en="Enter it as on the note, for example bags."),
    )
    PURPOSE_DIFFERS = (
        "funds.purpose_differs",
        Text(id="Untuk apa biaya ini tidak terbaca.", en="Nobody can read what this cost is for."),
        Text(id="Isi paling banyak 80 huruf.", en="Enter at most 80 letters."),
    )
    NO_SUPPLIER = (
        "funds.no_supplier",
        Text(id="Nama toko belum diisi.", en="The name of the shop is missing."),
        _AS_ON_THE_NOTE,
    )
    NO_NOTE_NUMBER = (
        "funds.no_note_number",
        Text(id="Nomor nota belum diisi.", en="The number of the note is missing."),
        _AS_ON_THE_NOTE,
    )
    NO_REASON_TO_REVERSE = (
        "funds.no_reason_to_reverse",
        Text(id="Pembatalan penerimaan memerlukan alasan.", en="Taking a receipt back needs a reason."),
        Text(id="Tulis apa yang keliru.", en="Write down what was wrong."),
    )
    BEFORE_ANY_MONEY = (
        "funds.before_any_money",
        _CASH_TOO_SMALL,
        Text(id="Catat dahulu penerimaan dananya.", en="Record first what the fund received."),
    )
    BEFORE_MONEY = ("funds.before_money", _CASH_TOO_SMALL, EARLIEST_DAY)
    BEFORE_FREE_MONEY = ("funds.before_free_money", _NOT_FREE, _POSSIBLE_DAY)
    BEFORE_FREE_GOODS = ("funds.before_free_goods", _NOT_FREE, _POSSIBLE_DAY)
    BEFORE_GOODS = (
        "funds.before_goods",
        Text(id="Pada hari itu {item} belum datang.", en="On that day {item} had not come yet."),
        EARLIEST_DAY,
    )
    BEFORE_APPROVAL = (
        "funds.before_approval",
        Text(
            id="Tanggal ini sebelum daftar penerimanya disetujui.",
            en="This day lies before the approval of the list.",
        ),
        EARLIEST_DAY,
    )
    BEFORE_ORIGINAL = (
        "funds.before_original",
        Text(
            id="Pembatalan tidak dapat mendahului catatan yang dibatalkannya.",
            en="What takes an entry back cannot come before that entry.",
        ),
        EARLIEST_DAY,
    )
    BEFORE_IT_CAME_BACK = (
        "funds.before_it_came_back",
        Text(
            id="Pembatalan ini tidak dapat mendahului hari kembalinya penyerahan yang dibatalkan.",
            en="This cannot be taken back before the day on which an undone hand-over came back.",
        ),
        EARLIEST_DAY,
    )
    BEFORE_TERMS = (
        "funds.before_terms",
        Text(id="Dana {fund} baru dapat dipakai mulai {day}.", en="{fund} may be used from {day} on, not before."),
        Text(
            id="Pakai dana lain, atau lakukan pada hari itu atau sesudahnya. Paling awal: {day}.",
            en="Use another fund, or do it on that day or later. The earliest possible day: {day}.",
        ),
    )
    AFTER_TERMS = (
        "funds.after_terms",
        Text(id="Dana {fund} hanya dapat dipakai sampai {day}.", en="{fund} may be used until {day} and not after."),
        Text(
            id="Pakai dana lain, atau isi hari yang sebenarnya. Paling akhir: {day}.",
            en="Use another fund, or enter the day on which it happened. The latest possible day: {day}.",
        ),
    )
    BOOK_CLOSED = (
        "funds.book_closed",
        Text(
            id="Hari itu terletak dalam bulan yang buku kasnya sudah ditutup ({fund}).",
            en="That day lies in a month whose cash book is closed ({fund}).",
        ),
        Text(
            id="Bukukan sebagai catatan susulan: dibukukan hari ini dengan tanggal dan nomor bukti aslinya. "
            "Hari pembukuan paling awal: {day}.",
            en="Book it as a late entry: on the day of today, with the day and number of its document. "
            "The earliest day of its line: {day}.",
        ),
    )
    NOT_LATE = (
        "funds.not_late",
        Text(
            id="Bulan itu belum ditutup, jadi dibukukan pada harinya sendiri.",
            en="That month is not closed, so the entry is booked on its own day.",
        ),
        Text(id="Bukukan pada {day}.", en="Book it on {day}."),
    )
    BEFORE_ENTRY = (
        "funds.before_entry",
        Text(
            id="{item} dibukukan susulan pada {day}, jadi penyerahannya tidak dapat dibukukan sebelum itu.",
            en="{item} came into the books late, on {day}, so it does not leave them before.",
        ),
        Text(
            id="Bukukan sebagai catatan susulan. Hari pembukuan paling awal: {day}.",
            en="Book it as a late entry. The earliest day of its line: {day}.",
        ),
    )
    NOTHING_BOOKED = (
        "funds.nothing_booked",
        Text(id="Buku {fund} belum berisi apa pun.", en="The book of {fund} has no entry yet."),
        Text(
            id="Tutup setelah bulan penerimaan pertamanya lewat.",
            en="Close it when the month of its first receipt is over.",
        ),
    )
    CLOSED_BEFORE = (
        "funds.closed_before",
        Text(
            id="Buku {fund} untuk {month} sudah ditutup dan tidak dibuka kembali.",
            en="The book of {fund} for {month} is closed and is not opened again.",
        ),
        Text(
            id="Koreksi dicatat sebagai catatan baru. Bulan berikutnya yang ditutup: {possible}.",
            en="Correct it by a new entry. The month that is closed next: {possible}.",
        ),
    )
    OUT_OF_ORDER = (
        "funds.out_of_order",
        Text(
            id="Buku ditutup berurutan: {month} belum giliran {fund}.",
            en="Books are closed in order: it is not the turn of {month} for {fund}.",
        ),
        Text(id="Tutup {possible} lebih dahulu.", en="Close {possible} first."),
    )
    MONTHS_WITH_ENTRIES = (
        "funds.months_with_entries",
        Text(
            id="{month} mempunyai catatan sendiri, jadi uangnya dihitung tersendiri.",
            en="Entries stand in {month} as well, so its money is counted by itself.",
        ),
        Text(
            id="Tutup sampai {possible} lebih dahulu, lalu bulan itu.",
            en="Close to {possible} first, then that month.",
        ),
    )
    MONTH_NOT_OVER = (
        "funds.month_not_over",
        Text(id="{month} belum berakhir pada hari penutupannya.", en="{month} is not over on the day of its closing."),
        Text(id="Tutup bukunya setelah {day}.", en="Close the book after {day}."),
    )
    CLOSED_ON_A_DAY_TO_COME = (
        "funds.closed_on_a_day_to_come",
        Text(id="Hari penutupan belum tiba.", en="The day of the closing has not come yet."),
        Text(id="Paling akhir: {possible}.", en="The latest possible day: {possible}."),
    )
    BEFORE_LAST_CLOSING = (
        "funds.before_last_closing",
        Text(
            id="Penutupan tidak dapat mendahului penutupan bulan sebelumnya.",
            en="A closing does not come before that of the month before.",
        ),
        Text(id="Paling awal: {possible}.", en="The earliest possible day: {possible}."),
    )
    NOT_IN_OFFICE = (
        "funds.not_in_office",
        Text(
            id="Penanda tangan tidak memangku jabatan itu pada hari penutupan.",
            en="Who is to sign does not hold that post on the day of the closing.",
        ),
        Text(id="Periksa pejabat UPT pada hari itu.", en="See who the officials of the facility are on that day."),
    )
    COUNT = (
        "funds.count",
        *NO_RUPIAH,
    )
    COUNT_DIFFERS = (
        "funds.count_differs",
        Text(
            id="Uang yang dihitung {counted}, sedangkan saldo buku {balance}: selisih {difference}.",
            en="{counted} was counted, and the book says {balance}: a difference of {difference}.",
        ),
        Text(
            id="Hitung kembali, atau jelaskan selisihnya; penjelasan itu tercetak pada buku.",
            en="Count again, or explain the difference; the explanation is printed in the book.",
        ),
    )
    UNEXPLAINED = (
        "funds.unexplained",
        Text(id="Selisih kas memerlukan penjelasan.", en="A difference of the cash needs an explanation."),
        Text(id="Hitung kembali, atau jelaskan selisihnya.", en="Count again, or explain the difference."),
    )
    EXPLANATION_TOO_LONG = (
        "funds.explanation_too_long",
        Text(id="Penjelasan ini terlalu panjang.", en="This explanation is too long."),
        Text(id="Pakai paling banyak 500 huruf.", en="Use at most 500 letters."),
    )
    CLOSED_TWICE = (
        "funds.closed_twice",
        Text(id="Buku bulan ini sudah ditutup.", en="The book of this month is closed already."),
        Text(id="Muat ulang halaman ini.", en="Load this page again."),
    )
    CLOSING_DIFFERS = (
        "funds.closing_differs",
        Text(id="Jumlah pada penutupan buku tidak cocok.", en="The figures of this closing do not add up."),
        REPORT_IT,
    )
    UNSIGNED = (
        "funds.unsigned",
        Text(id="Penutupan buku memerlukan penanda tangan.", en="The closing of a book has signatories."),
        REPORT_IT,
    )
    ANOTHER_DAY = (
        "funds.another_day",
        Text(
            id="Hari pada catatan ini tidak sama dengan hari buktinya.",
            en="This record and its document differ in their day.",
        ),
        CHECK_DAY,
    )
    GOODS_WITHOUT_UNIT = (
        "funds.goods_without_unit",
        Text(id="Barang memerlukan satuan, uang tidak.", en="Goods have a unit, money has none."),
        REPORT_IT,
    )
    ACCOUNT_WITHOUT_LOT = (
        "funds.account_without_lot",
        Text(id="Stok selalu menyebut lot dan barangnya.", en="Stock always names its lot and its item."),
        REPORT_IT,
    )
    MONEY_WITH_QUANTITY = (
        "funds.money_with_quantity",
        Text(id="Uang tidak memiliki jumlah barang.", en="Money has no quantity of goods."),
        REPORT_IT,
    )
    RESERVED_FOR_NOBODY = (
        "funds.reserved_for_nobody",
        Text(
            id="Yang dicadangkan menyebut untuk apa; yang bebas tidak.",
            en="What is reserved names what it is for; what is free names nothing.",
        ),
        REPORT_IT,
    )
    ACCOUNT_TWICE = (
        "funds.account_twice",
        Text(id="Rekening ini sudah ada.", en="This account is there already."),
        REPORT_IT,
    )

    UNIT_TOO_LONG = (
        "funds.unit_too_long",
        Text(id="Satuan ini terlalu panjang.", en="This unit is too long."),
        Text(
            id=f"Pakai paling banyak {MOST_LETTERS_OF_UNIT} huruf, misalnya kg.",
            en=f"Use at most {MOST_LETTERS_OF_UNIT} letters, for example kg.",
        ),
    )
    NO_NAME = ("funds.no_name", *EMPTY)
    ITEM_KNOWN = (
        "funds.item_known",
        Text(
            id="{name} sudah dicatat di UPT ini dengan kode “{used}” (satuan {unit}), bukan “{given}”.",
            en="This facility has {name} under the code “{used}” (counted in {unit}), not “{given}”.",
        ),
        Text(
            id="Isi kodenya {used}. Bila memang barang lain, beri nama yang membedakannya.",
            en="Enter the code as {used}. If these are other goods, give them a name that tells them apart.",
        ),
    )
    UNIT_UNTIDY = (
        "funds.unit_untidy",
        Text(
            id="Satuan barang terdiri atas 1 sampai 20 huruf yang terlihat, tanpa spasi atau titik di ujungnya.",
            en="The unit of goods has 1 to 20 letters that can be seen, no space or point at its ends.",
        ),
        Text(id="Tulis seperti kg.", en="Write it like kg."),
    )
    GOODS_UNNAMED = (
        "funds.goods_unnamed",
        Text(id="Nama barang belum diisi.", en="The goods have no name."),
        Text(id="Isi nama yang tercetak pada dokumen.", en="Enter the name that documents print."),
    )
    SAME_NAME = (
        "funds.same_name",
        Text(
            id="Barang dengan nama ini sudah dicatat di UPT ini dengan kode lain.",
            en="This facility has goods of this name under another code.",
        ),
        Text(
            id="Pakai kode yang sudah ada. Bila memang barang lain, beri nama yang membedakannya.",
            en="Use the code that there is. If these are other goods, give them a name that tells them apart.",
        ),
    )
    UNDESCRIBED = (
        "funds.undescribed",
        Text(id="Catatan buku besar menyebut apa yang terjadi.", en="An entry of the ledger says what happened."),
        REPORT_IT,
    )
    BLANK_EVIDENCE = (
        "funds.blank_evidence",
        Text(id="Nomor buktinya tidak terbaca.", en="Nobody can read the number of the document."),
        Text(id="Tulis nomornya, atau kosongkan bila boleh.", en="Write it, or leave it empty where it may be."),
    )

    NOTHING_ACCEPTED = (
        "funds.nothing_accepted",
        Text(
            id="{item}: seluruh {arrived} yang tiba rusak; tidak ada yang diterima.",
            en="{item}: all of the {arrived} that arrived is damaged; nothing is accepted.",
        ),
        Text(
            id="Hapus baris itu: yang rusak seluruhnya kembali kepada pemberi dan tetap ditunggu; atau perbaiki jumlah rusaknya.",
            en="Leave the line out: what is all damaged goes back to the donor and stays expected; or correct what is damaged.",
        ),
    )
    MORE_DAMAGED = (
        "funds.more_damaged",
        Text(
            id="{item}: yang rusak {damaged}, padahal yang tiba hanya {arrived}.",
            en="{item}: {damaged} is damaged, but only {arrived} arrived.",
        ),
        Text(id="Isi yang rusak kurang dari {arrived}.", en="Enter less than {arrived} as damaged."),
    )
    DAMAGE_UNEXPLAINED = (
        "funds.damage_unexplained",
        Text(id="{item}: rusak {damaged} tanpa sebab.", en="{item}: {damaged} is damaged, without a reason."),
        Text(id="Tulis sebabnya, misalnya basah di jalan.", en="Say why, for example wet on the way."),
    )
    PROMISED_LATER = (
        "funds.promised_later",
        Text(
            id="{item} tiba {arrived}, padahal baru dijanjikan {promised}.",
            en="{item} arrived on {arrived}, but was promised only on {promised}.",
        ),
        Text(
            id="Periksa tanggal diterima: paling awal {promised}. Bila barang ini dari janji yang lebih awal, isi jumlah yang "
            "dijanjikan dan tanggal perjanjiannya.",
            en="Check the day of receipt: {promised} at the earliest. If these goods are of an earlier promise, fill in the "
            "quantity promised and the date of its agreement.",
        ),
    )
    ARRIVAL_DIFFERS = (
        "funds.arrival_differs",
        Text(
            id="Yang dijanjikan, tiba, rusak, dan dibukukan dari penerimaan ini tidak cocok.",
            en="What was promised, arrived, damaged and booked of this receipt does not fit together.",
        ),
        Text(id="Periksa keempat jumlahnya.", en="Check the four quantities."),
    )
    UNEXPLAINED_DAMAGE = (
        "funds.unexplained_damage",
        Text(id="Barang rusak tanpa sebab.", en="Goods are damaged, without a reason."),
        Text(id="Tulis sebabnya, misalnya basah di jalan.", en="Say why, for example wet on the way."),
    )
    NOT_IN_STORE = (
        "funds.not_in_store",
        Text(
            id="“{given}” belum pernah masuk gudang ini sampai hari itu.",
            en="“{given}” never came into this store until that day.",
        ),
        Text(
            id="Pilih barang pada daftar. Barang yang baru datang dicatat sebagai penerimaan.",
            en="Pick goods of the list. Goods that came now are recorded as a receipt.",
        ),
    )
    NOTHING_COUNTED = (
        "funds.nothing_counted",
        Text(id="Belum ada barang yang diisi.", en="No item was filled in."),
        Text(id="Isi jumlah sekurangnya satu barang.", en="Enter the quantity of at least one item."),
    )
    NOT_COUNTED = (
        "funds.not_counted",
        Text(id="Jumlah {item} belum diisi.", en="The quantity of {item} is missing."),
        Text(id="Isi jumlahnya, misalnya 2 kg.", en="Enter it, for example 2 kg."),
    )
    DIFFERENCE_UNEXPLAINED = (
        "funds.difference_unexplained",
        Text(
            id="{item}: dihitung {counted}, buku {book}: {which} {difference} tanpa penjelasan.",
            en="{item}: {counted} counted, {book} in the books: {difference} {which}, without an explanation.",
        ),
        Text(
            id="Isi berapa yang rusak, kedaluwarsa, hilang, dikembalikan, atau ditemukan; atau hitung ulang.",
            en="Enter how much spoiled, expired, was lost, returned or found; or count again.",
        ),
    )
    EXPLAINED_OTHERWISE = (
        "funds.explained_otherwise",
        Text(
            id="{item}: {which} {difference}, tetapi penjelasannya untuk {given}.",
            en="{item}: {difference} {which}, but the explanation is for {given}.",
        ),
        Text(
            id="Jumlah semua penjelasan sama dengan selisihnya: {difference}.",
            en="All explanations add up to the difference: {difference}.",
        ),
    )
    FOUND_BY_COUNT = (
        "funds.found_by_count",
        Text(
            id="{item} yang ditemukan dicatat dengan menghitung stok, bukan sebagai barang keluar.",
            en="{item} that was found is recorded by a count, not as written off.",
        ),
        Text(id="Buka halaman Hitung stok.", en="Open the page Count the stock."),
    )
    RESERVED_SHORT = (
        "funds.reserved_short",
        Text(
            id="{item}: {missing} keluar, tetapi yang bebas hanya {free}; selebihnya dicadangkan untuk {cycles}.",
            en="{item}: {missing} is to leave, but only {free} is free; the rest is reserved for {cycles}.",
        ),
        Text(
            id="Tarik persetujuan periode itu, atau tutup setelah penyerahannya, agar barangnya bebas; lalu catat lagi.",
            en="Withdraw the approval of that cycle, or close it after its hand-overs, to set its goods free; then record this.",
        ),
    )
    NOT_ENOUGH_IN_STORE = (
        "funds.not_enough_in_store",
        Text(
            id="{item}: {missing} keluar, tetapi yang ada di gudang hanya {free}.",
            en="{item}: {missing} is to leave, but the store has only {free}.",
        ),
        Text(id="Isi paling banyak {free}, atau periksa harinya.", en="Enter at most {free}, or check the day."),
    )
    NO_COUNTER = (
        "funds.no_counter",
        Text(id="Nama yang menghitung belum diisi.", en="The name of who counted is missing."),
        Text(id="Isi namanya.", en="Enter the name."),
    )
    NO_WITNESS = (
        "funds.no_witness",
        Text(id="Saksi belum dipilih.", en="There is no witness yet."),
        Text(id="Pilih rekan, atau isi nama orang lain.", en="Pick a colleague, or enter the name of another person."),
    )
    WITNESS_COUNTS = (
        "funds.witness_counts",
        Text(
            id="Saksi harus orang lain daripada yang menghitung.", en="The witness is another person than who counted."
        ),
        Text(id="Pilih saksi lain.", en="Choose another witness."),
    )
    UNKNOWN_WITNESS = (
        "funds.unknown_witness",
        Text(id="Saksi ini tidak dikenal di sini.", en="This witness is unknown here."),
        Text(id="Pilih dari daftar, atau isi namanya.", en="Pick from the list, or enter the name."),
    )
    NO_STOCK_TAKE = (
        "funds.no_stock_take",
        Text(id="Tidak ada catatan stok nomor {number}/{year}.", en="There is no stock take {number}/{year}."),
        Text(id="Pilih dari daftar catatan stok.", en="Choose one from the list of stock takes."),
    )
    NO_REASON_TO_UNDO = (
        "funds.no_reason_to_undo",
        Text(id="Pembatalan catatan stok memerlukan alasan.", en="Taking a stock take back needs a reason."),
        Text(id="Tulis apa yang keliru.", en="Say what is wrong with it."),
    )
    UNDONE_BEFORE = (
        "funds.undone_before",
        Text(id="Catatan stok ini sudah dibatalkan pada {day}.", en="This stock take was taken back on {day} already."),
        Text(id="Tidak ada yang perlu dilakukan lagi.", en="There is nothing left to do."),
    )
    NOTHING_TO_UNDO = (
        "funds.nothing_to_undo",
        Text(
            id="Hitungan ini sama dengan buku dan tidak mengubah stok.",
            en="This count agrees with the books and changed no stock.",
        ),
        Text(id="Hitung lagi bila ternyata keliru.", en="Count again if it turns out wrong."),
    )
    FOUND_USED = (
        "funds.found_used",
        Text(
            id="Barang yang ditemukan oleh catatan ini sudah dicadangkan atau terpakai.",
            en="The goods that this stock take found are reserved or used by now.",
        ),
        Text(
            id="Batalkan dahulu yang memakainya, atau catat hitungan baru.",
            en="Cancel what uses them first, or record a new count.",
        ),
    )
    BOOK_MOVED = (
        "funds.book_moved",
        Text(
            id="Buku {name} pada hari itu {found} {unit}, bukan {book} {unit}.",
            en="The books have {found} {unit} of {name} on that day, not {book} {unit}.",
        ),
        Text(id="Muat ulang halaman ini dan bandingkan lagi.", en="Load this page again and compare anew."),
    )
    STOCK_TAKE_DIFFERS = (
        "funds.stock_take_differs",
        Text(
            id="Jumlah, penjelasan, dan pembukuan catatan stok ini tidak cocok.",
            en="Quantities, explanations and entries of this stock take do not fit together.",
        ),
        Text(
            id="Periksa jumlah dan penjelasan setiap barang, lalu catat lagi.",
            en="Check the quantity and explanation of each item, then record it again.",
        ),
    )
    RECOUNT_SAME = (
        "funds.recount_same",
        Text(id="Hitungan kedua sama dengan yang pertama.", en="The second count is the same as the first."),
        Text(id="Kosongkan hitungan kedua.", en="Leave the second count empty."),
    )


IN_ITS_UNIT = Text(
    id="Hitung jumlah dan harganya dalam {used}, lalu isi satuannya {used}.",
    en="Work out quantity and price in {used}, then enter the unit as {used}.",
)


KNOWN_UNITS = Text(id="Satuan yang dikenal: {units}.", en="Known units: {units}.")


def unit_differs(item: str, unit: str, used: str, in_field: str = "", remedy: Text = IN_ITS_UNIT) -> Invalid:
    """Returns the refusal of a unit. ``used`` is the unit in which the facility counts the item, ``unit`` the other one."""
    return FundsRefusal.UNIT_DIFFERS.invalid(
        in_field, item=item, used=used, given=unit, remedy=remedy.format(used=used)
    )


def unit_known(unit: str, base: str) -> Invalid:
    return FundsRefusal.UNIT_KNOWN.invalid("unit", unit=unit, base=base)


def _unit_known(violation: Violation) -> Invalid:
    detail = json.loads(violation.detail)
    return unit_known(detail["unit"], detail["base"])


def _unit_differs(violation: Violation) -> Invalid:
    detail = json.loads(violation.detail)
    return unit_differs(detail["item"], detail["given"], detail["used"], detail.get("field", ""))


@dataclass(frozen=True, slots=True)
class WrongDay:
    """Holds what a trigger tells of an act on a day that it cannot have; ``earliest`` is the first moment that it could."""

    word: str
    kind: str
    named: str
    earliest: Text | None
    is_same_day: bool

    @classmethod
    def of(cls, violation: Violation) -> "WrongDay":
        detail = json.loads(violation.detail)
        moment = datetime.fromisoformat(detail["earliest"]) if detail["earliest"] else None
        return cls(
            violation.message,
            detail["kind"],
            detail["named"],
            _in_words(moment, detail["zone"]) if moment else None,
            bool(detail["same_day"]),
        )

    def refused(self, code: RefusalCode, **values: object) -> Refusal:
        """Returns the refusal, at the field for the day where its form has one."""
        field = _FIELDS.get(self.kind)
        if field is None:
            return code.refusal(**values)
        return code.invalid("at" if self.kind == "hand_over" and self.is_same_day else field, **values)


_FIELDS = {"purchase": "on", "stock_take": "on", "hand_over": "on", "receipt": "received_on", "plan": "on"}
"""Forms that have a field for the day, by the kind of what was to be booked."""


def _in_words(moment: datetime, zone: str) -> Text:
    """Returns the day, with its hour where it does not begin with the day."""
    day = Text.same(moment.date())
    if (moment.hour, moment.minute) == (0, 0):
        return day
    hour = format_time(moment.time(), zone)
    return Text(id="{day} pukul {hour}", en="{day} at {hour}").format(day=day, hour=hour)


_ON_ITS_DAY = {
    "before_its_terms": FundsRefusal.BEFORE_TERMS,
    "after_its_terms": FundsRefusal.AFTER_TERMS,
    "book_closed": FundsRefusal.BOOK_CLOSED,
    "not_late": FundsRefusal.NOT_LATE,
    "before_the_entry": FundsRefusal.BEFORE_ENTRY,
    "before_approval": FundsRefusal.BEFORE_APPROVAL,
    "before_the_goods": FundsRefusal.BEFORE_GOODS,
    "before_what_it_undoes": FundsRefusal.BEFORE_ORIGINAL,
    "before_it_came_back": FundsRefusal.BEFORE_IT_CAME_BACK,
}


def wrong_day(violation: Violation) -> Refusal:
    """Returns what the books say of a day on which the money or the goods were not there, or the act cannot have been."""
    wrong = WrongDay.of(violation)
    if wrong.word == "day_to_come":
        return wrong.refused(FundsRefusal.NOT_YET)
    if wrong.word == "before_the_money":
        code = FundsRefusal.BEFORE_ANY_MONEY if wrong.earliest is None else FundsRefusal.BEFORE_MONEY
        return wrong.refused(code, fund=wrong.named, day=wrong.earliest)
    if wrong.word in ("before_free_money", "before_free_goods"):
        code = FundsRefusal.BEFORE_FREE_MONEY if wrong.word == "before_free_money" else FundsRefusal.BEFORE_FREE_GOODS
        day = CHECK_DAY if wrong.earliest is None else EARLIEST_DAY.format(day=wrong.earliest)
        return wrong.refused(code, name=wrong.named, possible_day=day)
    if wrong.word in _ON_ITS_DAY and wrong.earliest is not None:
        return wrong.refused(_ON_ITS_DAY[wrong.word], day=wrong.earliest, item=wrong.named, fund=wrong.named)
    return wrong.refused(FundsRefusal.ANOTHER_DAY)


def _costs_beyond_terms(violation: Violation) -> Refusal:
    detail = json.loads(violation.detail)
    return FundsRefusal.COSTS_BEYOND_TERMS.refusal(
        fund=detail["fund"], spent=format_rupiah(detail["spent"]), allowed=format_rupiah(detail["allowed"])
    )


def _surplus_too_large(violation: Violation) -> Refusal:
    detail = json.loads(violation.detail, parse_float=Decimal)
    figures = {name: format_quantity(Decimal(detail[name])) for name in ("quantity", "needed")}
    return FundsRefusal.SURPLUS_TOO_LARGE.refusal(item=detail["item"], unit=detail["unit"], **figures)


def _recorded_before(violation: Violation) -> Invalid:
    detail = json.loads(violation.detail)
    code = FundsRefusal.NOTE_TWICE if detail["kind"] == "purchase" else FundsRefusal.RECEIPT_TWICE
    return code.invalid(
        "again",
        evidence=detail["evidence"],
        memo=detail["memo"],
        day=date.fromisoformat(detail["on"]),
        value=format_rupiah(detail["rupiah"]),
    )


_CLOSING = {
    "nothing_booked": FundsRefusal.NOTHING_BOOKED,
    "closed_before": FundsRefusal.CLOSED_BEFORE,
    "out_of_order": FundsRefusal.OUT_OF_ORDER,
    "not_over": FundsRefusal.MONTH_NOT_OVER,
    "day_to_come": FundsRefusal.CLOSED_ON_A_DAY_TO_COME,
    "before_the_last": FundsRefusal.BEFORE_LAST_CLOSING,
    "not_in_office": FundsRefusal.NOT_IN_OFFICE,
}


def _closing(violation: Violation) -> Refusal:
    detail = json.loads(violation.detail)
    if violation.message == "count_differs":
        counted, balance = detail["counted"], detail["balance"]
        return FundsRefusal.COUNT_DIFFERS.invalid(
            "explanation",
            counted=format_rupiah(counted),
            balance=format_rupiah(balance),
            difference=format_rupiah(abs(counted - balance)),
        )
    month, possible = date.fromisoformat(detail["month"]), detail["possible"]
    named = date.fromisoformat(possible) if possible else month
    is_month = violation.message in ("closed_before", "out_of_order")
    return _CLOSING[violation.message].refusal(
        fund=detail["fund"],
        month=Period(month),
        possible=Period(named) if is_month else named,
        day=named - timedelta(days=1),
    )


def _stock_take(violation: Violation) -> Refusal:
    detail = json.loads(violation.detail)
    if violation.message == "nothing_counted":
        return FundsRefusal.NOTHING_COUNTED.refusal()
    if violation.message == "book_differs":
        book, found = Decimal(str(detail["book"])), Decimal(str(detail["found"]))
        return FundsRefusal.BOOK_MOVED.refusal(name=detail["name"], unit=detail["unit"], book=book, found=found)
    return FundsRefusal.STOCK_TAKE_DIFFERS.refusal()


def _arrival(violation: Violation) -> Refusal:
    detail = json.loads(violation.detail)
    if "promised_on" not in detail:
        return FundsRefusal.ARRIVAL_DIFFERS.refusal()
    arrived, promised = date.fromisoformat(detail["arrived_on"]), date.fromisoformat(detail["promised_on"])
    return FundsRefusal.PROMISED_LATER.invalid("received_on", item=detail["name"], arrived=arrived, promised=promised)


DATABASE = DatabaseRefusals(
    constraints={
        "never_below_zero": FundsRefusal.BELOW_ZERO,
        "note_as_typed": FundsRefusal.NOTE_TOO_LONG,
        "tidy_unit": FundsRefusal.UNIT_UNTIDY,
        "goods_are_named": FundsRefusal.GOODS_UNNAMED,
        "goods_named_once": FundsRefusal.SAME_NAME,
        "catalogue_named_once": FundsRefusal.SAME_NAME,
        "catalogued_once": FundsRefusal.GOODS_TWICE,
        "factor_of_unit": FundsRefusal.FACTOR,
        "posting_is_described": FundsRefusal.UNDESCRIBED,
        "evidence_says_something": FundsRefusal.BLANK_EVIDENCE,
        "goods_have_a_unit": FundsRefusal.GOODS_WITHOUT_UNIT,
        "goods_have_a_lot": FundsRefusal.ACCOUNT_WITHOUT_LOT,
        "money_has_no_quantity": FundsRefusal.MONEY_WITH_QUANTITY,
        "reserved_for_someone": FundsRefusal.RESERVED_FOR_NOBODY,
        "one_account": FundsRefusal.ACCOUNT_TWICE,
        "counted_or_explained": FundsRefusal.UNEXPLAINED,
        "explanation_length": FundsRefusal.EXPLANATION_TOO_LONG,
        "adds_up": FundsRefusal.CLOSING_DIFFERS,
        "closed_once": FundsRefusal.CLOSED_TWICE,
        "signatories_are_named": FundsRefusal.UNSIGNED,
        "booked_when_it_happened_or_later": FundsRefusal.ANOTHER_DAY,
        "plausible_days_of_acts": FundsRefusal.IMPLAUSIBLE_DAY,
        "plausible_book": FundsRefusal.IMPLAUSIBLE_DAY,
        "asked_amount": FundsRefusal.REQUEST_DIFFERS,
        "asked_once": FundsRefusal.ASKED_TWICE,
        "supplier_length": FundsRefusal.REQUEST_DIFFERS,
        "evidence_length": FundsRefusal.REQUEST_DIFFERS,
        "decided_one_way": FundsRefusal.REQUEST_DIFFERS,
        "declined_with_a_reason": FundsRefusal.NO_REASON_TO_DECLINE,
        "occasion_length": FundsRefusal.OCCASION_TOO_LONG,
        "promised_quantity": FundsRefusal.ARRIVAL_DIFFERS,
        "arrived_quantity": FundsRefusal.ARRIVAL_DIFFERS,
        "damaged_of_arrived": FundsRefusal.ARRIVAL_DIFFERS,
        "promise_has_a_day": FundsRefusal.ARRIVAL_DIFFERS,
        "reason_of_damage_length": FundsRefusal.ARRIVAL_DIFFERS,
        "damage_has_a_reason": FundsRefusal.UNEXPLAINED_DAMAGE,
        "counter_is_named": FundsRefusal.NO_COUNTER,
        "counter_length": FundsRefusal.NO_COUNTER,
        "witness_is_named": FundsRefusal.NO_WITNESS,
        "witness_length": FundsRefusal.NO_WITNESS,
        "note_length": FundsRefusal.STOCK_TAKE_DIFFERS,
        "counted_before_a_witness": FundsRefusal.WITNESS_COUNTS,
        "counted_quantity": FundsRefusal.STOCK_TAKE_DIFFERS,
        "recount_differs": FundsRefusal.RECOUNT_SAME,
        "explained_from_the_list": FundsRefusal.STOCK_TAKE_DIFFERS,
        "explained_quantity": FundsRefusal.STOCK_TAKE_DIFFERS,
        "remark_length": FundsRefusal.STOCK_TAKE_DIFFERS,
        "incidental_costs_amount": FundsRefusal.COSTS_IMPLAUSIBLE,
        "purpose_says_something": FundsRefusal.PURPOSE_DIFFERS,
    },
    states={
        "GU005": saying(FundsRefusal.LEDGER),
        "GU007": saying(FundsRefusal.RESTRICTION),
        "GU020": _unit_differs,
        "GU050": _unit_known,
        "GU051": saying(FundsRefusal.NOT_AS_WRITTEN),
        "GU021": wrong_day,
        "GU023": _closing,
        "GU040": _recorded_before,
        "GU078": _stock_take,
        "GU057": _costs_beyond_terms,
        ("GU057", "surplus_too_large"): _surplus_too_large,
        "GU079": _arrival,
    },
)
