from pathlib import Path

from guyub_canteen_profit.config import CanteenConfig
from guyub_canteen_profit.receipts import MonthlyStatement

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_readme_explains_every_setting_and_every_field_of_the_receipt():
    documented = {line.split("`")[1] for line in README.splitlines() if line.startswith("| `")}
    assert documented == {*CanteenConfig.model_fields, *MonthlyStatement.model_fields}
