"""The refusals of the application itself: requests that no handler takes, and what nobody expected."""

from guyub.db.refusal_codes import RefusalCode
from guyub.sdk.text import Text

_WENT_WRONG = Text(
    id="Terjadi kesalahan pada aplikasi. Kode: {code}.",
    en="Something went wrong in the application. Code: {code}.",
)
_NOTHING_SAVED = Text(
    id="Tidak ada yang disimpan. Coba lagi; bila berulang, sampaikan kode itu kepada administrator.",
    en="Nothing was saved. Try again; if it goes on, give that code to your administrator.",
)
_PERHAPS_SAVED = Text(
    id="Sebagian mungkin sudah tersimpan: periksa dahulu, lalu coba lagi bila belum. Bila berulang, sampaikan kode itu kepada "
    "administrator.",
    en="A part may have been saved: look first, and try again if it was not. If it goes on, give that code to your "
    "administrator.",
)


class AppRefusal(RefusalCode):
    TOKEN_ONLY_READS = (
        "access.token_only_reads",
        Text(id="Token hanya dapat membaca. Tidak ada yang diubah.", en="A token only reads. Nothing was changed."),
        Text(
            id="Ubah melalui halaman web setelah masuk, atau melalui berkas UPT.",
            en="Change it on the pages after signing in, or through the facility files.",
        ),
    )
    ADDRESS_TOO_LONG = (
        "web.address_too_long",
        Text(id="Alamat ini terlalu panjang.", en="This address is too long."),
        Text(id="Persempit saringan atau pencariannya.", en="Narrow the filter or the search."),
    )
    CSRF = (
        "web.csrf",
        Text(
            id="Formulir ini tidak dikirim dari halaman Anda sendiri, atau halamannya sudah kedaluwarsa. Tidak ada yang diubah.",
            en="This form was not sent from your own page, or that page has expired. Nothing was changed.",
        ),
        Text(
            id="Kembali ke halaman sebelumnya, muat ulang, lalu kirim sekali lagi.",
            en="Go back to the page, reload it, and send the form again.",
        ),
    )
    OTHER_SESSION = (
        "web.other_session",
        Text(
            id="Halaman ini dibuka dalam sesi yang sudah berakhir; belum ada yang dicatat.",
            en="This page was opened in a session that has ended; nothing is recorded yet.",
        ),
        Text(
            id="Kirim lagi dari sini. Isian dicatat atas nama orang yang sekarang masuk pada peramban ini.",
            en="Send it again from here. It is recorded in the name of whoever is signed in on this browser now.",
        ),
    )
    HEADERS_TOO_LARGE = (
        "web.headers_too_large",
        Text(id="Kepala permintaan ini terlalu besar.", en="The headers of this request are too large."),
        Text(
            id="Hapus cookie situs ini pada peramban Anda, lalu buka halamannya lagi.",
            en="Delete this site's cookies in your browser, then open the page again.",
        ),
    )
    METHOD = (
        "web.method",
        Text(id="Halaman ini tidak dapat dibuka dengan cara itu.", en="This page cannot be opened in that way."),
        Text(id="Kembali ke halaman sebelumnya, lalu coba lagi.", en="Go back to the page before and try again."),
    )
    NO_JSON = (
        "web.no_json",
        Text(id="Isi permintaan ini bukan JSON yang utuh.", en="The body of this request is not valid JSON."),
        Text(
            id="Periksa tanda kutip, koma dan kurungnya, lalu kirim lagi. Tidak ada yang disimpan.",
            en="Check its quotes, commas and brackets, then send it again. Nothing was saved.",
        ),
    )
    OTHER_HOST = (
        "web.other_host",
        Text(
            id="Alamat yang dipakai bukan alamat Guyub ini.",
            en="The address that was used is not the address of this Guyub.",
        ),
        Text(
            id="Buka dengan alamat yang diberikan administrator. Administrator: sebutkan namanya dengan guyub serve --host-name.",
            en="Open it by the address that your administrator gave. Administrators: name it with guyub serve --host-name.",
        ),
    )
    NO_PAGE = (
        "web.no_page",
        Text(id="Halaman ini tidak ada.", en="There is no such page."),
        Text(
            id="Periksa alamatnya, atau mulai lagi dari beranda.",
            en="Check the address, or start again from the home page.",
        ),
    )
    NO_TEXT = (
        "web.no_text",
        Text(
            id="Permintaan ini memuat tanda \\u0000 atau setengah tanda, yang tidak dapat disimpan dalam teks mana pun.",
            en="This request holds the sign \\u0000 or half a sign, which no text can hold.",
        ),
        Text(
            id="Hapus tanda itu, lalu kirim lagi. Tidak ada yang disimpan.",
            en="Remove it, then send again. Nothing was saved.",
        ),
    )
    STATUS = (
        "web.status",
        Text(id="Permintaan ini tidak dapat dilayani ({status}).", en="This request cannot be answered ({status})."),
        Text(id="Kembali ke halaman sebelumnya, lalu coba lagi.", en="Go back to the page before and try again."),
    )
    TOO_LARGE = (
        "web.too_large",
        Text(
            id="Berkas atau isian terlalu besar: paling banyak {most} MB.",
            en="The file or form is too large: {most} MB at most.",
        ),
        Text(
            id="Perkecil berkasnya atau bagi isiannya, lalu kirim lagi. Tidak ada yang disimpan.",
            en="Make the file smaller or divide the form, and send it again. Nothing was saved.",
        ),
    )
    TOO_MANY_FIELDS = (
        "web.too_many_fields",
        Text(
            id="Formulir ini memuat terlalu banyak isian: paling banyak {most}.",
            en="This form has too many fields: {most} at most.",
        ),
        Text(
            id="Pilih lebih sedikit, lalu kirim lagi. Tidak ada yang disimpan.",
            en="Choose fewer, then send it again. Nothing was saved.",
        ),
    )
    UNREADABLE = (
        "web.unreadable",
        Text(id="Isian ini tidak dapat dibaca: {fields}.", en="These values cannot be read: {fields}."),
        Text(
            id="Periksa isian tersebut pada halaman sebelumnya, lalu kirim lagi.",
            en="Check them on the page before and send again.",
        ),
    )
    UNREADABLE_REQUEST = (
        "web.unreadable_request",
        Text(id="Permintaan ini tidak dapat dibaca.", en="This request cannot be read."),
        Text(id="Kembali ke halaman sebelumnya, lalu coba lagi.", en="Go back to the page before and try again."),
    )

    UNEXPECTED = (
        "web.unexpected",
        _WENT_WRONG,
        _NOTHING_SAVED,
    )
    UNEXPECTED_PERHAPS_SAVED = (
        "web.unexpected_perhaps_saved",
        _WENT_WRONG,
        _PERHAPS_SAVED,
    )
