from common.markdown import render_markdown


def test_markdown_is_rendered_and_links_are_marked():
    html = render_markdown("**bold** [site](https://example.com)")

    assert "<strong>bold</strong>" in html
    assert 'rel="nofollow ugc noopener"' in html


def test_scripts_and_other_schemes_do_not_pass():
    html = render_markdown(
        "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=y>"
    )

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_headings_can_stand_below_those_of_the_page():
    html = render_markdown("# One\n\n## Two\n\n###### Six", below=1)

    assert html == "<h2>One</h2>\n<h3>Two</h3>\n<h6>Six</h6>\n"
    assert render_markdown("# One") == "<h1>One</h1>\n"


def test_one_address_is_not_multiplied():
    """25,000 characters made a page of 200 MB."""
    text = "[a]: https://example.com/" + "b" * 10_000 + "\n\n" + "[a]" * 5_000
    assert len(render_markdown(text)) < 2 * len(text)
