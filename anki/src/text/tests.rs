//! HTML of Anki and Markdown of ours, there and back.

use proptest::prelude::*;

use super::{html_from_markdown, markdown_from_html};

fn markdown(html: &str) -> String {
    markdown_from_html(html).0
}

#[test]
fn html_becomes_the_markdown_that_pages_show() {
    for (html, expected) in [
        ("a<br>b", "a\nb"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("a<div>b</div>c", "a\nb\nc"),
        ("a<div><br></div><div>b</div>", "a\n\nb"),
        ("<p>a</p><p>b", "a\n\nb"),
        ("<b>bold</b> and <i>it</i>", "**bold** and *it*"),
        ("a<b> bold </b>b", "a **bold** b"),
        ("x<b>,y</b>z", "x<b>,y</b>z"),
        ("<b>a</b><i>b</i>", "<b>a</b><i>b</i>"),
        ("H<sub>2</sub>O, Ca<sup>2+</sup>, <u>un</u>", "H<sub>2</sub>O, Ca<sup>2+</sup>, <u>un</u>"),
        ("&lt;7.35 &amp; &gt;5&nbsp;%", "<7.35 & >5 %"),
        ("&amp;lt; 2*3 * a_b _c_ `d` $5", r"\&lt; 2*3 \* a_b \_c\_ \`d\` \$5"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>d", "- a\n- b\n  - c\n\nd"),
        ("x<ol start=3><li>a</li><li>b<br>c</li></ol>", "x\n\n3. a\n4. b\n   c"),
        ("<table><tr><th>a<th>b|<tr><td>1<br>2</table>", "| a | b\\| |\n| --- | --- |\n| 1<br>2 |  |"),
        ("<h2>Title</h2>text", "## Title\n\ntext"),
        ("- a<br># b<br>1. c<br>-5<br>+ d", "\\- a\n\\# b\n1\\. c\n-5\n\\+ d"),
        ("<pre>a  *b*\n  c</pre>", "```\na  *b*\n  c\n```"),
        ("<code>a*b</code>", "`a*b`"),
        ("<img src=\"a b(1).png\" onerror=alert(1)>", "![](a%20b%281%29.png)"),
        ("<a href=\"https://x.org/a_b\" onclick=x>link</a>", "[link](https://x.org/a%5Fb)"),
        ("<a href=\"javascript:alert(1)\">link</a>", "link"),
        ("<blockquote>a<br>b</blockquote>", "> a\n> b"),
        ("a<hr>b", "a\n\n---\n\nb"),
        ("a<script>alert(1)</script>b<style>x</style>c<svg><p>d</p></svg>e<iframe src=x></iframe>", "abce"),
        ("<!-- c -->a[sound:x.mp3]b", "ab"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", r"\<script>alert(1)\</script>"),
        ("{{c1::<b>a</b>::hint}} {{c2::{{c3::x}} y}}", "{{c1::**a**::hint}} {{c2::{{c3::x}} y}}"),
        (r"\(a &lt; b\) and \[\frac{a}{b}<br>c\]", "$a < b$ and $$\\frac{a}{b}\nc$$"),
        (
            r"[latex]$x^2$[/latex] [$]a_1[/$] [$$]b[/$$] <anki-mathjax block=&quot;true&quot;>z</anki-mathjax>",
            "$x^2$ $a_1$ $$b$$ $z$",
        ),
        (r"\(a\)5 \(b\)\(c\) \(x$y\)", r"\(a\)5 \(b\)$c$ \(x$y\)"),
        (r"\(open", r"\\(open"),
        ("<b><ul><li>a</li></ul></b>", "- a"),
        ("<span style='color:red'>a</span>", "a"),
    ] {
        assert_eq!(markdown(html), expected, "{html}");
    }
}

#[test]
fn what_is_left_out_is_counted() {
    let html = "<img src=\"https://x.org/a.png\"><img src='data:image/png;base64,x'><img src=a.png>[sound:b.mp3]<script>x</script>";
    let (text, removed) = markdown_from_html(html);
    assert_eq!(text, "![](a.png)");
    assert_eq!((removed.remote_images, removed.sounds, removed.scripts), (2, 1, 1));
    assert_eq!(removed.images, ["a.png"]);
}

#[test]
fn markdown_becomes_the_html_of_a_field() {
    for (text, expected) in [
        ("a\nb\n\nc", "a<br>b<br><br>c"),
        (
            "pH <7.35 & **b** *i* ~~s~~ `x<y`",
            "pH &lt;7.35 &amp; <b>b</b> <i>i</i> <s>s</s> <code>x&lt;y</code>",
        ),
        ("H<sub>2</sub>O <script>x</script><br/>y", "H<sub>2</sub>O &lt;script&gt;x&lt;/script&gt;<br>y"),
        ("<div>\n**a**\n</div>", "&lt;div&gt;<br><b>a</b><br>&lt;/div&gt;"),
        (r"$a<b$ is \$5 and $$x\\y$$", r"\(a&lt;b\) is $5 and \[x\\y\]"),
        ("`$x$` costs $5 and $6", "<code>$x$</code> costs $5 and $6"),
        ("HLA-B*27:05*x, 5~10 ~6", "HLA-B*27:05*x, 5~10 ~6"),
        ("Text\n---\nmore", "Text<hr>more"),
        ("[a]: b\n\n[a]", "[a]: b<br><br>[a]"),
        (
            "| a | b |\n|---|---|\n| $x|y$ | c |",
            r"<table><tr><th>a</th><th>b</th></tr><tr><td>\(x|y\)</td><td>c</td></tr></table>",
        ),
        ("- a\n  1. b\n- c", "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>"),
        (
            "![alt](a%20b.png) ![x](https://e.org/x.png) [l](https://e.org) [k](javascript:x)",
            "<img src=\"a b.png\" alt=\"alt\"> x <a href=\"https://e.org\">l</a> k",
        ),
    ] {
        assert_eq!(html_from_markdown(text, false), expected, "{text}");
    }
}

#[test]
fn braces_of_a_formula_do_not_end_a_deletion() {
    for (text, expected) in [
        (r"{{c1::$\frac{a}{b_{c}}$}} x", r"{{c1::\(\frac{a}{b_{c} }\)}} x"),
        (r"$\frac{a}{{c1::b}}$", r"\(\frac{a}{{c1::b}}\)"),
        (r"$x_{a_{b}}$ {{c1::y}} $x_{a_{b}}$", r"\(x_{a_{b}}\) {{c1::y}} \(x_{a_{b}}\)"),
        ("{{c1::a::hint}} {{c2::{{c1::b}} c}}", "{{c1::a::hint}} {{c2::{{c1::b}} c}}"),
        ("{{c1::*a*}} **{{c2::b}}**", "{{c1::<i>a</i>}} <b>{{c2::b}}</b>"),
    ] {
        assert_eq!(html_from_markdown(text, true), expected, "{text}");
    }
}

/// Some HTML as Anki's editor makes it, and as strangers do.
fn html() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        r"[a-zé 中0-9.,:;!?()\[\]*_~`$#>+|=\\{}-]{1,6}",
        "(a|b|x|1|,| |\\.)",
        "(&lt;|&amp;|&gt;|&quot;|&amp;lt;)",
        r"(\\\(x_\{a\}\\\)|\\\[y\\\]|\{\{c1::|\}\}|::)",
        "</?(b|i|u|s|sub|sup|div|p|ul|ol|li|table|tr|td|th|h2|blockquote|pre|code|span|em)>",
        "(<br>|<hr>|<img src=\"a b.png\">|<a href=\"https://e.org/\">|</a>|<script>|</script>|<!--|-->|<svg>)",
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn there_and_back_changes_nothing(html in html()) {
        let written = html_from_markdown(&markdown(&html), false);
        let read = markdown(&written);
        prop_assert_eq!(html_from_markdown(&read, false), written.clone(), "{}\n{}", html, read);
        prop_assert_eq!(markdown(&written), read);
    }

    #[test]
    fn no_script_and_no_handler_comes_through(html in html()) {
        let written = html_from_markdown(&markdown(&html), true);
        let tags = written.split('<').skip(1);
        for tag in tags {
            let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
            prop_assert!(["b", "i", "u", "s", "sub", "sup", "br", "hr", "ul", "ol", "li", "table", "tr", "td", "th", "img", "a", "code", "pre", "blockquote", "h1", "h2", "h3"].contains(&name.as_str()), "{}", written);
            prop_assert!(!tag.contains("onerror"));
        }
    }

    #[test]
    fn any_text_is_translated(text in "\\PC{0,60}", html in any::<String>()) {
        let written = html_from_markdown(&text, true);
        let _read = markdown(&written);
        let _other = html_from_markdown(&markdown(&html), false);
    }
}
