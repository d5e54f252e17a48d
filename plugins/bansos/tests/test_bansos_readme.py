from pathlib import Path

from guyub_bansos.config import BansosConfig

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_readme_explains_every_setting():
    documented = {line.split("`")[1] for line in README.splitlines() if line.startswith("| `")}
    assert documented == set(BansosConfig.model_fields)
