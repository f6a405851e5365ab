//! Small PDFs, made as a story needs them.

/// A PDF with one page for each text.
pub fn pdf(pages: &[&str]) -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    // The second object is the list of pages, and comes in last.
    let first = objects.len() + 2;
    let kids: Vec<_> = (0..pages.len()).map(|page| format!("{} 0 R", first + 2 * page)).collect();
    objects.insert(1, format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()));
    for text in pages {
        let content = objects.len() + 2;
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R \
             /Resources << /Font << /F1 3 0 R >> >> >>"
        ));
        let stream = content_of(text);
        objects.push(format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()));
    }
    let mut file = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        let (offset, whole) = (file.len(), format!("{} 0 obj\n{object}\nendobj\n", number + 1));
        offsets.push(format!("{offset:010} 00000 n \n"));
        file.push_str(&whole);
    }
    let (xref, size, offsets) = (file.len(), objects.len() + 1, offsets.concat());
    let end = format!(
        "xref\n0 {size}\n0000000000 65535 f \n{offsets}trailer\n<< /Size {size} /Root 1 0 R >>\n\
         startxref\n{xref}\n%%EOF\n"
    );
    file.push_str(&end);
    file.into_bytes()
}

/// Lines of at most 80 characters from the top of the page.
fn content_of(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut().filter(|line| line.len() + word.len() <= 80) {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => line.extend([" ", word]),
            None => lines.push(word.to_owned()),
        }
    }
    let shown: Vec<_> = lines.iter().map(|line| format!("({}) Tj T*\n", escaped(line))).collect();
    format!("BT /F1 11 Tf 14 TL 60 740 Td\n{}ET", shown.concat())
}

fn escaped(line: &str) -> String {
    let escape = |c| match c {
        '\\' | '(' | ')' => format!("\\{c}"),
        ' '..='~' => String::from(c),
        // The font's encoding is that of Latin 1, as far as the stories go.
        c => format!("\\{:03o}", u32::from(c)),
    };
    line.chars().map(escape).collect::<Vec<_>>().concat()
}
