//! Our kinds of notes in Anki. **Nothing of this ever changes**: ids, names, fields and their order. A field more would make
//! another kind of note at the next import, and its notes would not be updated; so there are spare ones. Templates may.

use serde_json::{Value, json};
use strum::IntoEnumIterator as _;

use crate::{Kind, Note};

const SPARE: [&str; 4] = ["Source", "Spare1", "Spare2", "Spare3"];

const CSS: &str = ".card{font-family:system-ui,sans-serif;font-size:20px;text-align:center;max-width:42em;margin:1em auto}\
.cloze{font-weight:bold;color:#26f}.nightMode .cloze{color:#8af}\
ul,ol,pre,blockquote{text-align:left;display:inline-block}table{margin:auto;border-collapse:collapse}\
td,th{border:1px solid #888;padding:.2em .5em}img{max-width:100%}.source{font-size:70%;opacity:.7;margin-top:1em}";

const SOURCE: &str = "{{#Source}}<div class=\"source\">{{Source}}</div>{{/Source}}";

const OCCLUDED: &str = "{{#Header}}<div>{{Header}}</div>{{/Header}}\
<div style=\"display:none\">{{cloze:Occlusion}}</div><div id=\"err\"></div>\
<div id=\"image-occlusion-container\">{{Image}}<canvas id=\"image-occlusion-canvas\"></canvas></div>\
<script>try{anki.imageOcclusion.setup()}catch(error){document.getElementById(\"err\").textContent=\
\"This image needs Anki 23.10 or later.\"}</script>";

/// The id of a kind of note in Anki.
pub(super) fn id(kind: Kind) -> i64 {
    match kind {
        Kind::Basic => 1_790_553_600_001,
        Kind::BasicReversed => 1_790_553_600_002,
        Kind::Cloze => 1_790_553_600_003,
        Kind::ImageOcclusion => 1_790_553_600_004,
    }
}

/// Its name there.
pub(crate) fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Basic => "Medai Basic",
        Kind::BasicReversed => "Medai Basic (and reversed)",
        Kind::Cloze => "Medai Cloze",
        Kind::ImageOcclusion => "Medai Image Occlusion",
    }
}

/// The texts of a note, as HTML in the order of its fields.
pub(super) fn fields(note: &Note) -> Vec<String> {
    let html = |text: &str| crate::html_from_markdown(text, note.kind == Kind::Cloze);
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut fields = Vec::new();
    if note.kind == Kind::ImageOcclusion {
        let occlusion = note.occlusion.clone().unwrap_or_default();
        fields.push(escaped(&occlusion.shapes).replace('\n', "<br>"));
        fields.push(format!("<img src=\"{}\">", escaped(&occlusion.image).replace('"', "&quot;")));
        fields.extend([html(&note.front), html(&note.back), html(&occlusion.comments)]);
    } else {
        fields.extend([html(&note.front), html(&note.back)]);
    }
    fields.push(html(&note.source));
    fields.extend(SPARE.iter().skip(1).map(|_| String::new()));
    // The sign between two fields is not part of any.
    fields.iter().map(|field| field.replace('\u{1f}', "")).collect()
}

/// All of them, as the collection lists them.
pub(super) fn models() -> Value {
    Kind::iter().map(|kind| (id(kind).to_string(), model(kind))).collect::<serde_json::Map<_, _>>().into()
}

fn model(kind: Kind) -> Value {
    let fields: &[&str] = match kind {
        Kind::Basic | Kind::BasicReversed => &["Front", "Back"],
        Kind::Cloze => &["Text", "Back Extra"],
        Kind::ImageOcclusion => &["Occlusion", "Image", "Header", "Back Extra", "Comments"],
    };
    let fields: Vec<Value> = fields
        .iter()
        .chain(&SPARE)
        .enumerate()
        .map(|(at, name)| json!({"name": name, "ord": at, "sticky": false, "rtl": false, "font": "Arial", "size": 20, "media": []}))
        .collect();
    let templates: Vec<Value> = templates(kind)
        .into_iter()
        .enumerate()
        .map(|(at, (name, question, answer))| {
            json!({"name": name, "ord": at, "qfmt": question, "afmt": answer + SOURCE, "bqfmt": "", "bafmt": "", "did": null})
        })
        .collect();
    json!({
        "id": id(kind), "name": name(kind), "type": i32::from(matches!(kind, Kind::Cloze | Kind::ImageOcclusion)),
        "mod": 0, "usn": -1, "sortf": 0, "did": null, "css": CSS, "latexPre": "", "latexPost": "", "latexsvg": false,
        "req": [], "tags": [], "vers": [], "flds": fields, "tmpls": templates,
    })
}

fn templates(kind: Kind) -> Vec<(&'static str, String, String)> {
    let answer = |text: &str| format!("{{{{FrontSide}}}}<hr id=\"answer\">{text}");
    let front = ("Card 1", "{{Front}}".to_owned(), answer("{{Back}}"));
    match kind {
        Kind::Basic => vec![front],
        Kind::BasicReversed => vec![front, ("Card 2", "{{Back}}".to_owned(), answer("{{Front}}"))],
        Kind::Cloze => {
            vec![("Cloze", "{{cloze:Text}}".to_owned(), "{{cloze:Text}}<br>{{Back Extra}}".to_owned())]
        }
        Kind::ImageOcclusion => {
            let extra = "{{#Back Extra}}<div>{{Back Extra}}</div>{{/Back Extra}}";
            vec![("Image Occlusion", OCCLUDED.to_owned(), format!("{OCCLUDED}{extra}"))]
        }
    }
}
