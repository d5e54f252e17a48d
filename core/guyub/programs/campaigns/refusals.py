"""The refusals of campaigns: what they bind, and when they come too late."""

import json

from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import Answer, DatabaseRefusals, Violation, saying
from guyub.sdk.errors import Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text

_RELOAD = Text(id="Muat ulang halaman untuk melihat keadaan terkini.", en="Reload the page to see the present state.")


class CampaignsRefusal(RefusalCode):
    CAMPAIGN_CANCELLED = (
        "programs.campaign_cancelled",
        Text(id="Perintah ini sudah dibatalkan.", en="This campaign is cancelled already."),
        Text(id="Tidak perlu dibatalkan lagi.", en="It need not be cancelled again."),
    )
    CAMPAIGN_DAY_OVER = (
        "programs.campaign_day_over",
        Text(id="Hari penyaluran itu sudah lewat.", en="That day of the distribution is over."),
        Text(id="Pilih hari ini atau sesudahnya.", en="Choose today or a later day."),
    )
    CAMPAIGN_KIND = (
        "programs.campaign_kind",
        Text(id="Program belum dipilih.", en="No programme is selected."),
        Text(id="Pilih satu.", en="Choose one."),
    )
    CAMPAIGN_MOVED = (
        "programs.campaign_moved",
        Text(
            id="Keadaan UPT berubah sejak pratinjau Anda. Belum ada yang diubah.",
            en="The facilities have moved since your preview. Nothing was changed.",
        ),
        Text(id="Buat pratinjau sekali lagi, lalu terbitkan.", en="Preview once more, then launch the campaign."),
    )
    CAMPAIGN_NO_DAY = (
        "programs.campaign_no_day",
        Text(id="Hari penyaluran belum diisi.", en="The day of the distribution is missing."),
        Text(id="Pilih hari ini atau sesudahnya.", en="Choose today or a later day."),
    )
    CAMPAIGN_NO_FACILITY = (
        "programs.campaign_no_facility",
        Text(id="Belum ada UPT yang dipilih.", en="No facility is selected."),
        Text(id="Centang sedikitnya satu UPT.", en="Tick at least one."),
    )
    CAMPAIGN_QUOTA = (
        "programs.campaign_quota",
        Text(id="Kuota untuk {name} belum diisi dengan angka.", en="The quota of {name} is no number."),
        Text(
            id="Isi kuota untuk semua UPT, atau pada baris UPT itu.",
            en="Give a quota for all, or one on the line of that facility.",
        ),
    )
    CAMPAIGN_STANDS = (
        "programs.campaign_stands",
        Text(
            id="Perintah dengan judul ini sudah berlaku untuk bulan itu, dengan hari, tema atau batas nilai lain.",
            en="A campaign of this title exists for that month, with another day, theme or ceiling.",
        ),
        Text(
            id="Batalkan perintah itu dahulu, atau beri judul lain.",
            en="Cancel that one first, or give this one another title.",
        ),
    )
    CAMPAIGN_THEME = (
        "programs.campaign_theme",
        Text(
            id="Program kementerian itu tidak berlaku pada hari penyaluran.",
            en="The ministry's programme is not in force on the day of the distribution.",
        ),
        Text(id="Pilih yang berlaku pada hari itu, atau Tanpa.", en="Choose one that is in force then, or none."),
    )
    CAMPAIGN_TITLE = (
        "programs.campaign_title",
        Text(id="Judul perintah harus 3 sampai 160 huruf.", en="The title takes 3 to 160 letters."),
        Text(id="Tulis judul yang dikenali UPT.", en="Write one that the facilities will know."),
    )
    CAMPAIGN_UNKNOWN_FACILITY = (
        "programs.campaign_unknown_facility",
        Text(id="Bukan UPT wilayah ini: {codes}.", en="No facility of this region: {codes}."),
        Text(id="Pilih dari daftar UPT.", en="Choose from the list of facilities."),
    )
    UNKNOWN_CAMPAIGN = (
        "programs.unknown_campaign",
        Text(id="Perintah ini tidak ada di wilayah ini.", en="There is no such campaign in this region."),
        Text(id="Pilih dari daftar perintah.", en="Choose one from the list of campaigns."),
    )
    NO_REASON = (
        "programs.campaign_no_reason",
        Text(id="Alasan belum diisi.", en="The reason is missing."),
        Text(id="Tulis alasannya; UPT dapat membacanya.", en="Write it down; the facilities can read it."),
    )
    STANDING_QUOTA = (
        "programs.standing_quota",
        Text(
            id="Perintah kantor wilayah menetapkan kuota {detail} paket di UPT ini.",
            en="The regional office's campaign sets a quota of {detail} packages here.",
            en_one="The regional office's campaign sets a quota of {detail} package here.",
        ),
        Text(
            id="Kurangi keluarga yang dipilih, atau minta kantor wilayah mengubah perintahnya.",
            en="Choose fewer households, or ask the regional office for another campaign.",
        ),
    )
    STANDING_CEILING = (
        "programs.standing_ceiling",
        Text(
            id="Paket lebih mahal daripada batas perintah kantor wilayah, {detail} untuk satu keluarga.",
            en="The package is dearer than the regional office's campaign allows: {detail} for one household.",
        ),
        Text(
            id="Kurangi isi paket pada pengaturan program, atau minta kantor wilayah menaikkan batasnya dengan perintah baru.",
            en="Give less in the programme's settings, or ask the regional office for a new campaign with a higher ceiling.",
        ),
    )
    CAMPAIGN_STOCK = (
        "programs.campaign_stock",
        Text(
            id="Barang yang tersedia membuat paket {value} untuk satu keluarga, di atas batas perintah kantor wilayah {ceiling}. "
            "Penyebabnya {item}: paling tinggi {most} per {unit}.",
            en="The goods in stock make a package of {value} for one household, above the ceiling of the regional office's "
            "campaign, {ceiling}. The cause is {item}: at most {most} per {unit}.",
        ),
        Text(
            id="Kembalikan usulan ke tahap rencana, lalu lepaskan dana yang barangnya mahal itu atau kurangi isi paket.",
            en="Return the proposal to planning, then leave out the fund with those dear goods, or give less.",
        ),
    )
    CAMPAIGN_SPENDING = (
        "programs.campaign_spending",
        Text(
            id="Dengan harga ini satu keluarga menerima {value}, di atas batas perintah kantor wilayah {ceiling}. "
            "Untuk {item} yang boleh dibelanjakan paling banyak {most} per {unit}.",
            en="At this price one household gets {value}, above the ceiling of the regional office's campaign, {ceiling}. "
            "What may be spent on {item} is at most {most} per {unit}.",
        ),
        Text(
            id="Cari penjual dengan harga itu. Bila tidak ada, sampaikan kepada kantor wilayah sebelum membeli.",
            en="Find a seller at that price. Where there is none, tell the regional office before buying.",
        ),
    )
    CAMPAIGN_UNDER_WAY = (
        "programs.campaign_under_way",
        Text(
            id="Sudah ada UPT yang mengusulkan penerima untuk perintah ini.",
            en="Some facility has proposed its recipients for this campaign already.",
        ),
        Text(
            id="Minta UPT tersebut mengembalikan usulannya ke tahap rencana terlebih dahulu.",
            en="Have that facility return its proposal to planning first.",
        ),
    )
    STANDING_CANCELLED = (
        "programs.standing_cancelled",
        Text(id="Perintah ini sudah dibatalkan.", en="This campaign has been cancelled."),
        _RELOAD,
    )
    CAMPAIGN_TO_CLOSED = (
        "programs.campaign_to_closed",
        Text(
            id="UPT ini sudah ditutup pada hari penyaluran.",
            en="This facility is closed by the day of the distribution.",
        ),
        Text(id="Lepaskan UPT itu dari perintah.", en="Leave that facility out of the campaign."),
    )
    CAMPAIGN_HOLDS = (
        "programs.campaign_holds",
        Text(
            id="Bulan ini terikat pada perintah kantor wilayah.",
            en="This month is bound by a campaign of the regional office.",
        ),
        Text(id="Batalkan dahulu perintah itu.", en="Cancel that campaign first."),
    )
    CAMPAIGN_OF_ANOTHER_MONTH = (
        "programs.campaign_of_another_month",
        Text(
            id="Perintah ini bukan untuk program dan bulan itu.",
            en="This campaign is not for that programme and month.",
        ),
        _RELOAD,
    )
    CAMPAIGN_TOO_LATE = (
        "programs.campaign_too_late",
        Text(id="Bulan ini sudah melewati tahap rencana.", en="This month is beyond planning."),
        Text(id="Lepaskan UPT itu dari perintah.", en="Leave that facility out of the campaign."),
    )
    CAMPAIGN_NOWHERE = (
        "programs.campaign_nowhere",
        Text(
            id="Perintah ini tidak dapat dilaksanakan di UPT mana pun.", en="This campaign can be carried out nowhere."
        ),
        Text(id="{reasons} Perbaiki pilihannya.", en="{reasons} Choose anew."),
    )
    QUOTA_OUTSIDE = (
        "programs.campaign_quota_outside",
        Text(id="Kuota harus 1 sampai {most} paket.", en="A quota is 1 to {most} packages."),
        Text(id="Perbaiki kuotanya.", en="Fix the quota."),
    )
    CEILING_OUTSIDE = (
        "programs.campaign_ceiling_outside",
        Text(id="Batas nilai paket harus Rp1 sampai {most}.", en="The ceiling is Rp1 to {most}."),
        Text(id="Kosongkan bila tidak ada batas.", en="Leave it empty where there is none."),
    )
    DAY_OUTSIDE_MONTH = (
        "programs.campaign_day_outside_month",
        Text(
            id="Hari penyaluran sebuah perintah berada di bulannya sendiri.",
            en="The distribution day of a campaign lies in its own month.",
        ),
        Text(id="Perbaiki harinya.", en="Fix the day."),
    )
    CANCELLED_WITHOUT_REASON = (
        "programs.campaign_cancelled_without_reason",
        Text(id="Perintah dibatalkan dengan alasan.", en="A campaign is cancelled with a reason."),
        Text(id="Tulis alasannya.", en="Write the reason."),
    )
    BOUND_TO_ANOTHER = (
        "programs.bound_to_another_campaign",
        Text(
            id="Bulan ini bukan bulan UPT yang menerima perintah itu.",
            en="This month is not of a facility that takes part in that campaign.",
        ),
        _RELOAD,
    )

    CEILING_UNUSABLE = (
        "programs.campaign_ceiling_unusable",
        Text(
            id="Batas nilai paket harus berupa rupiah di atas nol.", en="A ceiling is an amount of rupiah above zero."
        ),
        Text(id="Perbaiki batasnya, atau kosongkan.", en="Fix it, or leave it empty."),
    )
    QUOTA_UNUSABLE = (
        "programs.campaign_quota_unusable",
        Text(id="Kuota sebuah UPT paling sedikit satu paket.", en="The quota of a facility is at least one package."),
        Text(id="Perbaiki kuotanya.", en="Fix the quota."),
    )

    SAME_CAMPAIGN = (
        "programs.same_campaign",
        Text(
            id="Perintah dengan judul ini sudah berlaku untuk bulan itu.",
            en="A campaign of this title exists for that month.",
        ),
        Text(id="Beri judul lain, atau batalkan yang lama.", en="Give another title, or cancel the former one."),
    )
    TWO_MONTHS = (
        "programs.two_months_of_a_campaign",
        Text(id="Satu perintah mengikat satu bulan di setiap UPT.", en="A campaign binds one month at each facility."),
        _RELOAD,
    )


def _ceiling(violation: Violation) -> Refusal:
    return CampaignsRefusal.STANDING_CEILING.refusal(detail=format_rupiah(int(violation.detail)))


_RUPIAH = ("ceiling", "value", "most")


def _dear(code: CampaignsRefusal) -> Answer:
    def answer(violation: Violation) -> Refusal:
        detail = json.loads(violation.detail)
        return code.refusal(
            **{name: format_rupiah(int(value)) if name in _RUPIAH else value for name, value in detail.items()}
        )

    return answer


DATABASE = DatabaseRefusals(
    constraints={
        "one_order": CampaignsRefusal.SAME_CAMPAIGN,
        "one_month_of_an_order": CampaignsRefusal.TWO_MONTHS,
        "campaign_has_a_title": CampaignsRefusal.CAMPAIGN_TITLE,
        "ceiling_is_money": CampaignsRefusal.CEILING_UNUSABLE,
        "campaign_quota": CampaignsRefusal.QUOTA_UNUSABLE,
        "campaign_day_in_its_month": CampaignsRefusal.DAY_OUTSIDE_MONTH,
        "campaign_cancelled_with_reason": CampaignsRefusal.CANCELLED_WITHOUT_REASON,
        "cycle_of_order": CampaignsRefusal.BOUND_TO_ANOTHER,
    },
    states={
        ("GU016", "campaign_quota"): saying(CampaignsRefusal.STANDING_QUOTA),
        ("GU016", "campaign_ceiling"): _ceiling,
        ("GU016", "campaign_stock"): _dear(CampaignsRefusal.CAMPAIGN_STOCK),
        ("GU016", "campaign_spending"): _dear(CampaignsRefusal.CAMPAIGN_SPENDING),
        ("GU016", "campaign_under_way"): saying(CampaignsRefusal.CAMPAIGN_UNDER_WAY),
        ("GU016", "campaign_cancelled"): saying(CampaignsRefusal.STANDING_CANCELLED),
        ("GU016", "campaign_to_closed"): saying(CampaignsRefusal.CAMPAIGN_TO_CLOSED),
        ("GU016", "campaign_holds"): saying(CampaignsRefusal.CAMPAIGN_HOLDS),
        ("GU016", "campaign_of_another_month"): saying(CampaignsRefusal.CAMPAIGN_OF_ANOTHER_MONTH),
        ("GU016", "campaign_too_late"): saying(CampaignsRefusal.CAMPAIGN_TOO_LATE),
    },
)
