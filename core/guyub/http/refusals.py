"""The refusals of handlers before any room is asked: a region out of reach, a table that a page has not."""

from guyub.db.refusal_codes import RefusalCode
from guyub.sdk.text import Text


class HttpRefusal(RefusalCode):
    PURPOSE_NO_FILE = (
        "access.purpose_no_file",
        Text(
            id="Akses dengan tujuan hanya untuk membaca: tabelnya tidak dapat diunduh sebagai berkas.",
            en="Access for a purpose is for reading only: its tables cannot be taken as files.",
        ),
        Text(
            id="Baca pada halamannya, atau minta berkasnya kepada UPT yang bersangkutan.",
            en="Read them on the page, or ask the facility for the file.",
        ),
    )
    NOT_MATCHING = (
        "web.not_matching",
        Text(id="Yang Anda baca sudah berubah.", en="What you read has changed since."),
        Text(
            id="Baca lagi dengan GET, lalu kirim dengan `ETag` yang baru sebagai `If-Match`.",
            en="Read it again with GET, then send with its new `ETag` as `If-Match`.",
        ),
    )
    NOT_SIGNED_IN = (
        "access.not_signed_in",
        Text(id="Anda belum masuk.", en="You are not signed in."),
        Text(id="Silakan masuk.", en="Please sign in."),
    )
    REGION_OUT_OF_REACH = (
        "access.unknown_region",
        Text(
            id="Tidak ada kantor wilayah “{region}” dalam jangkauan Anda.",
            en="There is no region “{region}” within your reach.",
        ),
        Text(id="Pilih wilayah dari beranda Anda.", en="Choose a region from your home page."),
    )
    NO_TABLE = (
        "web.no_table",
        Text(id="Halaman ini tidak memiliki tabel “{name}”.", en="This page has no table “{name}”."),
        Text(
            id="Buka halamannya, lalu pilih CSV, XLSX atau JSON di bawah tabel.",
            en="Open the page, then choose CSV, XLSX or JSON below the table.",
        ),
    )
