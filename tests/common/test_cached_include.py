import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.utils.safestring import mark_safe

from common.templatetags.cached_include import CSRF_PLACEHOLDER, texts_of
from practice.selectors.library import LibraryFilters


def shown(name, **values):
    return "".join(texts_of(name, tuple(values), *values.values()))


def render(source, **context):
    engine = Engine(libraries={"cached_include": "common.templatetags.cached_include"})
    return engine.from_string("{% load cached_include %}" + source).render(Context(context))


def test_other_arguments_make_another_text_and_the_same_make_it_once():
    assert ">3<" in shown("components/streak.html", days=3)
    assert ">4<" in shown("components/streak.html", days=4)
    args = ("components/streak.html", ("days",), 3)
    assert texts_of(*args) is texts_of(*args)


def test_the_template_sees_its_arguments_alone():
    page = render(
        '{% cached_include "components/app_nav.html" section=here %}', here="", section="practice"
    )

    assert "aria-current" not in page


def test_text_marked_as_safe_is_not_taken_for_the_same_text_unmarked():
    word = "<b>storage</b>"
    plain = LibraryFilters(search=word)

    assert "<b>3" in shown("components/streak.html", days=mark_safe("<b>3"))
    assert "<b>3" not in shown("components/streak.html", days="<b>3")
    assert word not in shown("practice/_library_top.html", filters=plain, categories=())


def test_each_page_gets_its_own_csrf_token():
    source = '{% cached_include "components/account_actions.html" chosen="dark" is_staff=False %}'

    pages = [render(source, csrf_token=token) for token in ("a" * 64, "b" * 64)]

    assert 'value="' + "a" * 64 in pages[0]
    assert 'value="' + "b" * 64 in pages[1]
    assert not any(CSRF_PLACEHOLDER in page for page in pages)
    assert "csrfmiddlewaretoken" not in render(source)


@pytest.mark.parametrize("value", [[1], {"a": 1}])
def test_what_could_change_under_its_key_is_refused(value):
    with pytest.raises(TypeError):
        shown("components/streak.html", days=value)


@pytest.mark.parametrize("source", ["{% cached_include %}", '{% cached_include "a.html" b %}'])
def test_a_tag_with_something_missing_does_not_compile(source):
    with pytest.raises(TemplateSyntaxError):
        render(source)


def test_while_templates_change_nothing_is_cached(settings):
    cached = texts_of("components/streak.html", ("days",), 9)
    settings.DEBUG = True

    assert texts_of("components/streak.html", ("days",), 9) == cached
    assert texts_of("components/streak.html", ("days",), 9) is not cached
