use minijinja::context;

use super::*;

#[test]
fn every_template_says_what_its_version_says() {
    for (name, _) in TEMPLATES {
        let (_, version) = name.rsplit_once(".v").unwrap();
        assert!(version.parse::<u32>().is_ok_and(|version| version > 0), "{name}");
        let with = context! {
            passages => [context! { n => 1, title => "Notes", page => "page 2", text => "Preload.", doubt => "Doubtful." }],
            question => "Why?",
            code => "c0de",
            made => ["What is preload?"],
            flawed => [context! { text => "{}", why => "`front` is empty" }],
        };
        insta::assert_snapshot!(name.replace('.', "_"), Prompt::named(name).render(with).unwrap());
    }
}

#[test]
fn what_is_put_in_is_no_template() {
    let question = "{{ code }} {% include 'tutor.v1' %} <b>&";
    let text = Prompt::named("passages.v1").render(context! { passages => [0; 0], question, code => "c0de" });
    assert!(text.unwrap().ends_with(question));
}

#[test]
fn what_a_template_lacks_is_an_error_and_no_gap() {
    Prompt::named("passages.v1").render(context! { question => "Why?" }).unwrap_err();
    Prompt::named("nobody.v1").render(context! {}).unwrap_err();
}
