//! Small PDFs, made as a story needs them.

use std::fmt::Write as _;

/// A PDF with one page for each text.
pub(crate) fn pdf(pages: &[&str]) -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        String::new(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut kids = String::new();
    for text in pages {
        let (page, content) = (objects.len() + 1, objects.len() + 2);
        write!(kids, "{page} 0 R ").unwrap();
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R \
             /Resources << /Font << /F1 3 0 R >> >> >>"
        ));
        let stream = content_of(text);
        objects.push(format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()));
    }
    objects[1] = format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len());
    let mut file = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", number + 1).unwrap();
    }
    let xref = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for offset in &offsets {
        writeln!(file, "{offset:010} 00000 n ").unwrap();
    }
    write!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n", objects.len() + 1)
        .unwrap();
    file.into_bytes()
}

/// Lines of at most 80 characters from the top of the page.
fn content_of(text: &str) -> String {
    let mut content = String::from("BT /F1 11 Tf 14 TL 60 740 Td\n");
    let mut line = String::new();
    let mut show = |line: &mut String| {
        let mut escaped = String::new();
        for c in line.chars() {
            match c {
                '\\' | '(' | ')' => write!(escaped, "\\{c}").unwrap(),
                ' '..='~' => escaped.push(c),
                // The font's encoding is that of Latin 1, as far as the stories go.
                c => write!(escaped, "\\{:03o}", u32::from(c)).unwrap(),
            }
        }
        writeln!(content, "({escaped}) Tj T*").unwrap();
        line.clear();
    };
    for word in text.split_whitespace() {
        if line.len() + word.len() > 80 {
            show(&mut line);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    show(&mut line);
    content.push_str("ET");
    content
}

/// Three pages of a textbook that never was, about three things.
pub(crate) fn textbook() -> Vec<u8> {
    pdf(&[
        "Preload is the stretch of the ventricular muscle at the end of diastole, before contraction begins. It rises \
         with venous return and with the volume of the blood. According to the law of Frank and Starling, a larger \
         preload makes the ventricle contract with more force, so that the stroke volume increases. Diuretics and \
         nitrates lower preload.",
        "The loop of Henle concentrates the urine by a countercurrent multiplier. Its thick ascending limb carries \
         sodium, potassium and chloride out of the tubule by one transporter, which furosemide blocks. The collecting \
         duct takes up water under vasopressin through channels of aquaporin.",
        "Takotsubo cardiomyopathy is a sudden weakness of the apex of the heart after emotional stress. It is seen \
         mostly in women after menopause. The coronary arteries are open, and the ventricle recovers within weeks. \
         Catecholamines are thought to stun the muscle.",
    ])
}

/// A file of the reader's own tests.
pub(crate) fn of_the_reader(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ingest/tests/files");
    std::fs::read(folder.join(name)).unwrap()
}
