"""Holds what a facility or its regional office demands of a month's profit before it enters the books."""

from guyub.sdk import Config, Percent, Rupiah, Text, field


class CanteenConfig(Config):
    """Every field has a default, so that a facility may simply switch the source on."""

    share_percent: int = field(
        Text(id="Bagian keuntungan kantin paling banyak", en="Largest share of the canteen's profit"),
        help=Text(
            id="Bagian keuntungan kantin yang boleh disisihkan untuk kesejahteraan sosial.",
            en="How much of the canteen's profit may be set aside for welfare.",
        ),
        unit=Text(id="persen", en="percent"),
        default=100,
        ge=0,
        le=100,
    )
    ceiling: Rupiah | None = field(
        Text(id="Batas dana per bulan", en="Ceiling per month"),
        help=Text(
            id="Jumlah paling banyak dari satu laporan bulanan; kosong berarti tidak dibatasi.",
            en="The most that one monthly statement may bring in; empty means no limit.",
        ),
        unit=Text(id="rupiah", en="rupiah"),
        default=None,
        widget="rupiah",
    )
    incidental_percent: Percent = field(
        Text(id="Bagian untuk biaya selain barang", en="Part for costs beside goods"),
        help=Text(
            id="Bagian dana sebulan yang boleh dipakai untuk kantong, ongkos angkut, dan sejenisnya; 0 berarti tidak boleh.",
            en="The part of a month's money that may be spent on bags, transport and the like; 0 allows none.",
        ),
        unit=Text(id="persen", en="percent"),
        default=0,
    )
    basis_required: bool = field(
        Text(id="Wajib dasar tertulis", en="Written basis compulsory"),
        help=Text(
            id="Bagian kantin menyebut keputusan rapat atau pengurus koperasi; bagian bama selalu wajib.",
            en="The canteen's share names a decision of the cooperative; a food-supply margin always needs a basis.",
        ),
        default=True,
    )
    acknowledgement_required: bool = field(
        Text(id="Wajib pengakuan kantor wilayah", en="Regional acknowledgement compulsory"),
        help=Text(
            id="Keuntungan bama menyebut surat kantor wilayah; bila tidak wajib, persetujuan memberi peringatan.",
            en="A food-supply margin names the regional office's letter; where this is off, approvals warn instead.",
        ),
        default=False,
    )
