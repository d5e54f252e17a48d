"""The classes that a plugin writes."""

import sys

from guyub.testing.plugin_under_test import PluginUnderTest


def own_classes(specimen: PluginUnderTest) -> list[type]:
    """Returns them in the order of modules and names, each once; classes that begin with an underscore are left out."""
    classes: dict[type, None] = {}
    for module in (specimen.module, *sorted(sys.modules)):
        if module == specimen.module or module.startswith(f"{specimen.module}."):
            for thing in vars(sys.modules[module]).values() if module in sys.modules else ():
                if isinstance(thing, type) and thing.__module__ == module and not thing.__name__.startswith("_"):
                    classes[thing] = None
    return list(classes)
