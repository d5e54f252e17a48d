"""Rules that the host itself checks when it loads a plugin: ``guyub.plugins.declaration`` finds where they are broken."""

from guyub.testing.rule import host_rule

RULES = (
    host_rule(
        "PKG011",
        "The host accepts what the plugin declares.",
        why="Otherwise it is quarantined at the next start.",
        fix="fix the attribute that the sentence names",
    ),
    host_rule(
        "PKG012",
        "`api` is the level of the installed SDK, or the one before.",
        why="A plugin for another level is quarantined.",
        fix="bring the plugin to this level and set `api`, or leave `api` out",
    ),
    host_rule(
        "HOOK001",
        "Every method marked @hookimpl, and every one that begins with guyub_, is a hook of the API.",
        why="A misspelt hook is never called; the host quarantines its plugin.",
        fix="take a name from the reference of hooks, or one without guyub_ for a method of your own",
    ),
    host_rule(
        "HOOK002",
        "A method with the name of a hook is marked @hookimpl.",
        why="Without the mark it is never called, and nobody learns of it.",
        fix="write @hookimpl above it",
    ),
    host_rule(
        "HOOK003",
        "@hookimpl stands bare: no specname, wrapper, tryfirst, trylast or optionalhook.",
        why="Every plugin is called by itself, in the order of slugs; a wrapper would stand between the core and another plugin.",
        fix="write @hookimpl without parentheses",
    ),
    host_rule(
        "HOOK004",
        "A hook is neither async nor a generator.",
        why="The core calls it inside its own transaction and takes its answer at once.",
        fix="write `def`, and return a list",
    ),
    host_rule(
        "HOOK005",
        "A hook names arguments of its specification, those that it wants, without defaults.",
        why="The core fills what it knows by its name; an argument that it does not know would never be filled.",
        fix="name the arguments as the reference of hooks has them, and leave out what is not used",
    ),
    host_rule(
        "CONF006",
        "config_migrations holds a function for each version from 1 to config_version - 1, and no other.",
        why="Facilities keep the values of years ago; without a way to this version their plugin stands still.",
        fix="add the function from version n to n + 1 under the key n",
    ),
    host_rule(
        "CONF009",
        "Every field is of a type that a form can show.",
        why="Forms are made from the models; a plugin with another type is quarantined.",
        fix="use text, whole numbers, Rupiah, Percent, Quantity, dates, yes or no, Literal choices, or a tuple of line models",
    ),
    host_rule(
        "DATA001",
        "Every table is in the schema named as the slug.",
        why="The host protects, upgrades and purges that schema, and refuses any other.",
        fix='make them with plugin_tables("<slug>"), without a schema of their own',
    ),
    host_rule(
        "WEB002",
        "A permission's key is the slug, a point and a word; it has a title, and what it is granted with is the core's.",
        why="Roles of all plugins stand in one list; a key of another name could be taken for somebody else's.",
        fix='write Permission("<slug>.<word>", Text(id=…, en=…), granted_with="<a permission of the core>")',
    ),
    host_rule(
        "WEB003",
        "Routes, menu entries and reports name a permission that the plugin declares or the core has.",
        why="Nobody holds a permission that does not exist, so nobody would ever see the page.",
        fix="declare it in `permissions`, or fix its spelling",
    ),
    host_rule(
        "WEB010",
        "A handler is a synchronous function of exactly one argument, the visit.",
        why="It runs inside one transaction on a thread of its own; the host calls it with the visit and nothing else.",
        fix="write `def page(visit: Visit[…]) -> Answer`",
    ),
    host_rule(
        "WEB013",
        "The icon of a menu entry is one of the page frame's.",
        why="An unknown icon stops every page on which the menu stands.",
        fix="take one that the reference lists",
    ),
    host_rule(
        "WEB015",
        "A route's path begins with “/”, has plain segments or {values}, and stands there once for its method.",
        why="The second of two is never reached.",
        fix="give each route a path of its own, as /collections/{number}",
    ),
)
