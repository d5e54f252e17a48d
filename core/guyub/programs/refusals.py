"""The refusals of programs: the steps of a month, its list, its hand-overs and their days."""

import json

from guyub.db.limits import OUTSIDE_MONTH
from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import DatabaseRefusals, Violation, saying
from guyub.db.refusals import REPORT_IT, DbRefusal
from guyub.funds import refusals as funds
from guyub.funds.refusals import EARLIEST_DAY, WrongDay
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import NO_NUMBER

_FILL_IN = Text(id="Isi dahulu.", en="Fill it in.")
_MONTH_NOT_YET = Text(
    id="{month} tidak dapat dibuka: {title} berjalan di {place} baru mulai {day}, sedangkan sebuah bulan memakai apa "
    "yang berlaku pada tanggal 1-nya.",
    en="{month} cannot be opened: {title} runs at {place} from {day} only, and a month takes what holds on its first "
    "day.",
)


class ProgramsRefusal(RefusalCode):
    LETTER_TEMPLATE = (
        "programs.letter_template",
        Text(
            id="Pola nomor surat UPT ini tidak dapat dibaca: “{template}”.",
            en="The pattern of this facility's letter numbers cannot be read: “{template}”.",
        ),
        Text(
            id="Perbaiki polanya pada pengaturan UPT; yang dikenal: {{class}}, {{seq}}, {{year}}.",
            en="Fix it in the facility's settings; known are {{class}}, {{seq}}, {{year}}.",
        ),
    )
    TOO_EARLY = (
        "documents.too_early",
        Text(
            id="Belum dapat dibuat: {documents}.",
            en="It is too early for: {documents}.",
        ),
        Text(
            id="Setujui daftarnya lebih dahulu; berita acara dan laporan menunggu penyerahan pertama.",
            en="Approve the list first; minutes and reports wait for the first hand-over.",
        ),
    )
    DOCUMENT_DAY_EARLY = (
        "documents.day_early",
        Text(
            id="{document} tidak dapat bertanggal {day}: yang diterangkannya terjadi pada {first}.",
            en="{document} cannot be dated {day}: what it tells happened on {first}.",
        ),
        Text(
            id="Tanggal terdekat yang benar {nearest}; kosongkan agar setiap dokumen memakai hari kejadiannya.",
            en="The nearest right date is {nearest}; leave it empty and each document bears the day of what it tells.",
        ),
    )
    DOCUMENT_DAY_LATE = (
        "documents.day_late",
        Text(
            id="{document} tidak dapat bertanggal {day}: paling akhir {last}.",
            en="{document} cannot be dated {day}: the latest day is {last}.",
        ),
        Text(
            id="Tanggal terdekat yang benar {nearest}; kosongkan agar setiap dokumen memakai hari kejadiannya.",
            en="The nearest right date is {nearest}; leave it empty and each document bears the day of what it tells.",
        ),
    )
    GOODS_MISSING = (
        "programs.goods_missing",
        Text(
            id="Barang belum tersedia: {items}. Tidak ada penyerahan yang dicatat.",
            en="Goods are not there yet: {items}. No hand-over was recorded.",
        ),
        Text(id="Catat pembeliannya lebih dahulu.", en="Record their purchase first."),
    )
    MARK = (
        "programs.mark",
        Text(id="Bukti penerimaan belum dipilih.", en="The proof is not selected."),
        Text(id="Pilih tanda tangan atau cap jempol.", en="Choose signature or thumbprint."),
    )
    NO_CASH_BOOK = (
        "documents.no_cash_book",
        Text(
            id="Sampai {day} belum ada dana yang membayar untuk bulan ini, jadi bulan ini belum mempunyai buku kas.",
            en="Until {day} no fund has paid for this month, so it has no cash book yet.",
        ),
        Text(
            id="Catat belanjanya lebih dahulu; buku setiap dana dapat diunduh di halaman dananya.",
            en="Record the purchases first; the book of each fund can be taken from the fund's page.",
        ),
    )
    ABSENT_TOO_EARLY = (
        "programs.absent_too_early",
        Text(
            id="Hari penyalurannya belum tiba, jadi belum ada yang tidak hadir: paling awal {day}.",
            en="The day of the distribution has not come, so nobody is absent yet: the earliest day is {day}.",
        ),
        Text(id="Tandai pada hari penyalurannya.", en="Mark it on the day of the distribution."),
    )
    MONTH_OUTSIDE = ("programs.month_outside", *OUTSIDE_MONTH)
    NOT_DUE = (
        "programs.not_due",
        Text(
            id="{month} di luar jadwal {title}, sehingga dibuka dengan alasan.",
            en="{month} is not due by the schedule of {title}, so it is opened with a reason.",
        ),
        Text(
            id="Tulis alasannya (--reason pada baris perintah), atau pilih bulan yang dijadwalkan.",
            en="Write the reason (--reason on the command line), or choose a month that is due.",
        ),
    )
    OPENED_WITHOUT_REASON = (
        "programs.opened_without_reason",
        Text(
            id="Bulan di luar jadwal dibuka tanpa alasan.",
            en="A month that is not due is opened without a reason.",
        ),
        Text(id="Tulis alasannya.", en="Write the reason."),
    )
    OPENING_REASON = (
        "programs.opening_reason",
        Text(id="{problem}", en="{problem}"),
        Text(id="{fix}", en="{fix}"),
    )
    NO_DAY = (
        "programs.no_day",
        Text(id="Hari dan tempat penyaluran belum ditetapkan.", en="Day and place of the distribution are not set."),
        Text(id="Isi keduanya pada halaman periode.", en="Enter both on the cycle's page."),
    )
    NO_FUNDS = (
        "programs.no_funds",
        Text(id="Belum ada dana untuk periode ini.", en="No fund pays for this cycle yet."),
        Text(id="Pilih dana pada halaman periode.", en="Choose funds on the cycle's page."),
    )
    NO_PROGRAM = (
        "programs.no_program",
        Text(id="Plugin “{plugin}” bukan program.", en="Plugin “{plugin}” offers no programme."),
        Text(id="Pilih program dari menu.", en="Choose a programme in the menu."),
    )
    NO_RECIPIENT = (
        "programs.no_recipient",
        Text(
            id="{count} keluarga terpilih belum ada penerimanya.",
            en="{count} selected households have no recipient.",
            en_one="{count} selected household has no recipient.",
        ),
        Text(
            id="Tunjuk penerimanya pada halaman keluarga, lalu usulkan lagi.",
            en="Name the recipient on the household's page, then propose again.",
        ),
    )
    NOBODY = (
        "programs.nobody",
        Text(id="Belum ada keluarga yang dipilih.", en="No household is ticked."),
        Text(id="Centang sedikitnya satu keluarga.", en="Tick at least one."),
    )
    NOT_A_CANDIDATE = (
        "programs.not_a_candidate",
        Text(id="Keluarga ini bukan calon pada periode ini.", en="This household is no candidate of this cycle."),
        Text(id="Lihat alasan pengecualiannya pada daftar calon.", en="See on the list why it is excluded."),
    )
    NOT_HANDED_OVER = (
        "programs.not_handed_over",
        Text(id="Paket ini belum diserahkan.", en="This package has not been handed over."),
        Text(id="Muat ulang daftar penyaluran.", en="Reload the distribution list."),
    )
    PROXY = (
        "programs.proxy",
        Text(id="Pengambilan oleh wakil memerlukan nama dan surat kuasa.", en="A proxy needs a name and a letter."),
        Text(
            id="Isi nama wakil dan nomor atau tanggal surat kuasa.",
            en="Enter the proxy's name and the letter's number or date.",
        ),
    )
    QUOTA = (
        "programs.quota",
        Text(
            id="Terpilih {count} paket; kuota periode ini {quota}.",
            en="{count} packages selected; the quota is {quota}.",
            en_one="{count} package selected; the quota is {quota}.",
        ),
        Text(
            id="Pilih paling sedikit satu dan paling banyak sesuai kuota; lembaga mengambil satu tempat untuk setiap paketnya.",
            en="Select at least one and at most the quota; an institution takes one place for each of its packages.",
        ),
    )
    NO_REASON_FOR_PACKAGES = (
        "programs.no_reason_for_packages",
        Text(id="Alasan jumlah paket bulan ini belum ditulis.", en="The reason for this month's packages is missing."),
        Text(
            id="Tulis mengapa bulan ini lain, misalnya “separuh santri pulang”.",
            en="Write why this month differs, for example “half of the pupils are at home”.",
        ),
    )
    PACKAGES_ABOVE_QUOTA = (
        "programs.packages_above_quota",
        Text(
            id="Satu lembaga tidak dapat menerima lebih banyak paket daripada kuota bulan ini, {quota}.",
            en="One institution cannot receive more packages than the quota of this month, {quota}.",
        ),
        Text(
            id="Isi paling banyak {quota}, atau ubah dahulu kuota bulan ini.",
            en="Enter {quota} at most, or change the quota of this month first.",
        ),
    )
    NO_REASON_TO_ADD_GOODS = (
        "programs.no_reason_to_add_goods",
        Text(
            id="Alasan menambah barang bulan ini belum ditulis.",
            en="The reason for adding goods this month is missing.",
        ),
        Text(
            id="Tulis dari mana atau untuk apa, misalnya “panen kebun UPT”.",
            en="Write where they come from or what for, for example “harvest of the garden”.",
        ),
    )
    PACKAGE_LOCKED = (
        "programs.package_locked",
        Text(
            id="Isi bantuan bulan ini dikunci oleh lapisan di atas UPT; barang lain tidak dapat ditambahkan.",
            en="A layer above the facility locks the package of this month; no other goods are added.",
        ),
        Text(
            id="Minta kantor wilayah melepas kunci “Isi paket”, atau menambah barang itu pada pengaturannya.",
            en="Ask the regional office to release the lock of the package, or to add the goods to its settings.",
        ),
    )
    GOODS_IN_PACKAGE = (
        "programs.goods_in_package",
        Text(
            id="{goods} sudah ada dalam isi bantuan bulan ini.", en="{goods} is in the package of this month already."
        ),
        Text(
            id="Lepas dahulu barang tambahan itu, lalu tambahkan dengan jumlah yang baru.",
            en="Take the added goods off first, then add them with the new quantity.",
        ),
    )
    NOT_ADDED_GOODS = (
        "programs.not_added_goods",
        Text(id="Barang itu bukan barang tambahan bulan ini.", en="Those goods were not added for this month alone."),
        Text(
            id="Isi paket sendiri diubah pada pengaturan program.",
            en="The package itself is changed in the settings of the programme.",
        ),
    )
    GOODS_OUT_OF_BOUNDS = (
        "programs.goods_out_of_bounds",
        Text(
            id="Dengan barang itu paket bulan ini tidak sesuai pengaturan program. {why}",
            en="With those goods the package of this month does not fit the settings of the programme. {why}",
        ),
        Text(
            id="Kurangi jumlah atau harganya, atau isi “Paling banyak” bila dikali jumlah jiwa.",
            en="Enter less or a lower price, or fill “At most” where it follows the household's size.",
        ),
    )
    PACKAGES_AS_REGISTERED = (
        "programs.packages_as_registered",
        Text(
            id="Daftar dimulai dengan jumlah paket yang tercatat pada data keluarga.",
            en="A list begins with the packages that the households are registered with.",
        ),
        Text(
            id="Nilai ulang, lalu ubah jumlahnya untuk bulan ini dengan alasannya.",
            en="Score again, then change the number for this month with its reason.",
        ),
    )
    HOUSEHOLD_AS_REGISTERED = (
        "programs.household_as_registered",
        Text(
            id="Daftar dimulai dengan kategori, desa, dan jumlah jiwa pada data keluarga; salah satunya baru berubah.",
            en="A list begins with the category, village and people of each registered household; one has just changed.",
        ),
        Text(id="Nilai ulang: datanya dibaca lagi.", en="Score again: they are read anew."),
    )
    SELF_APPROVAL = (
        "programs.self_approval",
        Text(id="Pengusul tidak boleh menyetujui usulannya sendiri.", en="The proposer never approves."),
        Text(id="Minta pejabat lain yang berwenang menyetujui.", en="Ask another official who may approve."),
    )
    SECOND_APPROVER = (
        "programs.second_approver",
        Text(
            id="Persetujuan ini memerlukan dua penyetuju, dua orang yang berbeda; yang pertama belum ada, atau Anda sendiri.",
            en="This approval needs two approvers, two different people; the first is missing, or is you.",
        ),
        Text(
            id="Minta pejabat lain yang berwenang menyetujui untuk membuka usulannya dan menyetujuinya juga.",
            en="Ask another official who may approve to open the proposal and approve it as well.",
        ),
    )
    ADDITION_NEEDS_APPROVERS = (
        "programs.addition_needs_approvers",
        Text(
            id="Tambahan dana ini memerlukan dua penyetuju: jumlahnya melewati batas satu penyetuju, atau dananya sensitif.",
            en="This added money needs two approvers: it goes beyond what one may approve, or it is sensitive.",
        ),
        Text(
            id="Mintalah dari daftar belanja: permintaannya disetujui seorang pejabat, lalu seorang lagi.",
            en="Ask for it from the list of purchases: one official approves the request, then another.",
        ),
    )
    TOLERANCE_NEEDS_APPROVERS = (
        "programs.tolerance_needs_approvers",
        Text(
            id="Toleransi tidak menutup nota ini: jumlahnya melewati batas satu penyetuju, atau dananya sensitif.",
            en="The tolerance does not cover this note: it goes beyond what one may approve, or its money is sensitive.",
        ),
        Text(
            id="Mintalah tambahan dana dari daftar belanja; dua penyetuju memutuskannya.",
            en="Ask for more money from the list of purchases; two approvers decide on it.",
        ),
    )
    NO_REASON_TO_CORRECT = (
        "programs.no_reason_to_correct",
        Text(id="Koreksi memerlukan alasan.", en="A correction needs a reason."),
        Text(id="Tulis apa yang keliru dan bagaimana diketahui.", en="Say what is wrong and how it was found out."),
    )
    NOT_CLOSED = (
        "programs.not_closed",
        Text(
            id="Bulan ini belum selesai, atau dibatalkan; koreksi hanya untuk bulan yang sudah selesai.",
            en="This month is not closed, or was cancelled; only a closed one is corrected.",
        ),
        Text(
            id="Batalkan penyerahan atau notanya langsung; bulan yang dibatalkan dapat dibuka lagi.",
            en="Undo the hand-over or cancel the note directly; a cancelled month can be opened again.",
        ),
    )
    NOT_OF_THIS_MONTH = (
        "programs.not_of_this_month",
        Text(
            id="Yang hendak dikoreksi bukan bagian dari bulan ini.", en="What is to be corrected is not of this month."
        ),
        Text(id="Pilih dari halaman bulannya.", en="Choose it from the month's pages."),
    )
    NOT_RECEIVED = (
        "programs.not_received",
        Text(
            id="Keluarga ini tidak tercatat menerima, atau penyerahannya sudah ditarik kembali.",
            en="This household is not recorded as having received, or its hand-over was taken back already.",
        ),
        Text(id="Muat ulang halamannya untuk melihat catatan sekarang.", en="Reload the page to see what stands now."),
    )
    NOT_MISSING = (
        "programs.not_missing",
        Text(
            id="Hanya keluarga yang tercatat tidak hadir atau mengembalikan yang dapat menerima menyusul.",
            en="Only a household recorded as absent or returned may receive late.",
        ),
        Text(id="Muat ulang halamannya untuk melihat catatan sekarang.", en="Reload the page to see what stands now."),
    )
    NOTHING_LEFT_TO_GIVE = (
        "programs.nothing_left_to_give",
        Text(
            id="Yang dikembalikan bulan ini tidak cukup lagi untuk: {items}.",
            en="What this month gave back is not enough any more for: {items}.",
        ),
        Text(
            id="Barang atau uangnya sudah dipakai lain; usulkan keluarga ini pada bulan berikutnya.",
            en="Its goods or money serve something else now; propose this household in the next month.",
        ),
    )
    CORRECTED_MEANWHILE = (
        "programs.corrected_meanwhile",
        Text(
            id="Bulan ini dikoreksi orang lain sejak Anda membukanya; belum ada yang dicatat.",
            en="Somebody else corrected this month since you opened it; nothing was recorded.",
        ),
        Text(
            id="Di bawah ini keadaannya sekarang; bacalah, lalu simpan lagi bila masih perlu.",
            en="What stands below is as it is now; read it, then save again if it is still needed.",
        ),
    )
    STATE = (
        "programs.state",
        Text(
            id="Langkah ini tidak berlaku lagi: bulan ini berada pada tahap “{state}”.",
            en="This step does not apply any more: the month is “{state}”.",
        ),
        Text(
            id="Buka halaman bulan ini untuk melihat langkah berikutnya.",
            en="Open the month's page to see what comes next.",
        ),
    )
    STILL_OPEN = (
        "programs.still_open",
        Text(
            id="{count} keluarga belum menerima dan belum ditandai tidak hadir.",
            en="{count} households have neither received nor are marked absent.",
            en_one="{count} household has neither received nor is marked absent.",
        ),
        Text(
            id="Serahkan paketnya atau tandai tidak hadir dengan alasannya, lalu tutup periode.",
            en="Hand their packages over or mark them absent with a reason, then close the cycle.",
        ),
    )
    UNKNOWN_CYCLE = (
        "programs.unknown_cycle",
        Text(
            id="Program “{plugin}” belum memiliki periode {period} di {place}.",
            en="Programme “{plugin}” has no cycle {period} at {place}.",
        ),
        Text(id="Buka periode tersebut terlebih dahulu.", en="Open that cycle first."),
    )
    UNKNOWN_ENTITLEMENT = (
        "programs.unknown_entitlement",
        Text(
            id="{count} dari {asked} penerima tidak ada pada daftar periode ini.",
            en="Of {asked} selected, {count} are not on the list of this cycle.",
            en_one="Of {asked} selected, {count} is not on the list of this cycle.",
        ),
        Text(id="Muat ulang daftar penyaluran.", en="Reload the distribution list."),
    )
    UNKNOWN_FUND = (
        "programs.unknown_fund",
        Text(id="Ada dana yang tidak dikenal: {codes}.", en="Some funds are unknown: {codes}."),
        Text(id="Pilih dari daftar dana UPT ini.", en="Choose among the funds of this facility."),
    )
    UNKNOWN_HOUSEHOLD = (
        "programs.unknown_household",
        Text(id="Keluarga ini tidak ada pada daftar bulan ini.", en="This household is not on this month's list."),
        Text(id="Pilih dari daftar pada halaman bulan.", en="Choose one from the list on the month's page."),
    )
    WANTED = (
        "programs.wanted",
        *NO_NUMBER,
    )
    WITNESS = (
        "programs.witness",
        Text(
            id="Penyerahan memerlukan saksi selain petugas penyerah.",
            en="A hand-over needs a witness other than the one who hands over.",
        ),
        Text(id="Isi nama saksi lain.", en="Enter another witness."),
    )
    ALREADY_SERVED = (
        "programs.already_served",
        Text(
            id="Ada penerima yang sudah menerima bantuan bulan ini di {places}.",
            en="Some recipients already received this month at {places}.",
        ),
        Text(
            id="Kembalikan usulan, hitung ulang calon, lalu usulkan lagi.",
            en="Return the proposal, score again and propose anew.",
        ),
    )
    NOBODY_LEFT = (
        "programs.nobody_left",
        Text(id="Tidak ada calon lain yang dapat menggantikan.", en="There is no other candidate to take the place."),
        Text(
            id="Keluarkan saja, atau nilai ulang semua keluarga.", en="Just take it off, or score all households again."
        ),
    )
    LIST_OF_ANOTHER_DAY = (
        "programs.list_of_another_day",
        Text(
            id="Daftar ini tidak lagi sesuai dengan data keluarga: {findings}.",
            en="This list no longer agrees with the households: {findings}.",
        ),
        Text(
            id="Keluarkan keluarga itu atau nilai ulang; usulan yang menunggu dikembalikan dahulu, lalu diusulkan lagi.",
            en="Take the household off or score again; a proposal that waits is returned first, then proposed again.",
        ),
    )
    PROPOSAL_CHANGED = (
        "programs.proposal_changed",
        Text(id="Usulan berubah sejak Anda membacanya.", en="The proposal has changed since you read it."),
        Text(
            id="Tidak ada yang diputuskan. Baca usulan yang sekarang, lalu putuskan.",
            en="Nothing was decided. Read the proposal as it is now, then decide.",
        ),
    )
    NO_REASON = (
        "programs.no_reason",
        Text(id="Pembatalan bulan memerlukan alasan.", en="Cancelling a month needs a reason."),
        Text(id="Tulis mengapa bulan ini tidak dijalankan.", en="Write down why this month is not run."),
    )

    MOMENT = (
        "programs.moment",
        Text(id="{before}: paling awal {moment}.", en="{before}: the earliest moment is {moment}."),
        Text(id="Perbaiki hari dan jamnya.", en="Correct the day and the hour."),
    )
    MOMENT_TO_COME = (
        "programs.moment_to_come",
        Text(id="Waktu penyerahan belum tiba.", en="The moment of the hand-over has not come yet."),
        Text(id="Perbaiki, atau kosongkan keduanya.", en="Fix it, or leave both empty."),
    )
    MONTH_NOT_BEGUN = (
        "programs.month_not_begun",
        Text(
            id="Penyaluran belum dapat dimulai karena bulannya belum mulai: paling awal {day}.",
            en="The distribution cannot begin before its month has begun: the earliest day is {day}.",
        ),
        Text(
            id="Mulai pada hari penyalurannya; daftar untuk ditandatangani sudah dapat dicetak.",
            en="Begin on the day of the distribution; the list to sign can be printed already.",
        ),
    )
    BEFORE_PROPOSAL = (
        "programs.before_proposal",
        Text(id="Persetujuan tidak dapat mendahului usulannya.", en="An approval cannot come before what is proposed."),
        EARLIEST_DAY,
    )
    ALREADY_HANDED_OVER = (
        "programs.already_handed_over",
        Text(id="Paket ini sudah diserahkan.", en="This package has already been handed over."),
        Text(
            id="Lihat jam dan petugas penyerahnya pada daftar penyaluran.",
            en="See when and by whom on the distribution list.",
        ),
    )
    CYCLE_EXISTS = (
        "programs.cycle_exists",
        Text(
            id="Periode ini sudah dibuka untuk program tersebut.", en="This period is already open for the programme."
        ),
        Text(id="Buka periode yang sudah ada.", en="Go to the existing cycle."),
    )
    HOUSEHOLD_TWICE = (
        "programs.household_twice",
        Text(
            id="Keluarga ini sudah ada pada daftar periode ini.",
            en="This household is already on the list of this cycle.",
        ),
        Text(id="Gunakan baris yang sudah ada.", en="Use the row that is there."),
    )
    WITNESS_HANDS_OVER = (
        "programs.witness_hands_over",
        Text(
            id="Saksi tidak boleh sama dengan petugas penyerah.", en="The witness must not be the one who hands over."
        ),
        Text(id="Pilih saksi lain.", en="Choose another witness."),
    )
    UNKNOWN_WITNESS = (
        "programs.unknown_witness",
        Text(id="Saksi ini tidak dikenal di sini.", en="This witness is unknown here."),
        Text(id="Pilih dari daftar, atau tulis namanya.", en="Choose from the list, or write the name."),
    )
    WITNESS_UNNAMED = (
        "programs.witness_unnamed",
        Text(id="Nama saksi belum diisi.", en="The witness's name is missing."),
        Text(id="Tulis namanya.", en="Write the name."),
    )
    NO_HOUR = (
        "programs.no_hour",
        Text(id="Jam penyerahan belum diisi.", en="The hour is missing."),
        Text(id="Isi jamnya, atau kosongkan tanggalnya.", en="Enter it, or leave the date empty."),
    )
    STEP = (
        "programs.step",
        Text(
            id="Langkah ini tidak dapat dilakukan sekarang: {message}.", en="This step cannot be taken now: {message}."
        ),
        Text(
            id="Muat ulang halaman untuk melihat keadaan terkini, lalu coba lagi.",
            en="Reload the page to see the present state, then try again.",
        ),
    )
    FROZEN = (
        "programs.frozen",
        Text(id="Daftar periode ini sudah dikunci.", en="The list of this cycle is frozen."),
        Text(
            id="Kembalikan usulan ke tahap rencana sebelum disetujui, atau catat perubahan pada periode berikutnya.",
            en="Return the proposal to planning before it is approved, or make the change in the next cycle.",
        ),
    )
    NO_REASON_TO_UNDO = (
        "programs.no_reason_to_undo",
        Text(id="Pembatalan penyerahan memerlukan alasan.", en="Undoing a hand-over needs a reason."),
        Text(id="Tulis apa yang keliru.", en="Write down what was wrong."),
    )
    NO_REASON_OF_ABSENCE = (
        "programs.no_reason_of_absence",
        Text(id="Ketidakhadiran memerlukan alasan.", en="An absence needs a reason."),
        Text(id="Tulis apa yang diketahui, misalnya “sakit”.", en="Write down what is known, for example “ill”."),
    )
    NO_REASON_TO_RETURN = (
        "programs.no_reason_to_return",
        Text(id="Pengembalian usulan memerlukan alasan.", en="Returning a proposal needs a reason."),
        Text(id="Tulis apa yang perlu diperbaiki pengusul.", en="Write down what the proposer should fix."),
    )
    NO_REASON_TO_WITHDRAW = (
        "programs.no_reason_to_withdraw",
        Text(id="Penarikan persetujuan memerlukan alasan.", en="Withdrawing an approval needs a reason."),
        Text(id="Tulis apa yang perlu diperbaiki sesudahnya.", en="Write down what should be fixed afterwards."),
    )
    WITHDRAWN_AFTER_HAND_OVER = (
        "programs.withdrawn_after_hand_over",
        Text(
            id="Persetujuan tidak dapat ditarik lagi: penyerahan pertama sudah dicatat.",
            en="The approval can no longer be withdrawn: the first hand-over is recorded.",
        ),
        Text(
            id="Perbaiki per keluarga: batalkan penyerahan yang keliru, atau tandai yang tidak hadir.",
            en="Fix it household by household: undo a mistaken hand-over, or mark who is absent.",
        ),
    )
    WITHDRAWN_AFTER_PURCHASE = (
        "programs.withdrawn_after_purchase",
        Text(
            id="Persetujuan tidak dapat ditarik: barang sudah dibeli dengan dana yang dicadangkannya.",
            en="The approval cannot be withdrawn: goods were bought with the money that it reserved.",
        ),
        Text(
            id="Batalkan nota belanjanya lebih dahulu; atau batalkan bulan ini, maka barangnya menjadi persediaan dana.",
            en="Take back the purchase first; or cancel the month, then its goods go into the stock of their fund.",
        ),
    )
    NO_REASON_TO_REPLACE = (
        "programs.no_reason_to_replace",
        Text(id="Penggantian penerima memerlukan alasan.", en="Replacing a recipient needs a reason."),
        Text(
            id="Tulis mengapa penerima ini tidak dapat menerima, misalnya pindah atau meninggal dunia.",
            en="Write down why this recipient cannot receive, such as a move or a death.",
        ),
    )
    NO_RESERVE = (
        "programs.no_reserve",
        Text(
            id="Tidak ada cadangan yang cocok: sama kategori dan isi bantuannya, dan belum menerima bulan ini.",
            en="No reserve fits: one of the same category, with the same share, who has not received this month.",
        ),
        Text(
            id="Tandai tidak hadir; bagiannya kembali ke dananya saat bulan ditutup.",
            en="Mark the recipient as absent; the share goes back to its fund when the month is closed.",
        ),
    )
    ANOTHER_RESERVE = (
        "programs.another_reserve",
        Text(
            id="Cadangan berikutnya sekarang {name}: yang Anda baca sudah diusulkan, diarsipkan, atau menerima di tempat lain.",
            en="The next reserve is {name} now: the one you read is proposed already, archived, or received elsewhere.",
        ),
        Text(id="Baca sekali lagi, lalu usulkan.", en="Read it once more, then propose."),
    )
    NOT_WAITING = (
        "programs.not_waiting",
        Text(
            id="Tempat ini tidak menunggu lagi: penerimanya sudah menerima atau sudah diganti.",
            en="This place does not wait any more: its recipient has received or was replaced.",
        ),
        Text(id="Lihat daftarnya sekali lagi.", en="Look at the list once more."),
    )
    RESERVE_GONE = (
        "programs.reserve_gone",
        Text(
            id="Cadangan ini tidak dapat masuk lagi: diarsipkan, berubah kategori, atau tanpa penerima.",
            en="This reserve cannot come in any more: archived, of another category, or without a recipient.",
        ),
        Text(
            id="Tolak usulan ini; staf mengusulkan cadangan berikutnya.",
            en="Decline it; staff propose the next reserve.",
        ),
    )
    REPLACEMENT_DECIDED = (
        "programs.replacement_decided",
        Text(id="Penggantian ini sudah diputuskan.", en="This replacement is decided already."),
        Text(id="Lihat daftar pengganti bulan ini.", en="Look at the replacements of this month."),
    )
    REPLACED_ALREADY = (
        "programs.replaced_already",
        Text(id="Penggantian untuk tempat ini sudah menunggu.", en="A replacement for this place waits already."),
        Text(id="Tunggu keputusan penyetuju.", en="Wait for the approver to decide."),
    )
    NO_REASON_FOR_TERMS = (
        "programs.no_reason_for_terms",
        Text(id="Perubahan kuota atau isi bantuan memerlukan alasan.", en="Changing quota or package needs a reason."),
        Text(
            id="Tulis mengapa bulan ini berubah, misalnya dana yang baru diterima.",
            en="Write down why this month changes, such as money that has just come in.",
        ),
    )
    NO_NEW_TERMS = (
        "programs.no_new_terms",
        Text(id="Kuota dan isi bantuan tetap seperti semula.", en="Quota and package are as they were."),
        Text(
            id="Ubah kuotanya, atau pilih mengikuti pengaturan.",
            en="Change the quota, or choose to follow the settings.",
        ),
    )
    QUOTA_LOCKED = (
        "programs.quota_locked",
        Text(
            id="Kuota bulan ini tidak dapat diubah menjadi {quota}: {origin}.",
            en="The quota of this month cannot become {quota}: {origin}.",
        ),
        Text(
            id="Yang berlaku {kept} keluarga; minta {keeper} melepas kuncinya bila perlu lain.",
            en="What holds is a quota of {kept}; ask {keeper} to release the lock where it should differ.",
        ),
    )
    QUOTA_IS_LOCKED = (
        "programs.quota_is_locked",
        Text(id="Kuota bulan ini dikunci oleh lapisan di atas UPT.", en="A layer above the facility locks this quota."),
        Text(id="Minta kantor wilayah melepas kuncinya.", en="Ask the regional office to release the lock."),
    )
    NO_REASON_TO_CHOOSE = (
        "programs.no_reason_to_choose",
        Text(id="Perubahan pilihan memerlukan alasan.", en="Changing the choice needs a reason."),
        Text(
            id="Tulis alasannya, misalnya hasil kunjungan rumah.",
            en="Write it down, for example what the visit showed.",
        ),
    )
    PROPOSAL_RETURNED = (
        "programs.proposal_returned",
        Text(
            id="Usulan ini sudah dikembalikan oleh {name}: {reason}",
            en="This proposal was returned by {name}: {reason}",
        ),
        Text(
            id="Tidak ada yang diputuskan. Halaman bulan ini menunjukkan langkah berikutnya; usulan baru dibaca lagi.",
            en="Nothing was decided. The month's page shows what comes next; a new proposal is read again.",
        ),
    )
    REVIEW_BLOCKS = (
        "programs.review_blocks",
        Text(id="{findings}", en="{findings}"),
        Text(id="{remedies}", en="{remedies}"),
    )
    NO_DAY_YET = ("programs.no_day_yet", Text(id="Tanggal belum diisi.", en="The date is missing."), _FILL_IN)
    NO_PLACE_YET = ("programs.no_place_yet", Text(id="Tempat belum diisi.", en="The place is missing."), _FILL_IN)
    SETTINGS = (
        "programs.settings",
        Text(
            id="Pengaturan periode ini tidak lengkap: judul, jenis bantuan, aturan dan kriterianya harus ada.",
            en="The settings of this cycle are incomplete: they hold its title, benefit, rules and criteria.",
        ),
        REPORT_IT,
    )
    PACKAGE_LABEL = (
        "programs.package_label",
        Text(
            id="Nama baris paket ditulis dalam bahasa Indonesia dan Inggris.",
            en="The name of a package's line is in Indonesian and English.",
        ),
        REPORT_IT,
    )
    SCORE_REASONS = (
        "programs.score_reasons",
        Text(id="Alasan skor berupa poin per kriteria.", en="The reasons of a score are points by criterion."),
        REPORT_IT,
    )
    UNSIGNED_APPROVAL = (
        "programs.unsigned_approval",
        Text(id="Persetujuan mencatat siapa yang menyetujui.", en="An approval records who approved."),
        REPORT_IT,
    )
    MONEY_UNNAMED = (
        "programs.money_unnamed",
        Text(id="Baris uang dalam paket memiliki nama dan jumlah.", en="Money in a package has a name and an amount."),
        REPORT_IT,
    )

    MONTH_NOT_YET = (
        "programs.month_not_yet",
        _MONTH_NOT_YET,
        Text(
            id="Bulan pertama yang dapat dibuka: {first}. Bila {month} diperlukan, minta kantor wilayah mengaktifkannya "
            "mulai {wanted}.",
            en="The first month that can be opened is {first}. If {month} is needed, ask the regional office to activate "
            "it from {wanted}.",
        ),
    )
    NO_MONTH_YET = (
        "programs.no_month_yet",
        _MONTH_NOT_YET,
        Text(
            id="Minta kantor wilayah mengaktifkannya mulai tanggal 1.",
            en="Ask the regional office to activate it from the first of a month.",
        ),
    )

    NOT_ON_THE_LIST = (
        "programs.not_on_the_list",
        Text(
            id="Keluarga ini tidak ada pada daftar periode ini, atau di luar jangkauan Anda.",
            en="This household is not on the list of this cycle, or out of your reach.",
        ),
        Text(id="Pilih dari daftar pada halaman periode.", en="Choose one from the list on the cycle's page."),
    )

    SERVED_THIS_MONTH = (
        "programs.served_this_month",
        Text(
            id="Ada penerima yang sudah menerima bantuan bulan ini di UPT lain.",
            en="Some recipient already received this month at another facility.",
        ),
        Text(
            id="Kembalikan usulan, hitung ulang calon, lalu usulkan lagi.",
            en="Return the proposal, score again and propose anew.",
        ),
    )

    UNKNOWN_CODE = (
        "programs.unknown_code",
        Text(id="Tidak ada periode “{code}” di {place}.", en="There is no cycle “{code}” at {place}."),
        Text(
            id="Kode periode seperti 2024-11; pilih dari daftar pada halaman program.",
            en="A cycle's code is like 2024-11; choose one from the list on the programme's page.",
        ),
    )
    DAY_OF_APPROVAL = (
        "programs.day_of_approval",
        Text(id="Pada hari itu usulan ini tidak dapat disetujui.", en="This proposal cannot be approved on that day."),
        Text.same("{possible}"),
    )
    NO_DAY_OF_APPROVAL = (
        "programs.no_day_of_approval",
        Text(id="Hari persetujuannya belum diisi.", en="The day of the approval is missing."),
        Text.same("{possible}"),
    )
    PLANNED_BEFORE_APPROVAL = (
        "programs.planned_before_approval",
        Text(
            id="Penyaluran direncanakan {day}, sebelum hari persetujuan itu.",
            en="The distribution is planned for {day}, before that day of approval.",
        ),
        Text(
            id="Setujui paling akhir pada hari penyalurannya, atau tetapkan dahulu hari penyaluran yang lain.",
            en="Approve no later than the day of the distribution, or plan another day first.",
        ),
    )
    DAY_BEFORE_APPROVAL = (
        "programs.day_before_approval",
        Text(
            id="Hari penyaluran tidak dapat mendahului persetujuan daftarnya.",
            en="The day of a distribution cannot come before the approval of its list.",
        ),
        EARLIEST_DAY,
    )
    NO_DAY_OF_PROPOSAL = (
        "programs.no_day_of_proposal",
        Text(id="Hari usulannya belum diisi.", en="The day of the proposal is missing."),
        Text.same("{possible}"),
    )
    DAY_OF_PROPOSAL = (
        "programs.day_of_proposal",
        Text(id="Pada hari itu bulan ini tidak dapat diusulkan.", en="This month cannot be proposed on that day."),
        Text.same("{possible}"),
    )
    BEFORE_LIST = (
        "programs.before_list",
        Text(
            id="Usulan tidak dapat mendahului daftar yang diusulkan.",
            en="A proposal cannot come before the list that it proposes.",
        ),
        EARLIEST_DAY,
    )
    PROPOSED_TOO_EARLY = (
        "programs.proposed_on_a_day_to_come",
        Text(id="Hari usulannya belum tiba.", en="The day of the proposal has not come yet."),
        Text(id="Isi hari ini atau hari sebelumnya.", en="Enter today or an earlier day."),
    )
    NO_DAY_OF_ABSENCE = (
        "programs.no_day_of_absence",
        Text(id="Hari tidak hadirnya belum diisi.", en="The day of the absence is missing."),
        Text.same("{possible}"),
    )
    DAY_OF_ABSENCE = (
        "programs.day_of_absence",
        Text(id="Pada hari itu tidak ada yang dapat tidak hadir.", en="Nobody can have been absent on that day."),
        Text.same("{possible}"),
    )
    ABSENT_ON_DAY_TO_COME = (
        "programs.absent_on_a_day_to_come",
        Text(id="Hari tidak hadirnya belum tiba.", en="The day of the absence has not come yet."),
        Text(id="Isi hari ini atau hari sebelumnya.", en="Enter today or an earlier day."),
    )
    DAY_OUTSIDE = (
        "programs.day_outside",
        Text(
            id="Hari penyaluran {month} terletak antara {first} dan {last}.",
            en="The distribution of {month} lies between {first} and {last}.",
        ),
        Text(id="Periksa bulan dan tahunnya.", en="Check the month and the year."),
    )
    DAY_FAR_FROM_MONTH = (
        "programs.day_far_from_month",
        Text(
            id="Hari penyaluran terletak di antara awal bulannya dan enam bulan sesudahnya.",
            en="The day of a distribution lies between the beginning of its month and six months later.",
        ),
        Text(id="Periksa bulan dan tahunnya.", en="Check the month and the year."),
    )
    ABSENT_WITHOUT_REASON = (
        "programs.absent_without_reason",
        Text(id="Ketidakhadiran memerlukan alasan.", en="An absence needs a reason."),
        Text(id="Tulis mengapa mereka tidak datang.", en="Write down why they did not come."),
    )
    ABSENT_WITHOUT_DAY = (
        "programs.absent_without_day",
        Text(id="Ketidakhadiran memerlukan harinya.", en="An absence needs its day."),
        Text(id="Isi hari penyaluran yang tidak dihadiri.", en="Enter the day of the distribution that was missed."),
    )
    CODE_TWICE = (
        "programs.code_twice",
        Text(id="Kode periode ini sudah dipakai di UPT ini.", en="Another cycle here has this code."),
        Text(id="Buka periode yang sudah ada.", en="Go to the existing cycle."),
    )
    CODE_UNUSABLE = (
        "programs.code_unusable",
        Text(
            id="Kode periode dimulai dengan bulannya, seperti 2024-11.",
            en="A cycle's code begins with its month, like 2024-11.",
        ),
        REPORT_IT,
    )


_BEFORE = {
    "before_the_month": Text(
        id="Penyerahan tidak dapat terjadi sebelum bulannya mulai", en="No hand-over comes before its month begins"
    ),
    "before_approval": Text(
        id="Penyerahan tidak dapat terjadi sebelum daftarnya disetujui",
        en="No hand-over comes before its list is approved",
    ),
    "before_the_goods": Text(
        id="Penyerahan tidak dapat terjadi sebelum barangnya datang", en="No hand-over comes before its goods have come"
    ),
}
_TO_COME = {
    "proposal": ProgramsRefusal.PROPOSED_TOO_EARLY,
    "absence": ProgramsRefusal.ABSENT_ON_DAY_TO_COME,
}


def _wrong_day(violation: Violation) -> Refusal:
    """Returns what is said of the day of a step or of a hand-over; of all other acts the books speak."""
    day = WrongDay.of(violation)
    if day.word == "day_to_come" and day.kind == "hand_over":
        return day.refused(ProgramsRefusal.MOMENT_TO_COME)
    if day.word == "day_to_come" and day.kind in _TO_COME:
        return _TO_COME[day.kind].refusal()
    if day.word == "before_the_planned_day" and day.earliest is not None:
        return ProgramsRefusal.ABSENT_TOO_EARLY.refusal(day=day.earliest)
    if day.word == "before_the_list" and day.earliest is not None:
        return day.refused(ProgramsRefusal.BEFORE_LIST, day=day.earliest)
    if day.word == "planned_before_approval" and day.earliest is not None:
        return day.refused(ProgramsRefusal.DAY_BEFORE_APPROVAL, day=day.earliest)
    if day.word == "before_proposal" and day.earliest is not None:
        return day.refused(ProgramsRefusal.BEFORE_PROPOSAL, day=day.earliest)
    if day.word in _BEFORE and day.kind == "start" and day.earliest is not None:
        return day.refused(ProgramsRefusal.MONTH_NOT_BEGUN, day=day.earliest)
    if day.word in _BEFORE and day.kind in ("hand_over", "absence") and day.earliest is not None:
        return day.refused(ProgramsRefusal.MOMENT, before=_BEFORE[day.word], moment=day.earliest)
    return funds.wrong_day(violation)


def _already_served(violation: Violation) -> Refusal:
    places = sorted({entry["facility"] for entry in json.loads(violation.detail)})
    return ProgramsRefusal.ALREADY_SERVED.refusal(places=", ".join(places))


DATABASE = DatabaseRefusals(
    constraints={
        "day_near_its_month": ProgramsRefusal.DAY_FAR_FROM_MONTH,
        "absence_has_its_day": ProgramsRefusal.ABSENT_WITHOUT_DAY,
        "absence_has_a_reason": ProgramsRefusal.ABSENT_WITHOUT_REASON,
        "cycle_code_once": ProgramsRefusal.CODE_TWICE,
        "cycle_code": ProgramsRefusal.CODE_UNUSABLE,
        "one_benefit_a_month": ProgramsRefusal.SERVED_THIS_MONTH,
        "handed_over_once": ProgramsRefusal.ALREADY_HANDED_OVER,
        "not_due_with_a_reason": ProgramsRefusal.OPENED_WITHOUT_REASON,
        "opening_reason_says_something": DbRefusal.BLANK,
        "one_cycle_a_month": ProgramsRefusal.CYCLE_EXISTS,
        "one_benefit_per_household": ProgramsRefusal.HOUSEHOLD_TWICE,
        "packages_reason_length": DbRefusal.TOO_LONG,
        "package_reason_length": DbRefusal.TOO_LONG,
        "package_reason_says_something": DbRefusal.BLANK,
        "only_goods_are_added": ProgramsRefusal.NOT_ADDED_GOODS,
        "packages_reason_says_something": DbRefusal.BLANK,
        "witness_is_another": ProgramsRefusal.WITNESS_HANDS_OVER,
        "witness_named": ProgramsRefusal.WITNESS_UNNAMED,
        "proxy_has_letter": ProgramsRefusal.PROXY,
        "replaced_with_a_reason": ProgramsRefusal.NO_REASON_TO_REPLACE,
        "confirmed_by_another": ProgramsRefusal.SELF_APPROVAL,
        "decided_whole": ProgramsRefusal.REPLACEMENT_DECIDED,
        "replaced_once": ProgramsRefusal.REPLACED_ALREADY,
        "reserve_once": ProgramsRefusal.REPLACED_ALREADY,
        "withdrawn_with_a_reason": ProgramsRefusal.NO_REASON_TO_WITHDRAW,
        "entitlement_state_check": ProgramsRefusal.FROZEN,
        "corrected_with_a_reason": ProgramsRefusal.NO_REASON_TO_CORRECT,
        "corrected_once": ProgramsRefusal.PROPOSAL_CHANGED,
        "names_what_it_corrects": ProgramsRefusal.NOT_OF_THIS_MONTH,
        "first_approved_once": ProgramsRefusal.SECOND_APPROVER,
        "withdrawn_once": ProgramsRefusal.PROPOSAL_CHANGED,
        "approver_is_another": ProgramsRefusal.SELF_APPROVAL,
        "approved_by_a_person": ProgramsRefusal.UNSIGNED_APPROVAL,
        "cycle_settings": ProgramsRefusal.SETTINGS,
        "package_label": ProgramsRefusal.PACKAGE_LABEL,
        "money_is_called": ProgramsRefusal.MONEY_UNNAMED,
        "score_reasons": ProgramsRefusal.SCORE_REASONS,
    },
    states={
        "GU003": saying(ProgramsRefusal.STEP),
        ("GU003", "not_closed"): saying(ProgramsRefusal.NOT_CLOSED),
        ("GU003", "not_of_this_month"): saying(ProgramsRefusal.NOT_OF_THIS_MONTH),
        ("GU003", "not_received"): saying(ProgramsRefusal.NOT_RECEIVED),
        ("GU003", "not_missing"): saying(ProgramsRefusal.NOT_MISSING),
        ("GU003", "needs_second_approver"): saying(ProgramsRefusal.SECOND_APPROVER),
        ("GU003", "addition_needs_approver"): saying(ProgramsRefusal.ADDITION_NEEDS_APPROVERS),
        ("GU003", "tolerance_needs_approver"): saying(ProgramsRefusal.TOLERANCE_NEEDS_APPROVERS),
        ("GU003", "not_waiting"): saying(ProgramsRefusal.NOT_WAITING),
        ("GU003", "no_reserve"): saying(ProgramsRefusal.NO_RESERVE),
        ("GU003", "not_the_next_reserve"): saying(ProgramsRefusal.NOT_WAITING),
        ("GU003", "reserve_gone"): saying(ProgramsRefusal.RESERVE_GONE),
        ("GU003", "after_hand_over"): saying(ProgramsRefusal.WITHDRAWN_AFTER_HAND_OVER),
        ("GU003", "after_purchase"): saying(ProgramsRefusal.WITHDRAWN_AFTER_PURCHASE),
        "GU006": saying(ProgramsRefusal.FROZEN),
        ("GU006", "package_locked"): saying(ProgramsRefusal.PACKAGE_LOCKED),
        ("GU006", "packages_as_registered"): saying(ProgramsRefusal.PACKAGES_AS_REGISTERED),
        ("GU006", "household_as_registered"): saying(ProgramsRefusal.HOUSEHOLD_AS_REGISTERED),
        ("GU006", "packages_need_a_reason"): saying(ProgramsRefusal.NO_REASON_FOR_PACKAGES),
        ("GU006", "quota_locked"): saying(ProgramsRefusal.QUOTA_IS_LOCKED),
        "GU008": _already_served,
        "GU022": saying(ProgramsRefusal.PROPOSAL_CHANGED),
        ("GU021", "day_to_come"): _wrong_day,
        ("GU021", "before_the_month"): _wrong_day,
        ("GU021", "before_approval"): _wrong_day,
        ("GU021", "before_the_goods"): _wrong_day,
        ("GU021", "before_proposal"): _wrong_day,
        ("GU021", "before_the_planned_day"): _wrong_day,
        ("GU021", "before_the_list"): _wrong_day,
        ("GU021", "planned_before_approval"): _wrong_day,
    },
)
