from pathlib import Path

from guyub_csr_funding.config import CsrConfig
from guyub_csr_funding.receipts import CsrCash, CsrGoods, GoodsLine

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_readme_explains_every_setting_and_every_field_of_the_receipts():
    documented = {line.split("`")[1] for line in README.splitlines() if line.startswith("| `")}
    line_fields = {f"lines.{name}" for name in GoodsLine.model_fields}
    assert documented == {*CsrConfig.model_fields, *CsrCash.model_fields, *CsrGoods.model_fields, *line_fields}
