//! Writes notes as a table that Anki reads.

use csv::{QuoteStyle, WriterBuilder};

use crate::{Kind, Package, WriteError, html_from_markdown, write::type_name};

/// What the table says of itself. Anki matches notes by their guid, and so are they updated.
const HEAD: &str = "#separator:Comma\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:7\n\
#columns:guid,notetype,deck,front,back,source,tags\n";

/// The notes of a package as CSV. Images with something covered are left out: a table does not hold images.
pub fn write_table(package: &Package) -> Result<String, WriteError> {
    let mut deck_of = vec![""; package.notes.len()];
    for card in package.cards.iter().rev() {
        if let (Some(place), Some(deck)) = (deck_of.get_mut(card.note), package.decks.get(card.deck)) {
            *place = &deck.name;
        }
    }
    let mut writer =
        WriterBuilder::new().quote_style(QuoteStyle::NonNumeric).from_writer(HEAD.as_bytes().to_vec());
    for (note, deck) in
        package.notes.iter().zip(deck_of).filter(|(note, _)| note.kind != Kind::ImageOcclusion)
    {
        let html = |text: &str| html_from_markdown(text, note.kind == Kind::Cloze);
        let (front, back, source) = (html(&note.front), html(&note.back), html(&note.source));
        let tags = note.tags.iter().map(|tag| tag.split_whitespace().collect::<Vec<_>>().join("_"));
        let tags = tags.collect::<Vec<_>>().join(" ");
        writer
            .write_record([&note.guid, type_name(note.kind), deck, &front, &back, &source, &tags])
            .map_err(std::io::Error::from)?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
