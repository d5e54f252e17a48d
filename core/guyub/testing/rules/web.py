"""Rules of pages as they are declared and written: permissions, links, templates, both languages."""

import ast
import re
from collections.abc import Iterator

from jinja2 import nodes

from guyub.testing.pages import leads_somewhere, routes, templates
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import Violation, rule
from guyub.testing.source_reading import calls, constant

_WITH_PATHS = frozenset({"Card", "Panel", "AttentionItem"})


@rule(
    "WEB001",
    "Every route and every report names a permission.",
    why="A page without one would be open to everybody who can sign in; the host does not mount it.",
    fix='give it permission="<slug>.<word>"',
)
def permission_of_routes(specimen: PluginUnderTest) -> Iterator[Violation]:
    for route in routes(specimen.plugin):
        if not route.permission:
            yield Violation(f"{route.method} {route.path} names no permission", specimen.function(route.handler))
    for report in specimen.plugin.reports:
        if not getattr(report, "permission", ""):
            yield Violation(f"the report {report.key} names no permission", specimen.member(type(report)))


@rule(
    "WEB004",
    "Every menu entry's path is that of a GET route of the plugin.",
    why="The menu is the same for all pages; an entry that leads nowhere is met every day.",
    fix="fix the path, or add the route",
)
def menu_leads_somewhere(specimen: PluginUnderTest) -> Iterator[Violation]:
    for entry in specimen.plugin.nav:
        if not leads_somewhere(specimen.plugin, entry.path):
            yield Violation(f"the menu leads to {entry.path}, where no page is", specimen.attribute("nav"))


@rule(
    "WEB005",
    "Every redirect, card, panel and reminder with a fixed path leads to a GET route of the plugin.",
    why="The reader is sent to a page that says “not found” after something that worked.",
    fix="fix the path, or add the route",
)
def links_lead_somewhere(specimen: PluginUnderTest) -> Iterator[Violation]:
    for source in specimen.sources:
        for node, name in calls(source.tree):
            last = name.rpartition(".")[2]
            argument = node.args[0] if last == "redirect" and node.args else None
            if last in _WITH_PATHS:
                argument = next((keyword.value for keyword in node.keywords if keyword.arg == "path"), None)
            path = constant(argument)
            if path and not leads_somewhere(specimen.plugin, path):
                yield Violation(f"{last} leads to {path}, where no page is", source.at(node))


@rule(
    "WEB006",
    "No template has a style or on… attribute, a <style>, or a <script> with code in it.",
    why="The content-security policy refuses them: the page would show without them.",
    fix="use the components ui.* and field.*, and a file in static/ for the rest",
)
def no_inline_code(specimen: PluginUnderTest) -> Iterator[Violation]:
    for template in templates(specimen):
        for tag in template.html.tags:
            names = {name for name, _ in tag.attributes}
            if tag.name == "style" or (tag.name == "script" and "src" not in names):
                yield Violation(f"a <{tag.name}> stands in the page", template.at(tag.line))
            for name in sorted(names):
                if name == "style" or name.startswith("on"):
                    yield Violation(f"<{tag.name}> has an attribute {name}", template.at(tag.line))
            if any(value.strip().lower().startswith("javascript:") for _, value in tag.attributes):
                yield Violation(f"<{tag.name}> runs a script", template.at(tag.line))


@rule(
    "WEB007",
    "No template loads a script, style, font, frame or picture from another server.",
    why="Facilities work without internet, the content-security policy refuses it, and it tells others who reads what.",
    fix="put the file into static/ of the plugin and name it with static(…)",
)
def nothing_foreign(specimen: PluginUnderTest) -> Iterator[Violation]:
    for template in templates(specimen):
        for tag in template.html.tags:
            for name, value in tag.attributes:
                loads = name in ("src", "srcset", "poster", "data") or (name == "href" and tag.name == "link")
                if loads and value.strip().lower().startswith(("http:", "https:", "//")):
                    yield Violation(f"<{tag.name}> loads {value}", template.at(tag.line))


@rule(
    "WEB008",
    'All words of a template stand in t("Indonesia", "English"), with something in both.',
    why="A page that is half in another language looks broken, and its reader cannot tell what was said.",
    fix='write {{ t("…", "…") }} where the words stand',
)
def templates_speak_both(specimen: PluginUnderTest) -> Iterator[Violation]:
    for template in templates(specimen):
        for words, line in template.html.words:
            yield Violation(f"“{words:.40}” stands in one language", template.at(line))
        for tag in template.html.tags:
            for name, value in tag.attributes:
                if name in ("title", "placeholder", "aria-label", "alt") and value.strip():
                    yield Violation(f"{name}=“{value:.40}” stands in one language", template.at(tag.line))
        for call in template.calls():
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                sentences = [arg.value.strip() for arg in call.args if isinstance(arg, nodes.Const)]
                if len(call.args) not in (2, 3) or not all(sentences):
                    yield Violation("t() has not both languages", template.at(call.lineno))


@rule(
    "WEB009",
    "Every Text has something in Indonesian and in English, with the same {placeholders}.",
    why="A placeholder that only one language has is an error page to the readers of the other.",
    fix="write Text(id=…, en=…) with both sentences and the same names in braces",
)
def texts_speak_both(specimen: PluginUnderTest) -> Iterator[Violation]:
    for source in specimen.sources:
        for node, name in calls(source.tree):
            if name.rpartition(".")[2] == "Text":
                wrong = _wrong_text(node)
                if wrong:
                    yield Violation(wrong, source.at(node))


def _wrong_text(node: ast.Call) -> str:
    named = dict(zip(("id", "en"), node.args, strict=False)) | {
        keyword.arg or "": keyword.value for keyword in node.keywords
    }
    if not {"id", "en"} <= named.keys():
        return "a Text has one language"
    sentences = {lang: constant(named[lang]) for lang in ("id", "en")}
    empty = [lang for lang, sentence in sentences.items() if sentence is not None and not sentence.strip()]
    if empty and len(empty) < 2:
        return f"a Text says nothing in “{empty[0]}”"
    if sentences["id"] is None or sentences["en"] is None:
        return ""
    own, other = ({*re.findall(r"{(\w+)", sentence)} for sentence in (sentences["id"], sentences["en"]))
    if own != other:
        return f"only one language has {', '.join(sorted(own ^ other))}"
    unknown = {*re.findall(r"{(\w+)", constant(named.get("en_one")) or "")} - other
    return f"en_one has {', '.join(sorted(unknown))}, which en has not" if unknown else ""


@rule(
    "WEB011",
    "Every template that a handler names lies in templates/ and is Jinja that parses.",
    why="Otherwise the page is an error page, and only for who opens it.",
    fix="fix the name or the template; names are those below templates/, without the slug",
)
def templates_are_there(specimen: PluginUnderTest) -> Iterator[Violation]:
    folder = specimen.package / "templates"
    for source in specimen.sources:
        for node, name in calls(source.tree):
            if name.endswith("visit.page") or name == "HouseholdPage":
                template = constant(node.args[0]) if node.args else None
                if template and not (folder / template).is_file():
                    yield Violation(f"there is no templates/{template}", source.at(node))
    for plugin_template in templates(specimen):
        if plugin_template.syntax_error:
            yield Violation(
                f"it is no Jinja: {plugin_template.syntax_error[0]}",
                plugin_template.at(plugin_template.syntax_error[1]),
            )


@rule(
    "WEB012",
    "A form that posts carries the token of its page: made with field.form, or with csrf_token in it.",
    why="A form without it is refused; the token is what keeps other sites from sending it in the reader's name.",
    fix="write {{ field.form(entry) }} or {% call field.form(path, problems) %}",
)
def protected_forms(specimen: PluginUnderTest) -> Iterator[Violation]:
    for template in templates(specimen):
        for tag in template.html.tags:
            posts = tag.name == "form" and dict(tag.attributes).get("method", "").lower() == "post"
            if posts and "csrf_token" not in template.text:
                yield Violation("a form posts without the token", template.at(tag.line))


@rule(
    "WEB014",
    "Nothing is marked as safe HTML: no filter `safe`, no Markup, no autoescape switched off.",
    why="A name with a tag in it would become part of the page, and run in the browser of an officer.",
    fix="let Jinja escape it, and build the page from components",
)
def values_escaped(specimen: PluginUnderTest) -> Iterator[Violation]:
    for template in templates(specimen):
        for template_filter in template.filters():
            if template_filter.name == "safe":
                yield Violation("a value is marked safe", template.at(template_filter.lineno))
        if line := template.unescaped():
            yield Violation("autoescape is switched off", template.at(line))
    for source in specimen.sources:
        for node, name in calls(source.tree):
            if name.rpartition(".")[2] == "Markup":
                yield Violation("a string becomes HTML by Markup", source.at(node))


@rule(
    "WEB016",
    "A report has columns with keys of their own and titles in both languages; only numbers are added up.",
    why="The core shows, totals and exports it by them.",
    fix="give every column a key of its own and a Text, and total=True to amounts alone",
)
def report_columns(specimen: PluginUnderTest) -> Iterator[Violation]:
    for report in specimen.plugin.reports:
        place = specimen.member(type(report), "columns")
        keys = [column.key for column in report.columns]
        if not keys or len(keys) != len(set(keys)):
            yield Violation(f"the report {report.key} has no column, or one key twice", place)
        for column in report.columns:
            if not column.title.id or not column.title.en:
                yield Violation(f"the column {column.key} of {report.key} has no title", place)
            if column.total and column.kind in ("text", "date"):
                yield Violation(f"the column {column.key} of {report.key} is {column.kind} and added up", place)
