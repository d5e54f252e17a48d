"""What a form sends: signs that nobody types are left out, all others come through."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from guyub.http.forms import FormInput

app = FastAPI()


@app.post("/")
def echo(form: FormInput) -> dict[str, str]:
    return {name: str(value) for name, value in form.items()}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Saksi\x07 Contoh", "Saksi Contoh"),
        ("a\x00b\x1b[0m\x7f\x85", "ab[0m"),
        ("baris satu\nbaris\tdua", "baris satu\nbaris\tdua"),
        ("😀 ꦱꦶꦠꦶ 孟子 שלום é \u202e", "😀 ꦱꦶꦠꦶ 孟子 שלום é \u202e"),
    ],
)
def test_control_signs_end_at_the_door_and_every_script_comes_through(typed: str, read: str):
    assert TestClient(app).post("/", data={"name": typed, "_secret": "name"}).json() == {"name": read}
