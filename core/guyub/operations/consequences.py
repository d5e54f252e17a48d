"""The one place where the rooms say what a change of configuration touches there: importing it fills the register."""

from guyub.configuration import goods
from guyub.configuration.consequences import register
from guyub.funds import consequences as funds
from guyub.funds import goods_in_values, items
from guyub.programs import consequences as programs

register(programs.consequences, programs.opened_months)
register(programs.missing_approvers)
register(funds.consequences)
goods.register(items.offered, goods_in_values.wrong_goods)
