//! The first engine: `hayro` parses the file and its fonts; what its pages draw is followed, put together and proved
//! here.

use hayro_syntax::{Pdf, object::Dict};

use super::{
    drawn::{Drawing, Fonts, Interpreter, Layers, Matrix},
    info,
    labels::Labels,
    protocol::Refusal,
};

/// An open file.
pub(super) struct First<'a> {
    pdf: &'a Pdf,
    fonts: Fonts<'a>,
    layers: Layers,
    labels: Labels,
}

impl<'a> First<'a> {
    pub(super) fn of(pdf: &'a Pdf) -> Self {
        let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()).unwrap_or_default();
        Self { pdf, fonts: Fonts::new(), layers: Layers::of(&catalog), labels: Labels::of(&catalog) }
    }

    pub(super) fn title(&self) -> Option<String> {
        self.pdf.metadata().title.as_deref().map(info::decode)
    }

    pub(super) fn label(&self, page: u32) -> Option<String> {
        self.labels.label(page)
    }

    /// What a page draws, turned as it is shown.
    pub(super) fn drawing(&self, page: u32) -> Result<Drawing, Refusal> {
        let page = self.pdf.pages().get(page as usize).ok_or(Refusal::Damaged)?;
        let place = Matrix(page.initial_transform(false).as_coeffs());
        let mut drawing = Interpreter::new(&self.fonts, &self.layers, place).page(page);
        let (width, height) = page.render_dimensions();
        drawing.crop(f64::from(width), f64::from(height));
        Ok(drawing)
    }
}

/// How many pages a file has.
pub(super) fn pages(pdf: &Pdf) -> u32 {
    u32::try_from(pdf.pages().len()).unwrap_or(u32::MAX)
}
