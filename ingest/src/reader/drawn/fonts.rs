//! What the glyphs of a font say, and how wide they are.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
    rc::Rc,
    sync::Arc,
};

use hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_font::{
    CMapResolverFn, Font, FontCache, FontGlyph, FontQuery, FontResolverFn, GlyphId, OutlineGlyph,
    StandardFont,
};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use skrifa::{FontRef, MetadataProvider as _};

use super::{
    super::unpacked,
    GlyphText, names, outline,
    symbols::Symbols,
    tex::Tex,
    witness::{Witness, is_alike, is_figure},
};

/// Fonts measure in thousandths of their size.
const UNITS: f64 = 1_000.0;

/// Figures that are so much wider than everybody knows them to be are not believed.
const TOO_WIDE: f64 = 1.2;

/// The fonts of a file.
pub(in super::super) struct Fonts<'a> {
    cache: FontCache<'a>,
    faces: RefCell<HashMap<(usize, usize), Rc<Face<'a>>>>,
    programs: FontResolverFn,
    maps: CMapResolverFn,
}

/// A font.
pub(super) struct Face<'a> {
    font: Option<Font<'a>>,
    symbols: Option<Symbols>,
    tex: Option<Tex>,
    composite: bool,
    /// What else is known of its codes.
    witness: Witness,
    /// Codes of signs that are known by names that no list has.
    signs: HashMap<u32, char>,
    /// Whether it is a font of signs that is not there, and whose codes nobody knows.
    is_lost: bool,
    /// How wide its figures are, if everybody knows.
    figures: Option<f64>,
    /// How large its glyphs are beside the size that it is set in.
    pub(super) scale: f64,
    /// Whether its glyphs are drawings, which may have colours of their own.
    pub(super) draws_itself: bool,
    known: RefCell<HashMap<u32, (GlyphText, f64)>>,
    /// What its own program says of its glyphs.
    program: OnceCell<HashMap<u32, char>>,
    /// The way from a code to a character by what Adobe defined for Chinese, Japanese and Korean.
    collection: Option<(CMap, CMap)>,
}

impl<'a> Fonts<'a> {
    pub(in super::super) fn new() -> Self {
        let programs: FontResolverFn = Arc::new(|query| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(query) => Some(query.pick_standard_font().get_font_data()),
        });
        let maps: CMapResolverFn = Arc::new(load_embedded);
        Self { cache: FontCache::new(), faces: RefCell::default(), programs, maps }
    }

    /// The font that a dictionary describes.
    pub(super) fn face(&self, dict: &Dict<'a>) -> Rc<Face<'a>> {
        // Where it stands in the file is who it is.
        let data = dict.data();
        let key = (data.as_ptr().addr(), data.len());
        if let Some(face) = self.faces.borrow().get(&key) {
            return Rc::clone(face);
        }
        let face = Rc::new(self.load(dict));
        self.faces.borrow_mut().insert(key, Rc::clone(&face));
        face
    }

    fn load(&self, dict: &Dict<'a>) -> Face<'a> {
        let composite = is(dict, "Subtype", b"Type0");
        let descendant =
            dict.get::<Array<'_>>("DescendantFonts").and_then(|fonts| fonts.iter::<Dict<'_>>().next());
        let described = |dict: &Dict<'a>| dict.get::<Dict<'a>>("FontDescriptor");
        let descriptor = described(dict).or_else(|| described(descendant.as_ref()?));
        let parts = [Some(dict), descendant.as_ref(), descriptor.as_ref()];
        let font = if parts.into_iter().flatten().any(has_bomb) {
            None
        } else {
            self.cache.font(dict, &self.programs, &self.maps)
        };
        let font = match font {
            None if !composite => self.cache.standard_font(StandardFont::Helvetica, &self.programs),
            font => font,
        };
        let names =
            [(Some(dict), "BaseFont"), (descendant.as_ref(), "BaseFont"), (descriptor.as_ref(), "FontName")];
        let names: Vec<Name<'_>> =
            names.into_iter().filter_map(|(dict, name)| dict?.get::<Name<'_>>(name)).collect();
        let symbols = names.iter().find_map(|name| Symbols::named(name.as_str()));
        let is_lost = !composite
            && symbols.is_none()
            && !dict.contains_key("Encoding")
            && !is_embedded(descriptor.as_ref())
            && names.iter().any(|name| is_of_signs(name.as_str()) || Tex::named(name.as_str()).is_some());
        let known = names.first().filter(|_| !composite && !is_embedded(descriptor.as_ref()));
        Face {
            is_lost,
            figures: known.and_then(|name| width_of_figures(name.as_str())),
            font,
            symbols,
            tex: names.iter().find_map(|name| Tex::named(name.as_str())).filter(|_| !composite),
            composite,
            witness: Witness::of(dict, descriptor.as_ref(), composite),
            signs: if composite { HashMap::new() } else { names::signs(dict, descriptor.as_ref()) },
            scale: if is(dict, "Subtype", b"Type3") { type3_scale(dict) } else { 1.0 },
            draws_itself: is(dict, "Subtype", b"Type3"),
            known: RefCell::default(),
            program: OnceCell::new(),
            collection: if composite { collection(dict, descendant.as_ref()) } else { None },
        }
    }
}

impl Face<'_> {
    /// The code of the next glyph of a string, and how many bytes that is.
    pub(super) fn code(&self, bytes: &[u8], at: usize) -> (u32, usize) {
        match &self.font {
            Some(font) => {
                let (code, length) = font.read_code(bytes, at);
                (code, length.max(1))
            }
            // Composite fonts that can't be read have two bytes nearly always.
            None => (0, 2),
        }
    }

    pub(super) fn is_vertical(&self) -> bool {
        self.font.as_ref().is_some_and(|font| !font.is_horizontal())
    }

    /// What the glyph of a code says, and how far it moves what comes next, in parts of the font's size.
    pub(super) fn glyph(&self, code: u32) -> (GlyphText, f64) {
        if let Some(known) = self.known.borrow().get(&code) {
            return known.clone();
        }
        let advance = self.font.as_ref().map_or(0.5, |font| {
            let way = font.code_advance(code);
            (if font.is_horizontal() { way.x } else { way.y }) / UNITS
        });
        let said = match self.text_of_code(code) {
            // Nobody knows whether the file or the font is right, and so where the gaps between numbers are.
            GlyphText::One(sign)
                if sign.is_ascii_digit() && self.figures.is_some_and(|width| advance > TOO_WIDE * width) =>
            {
                GlyphText::Disputed(sign)
            }
            said => said,
        };
        let known = (said, if advance.is_finite() { advance } else { 0.0 });
        self.known.borrow_mut().insert(code, known.clone());
        known
    }

    fn text_of_code(&self, code: u32) -> GlyphText {
        let Some(font) = &self.font else { return GlyphText::Unknown };
        let glyph = font.glyph(font.map_code(code), code);
        let (said, outline) = match &glyph {
            FontGlyph::Outline(glyph) => (glyph.as_unicode(), Some(glyph)),
            FontGlyph::Type3(glyph) => (glyph.as_unicode(), None),
        };
        let said = said.map(|said| match said {
            BfString::Char(sign) => sign.to_string(),
            BfString::String(text) => text,
        });
        if let Some(symbols) = self.symbols {
            return self.symbol(symbols, code, said.as_deref(), outline);
        }
        if self.is_lost
            && let Some(own) = char::from_u32(code).filter(char::is_ascii_graphic)
            && said.as_deref().is_none_or(|said| said.chars().eq([own]))
        {
            let meant = u8::try_from(code).ok().and_then(|code| Symbols::Symbol.sign(code));
            return GlyphText::Disputed(meant.unwrap_or(own));
        }
        if let Some(other) = said.as_deref().and_then(|said| self.contradicts(code, said, outline)) {
            return GlyphText::Disputed(other);
        }
        match said.as_deref().map(one_or_many) {
            Some(GlyphText::One(sign)) if is_private(sign) => {
                // A bullet in most files, and in all programs that write them.
                if sign == '\u{f0b7}' {
                    GlyphText::One('•')
                } else {
                    piece(sign).map_or(GlyphText::Unknown, GlyphText::One)
                }
            }
            // What is no character can't be what is seen.
            Some(GlyphText::One(sign)) if is_no_character(sign) => self.unsaid(code, outline),
            Some(GlyphText::Many(text)) if text.chars().any(is_no_character) => self.unsaid(code, outline),
            Some(GlyphText::Nothing) | None => self.unsaid(code, outline),
            Some(said) => said,
        }
    }

    /// The figure or sign that a glyph is by its name, by the encoding or by its own program, where the file says another.
    fn contradicts(&self, code: u32, said: &str, outline: Option<&OutlineGlyph>) -> Option<char> {
        let said = said.trim_matches('\0');
        let first = said.chars().next()?;
        if is_private(first) || is_no_character(first) {
            return None;
        }
        if let Some(other) = self.witness.contradicts(code, said) {
            return Some(other);
        }
        if self.composite && said.chars().nth(1).is_none() && outline::is_other(outline?, first) {
            return Some(first);
        }
        let drawn = self.by_program(outline?).filter(|sign| !is_private(*sign))?;
        let is_other = said.chars().nth(1).is_some() || !is_alike(first, drawn);
        (is_other && (is_figure(drawn) || is_figure(first))).then_some(drawn)
    }

    /// A glyph of a font of signs.
    fn symbol(
        &self,
        symbols: Symbols,
        code: u32,
        said: Option<&str>,
        outline: Option<&OutlineGlyph>,
    ) -> GlyphText {
        let said = said.and_then(|said| said.chars().next());
        if !self.composite && !self.witness.names(code) {
            let sign = u8::try_from(code).ok().and_then(|code| symbols.sign(code));
            return sign.map_or(GlyphText::Unknown, GlyphText::One);
        }
        let said = said.filter(|sign| *sign != '\0').or_else(|| self.by_program(outline?));
        said.and_then(|sign| symbols.meant(sign)).map_or(GlyphText::Unknown, GlyphText::One)
    }

    /// A glyph of which the file does not say what it means.
    fn unsaid(&self, code: u32, outline: Option<&OutlineGlyph>) -> GlyphText {
        if let Some(sign) = self.signs.get(&code) {
            return GlyphText::One(*sign);
        }
        if let Some((to_cid, to_unicode)) = &self.collection {
            let cid = (1..=4).find_map(|length| to_cid.lookup_cid_code(code, length));
            match cid.and_then(|cid| of_collection(to_unicode, cid)) {
                Some(BfString::Char(sign)) => return GlyphText::One(sign),
                Some(BfString::String(text)) => return one_or_many(&text),
                None => {}
            }
        }
        if let Some(sign) = outline.and_then(|glyph| self.by_program(glyph)) {
            return match u32::from(sign) {
                private @ 0xf020..=0xf07e => {
                    char::from_u32(private - 0xf000).map_or(GlyphText::Unknown, GlyphText::Guessed)
                }
                _ if is_private(sign) => piece(sign).map_or(GlyphText::Unknown, GlyphText::One),
                _ => GlyphText::One(sign),
            };
        }
        if let Some(said) = self.tex.and_then(|tex| tex.sign(code)) {
            return said;
        }
        match char::from_u32(code) {
            Some(sign) if sign.is_ascii_graphic() && outline.is_some() && self.witness.names_oddly(code) => {
                GlyphText::Disputed(sign)
            }
            Some(sign) if !self.composite && outline.is_some() && (' '..='~').contains(&sign) => {
                GlyphText::Guessed(sign)
            }
            _ => GlyphText::Unknown,
        }
    }

    fn by_program(&self, glyph: &OutlineGlyph) -> Option<char> {
        let id = glyph.glyph_id();
        if id == GlyphId::NOTDEF {
            return None;
        }
        let map = self.program.get_or_init(|| {
            let Some(data) = glyph.font_data() else { return HashMap::new() };
            let bytes: &[u8] = (*data.data).as_ref();
            let Ok(font) = FontRef::new(bytes) else { return HashMap::new() };
            let mut map = HashMap::new();
            for (sign, glyph) in font.charmap().mappings() {
                if let Some(sign) = char::from_u32(sign) {
                    // Of several characters with one glyph, the first that is everybody's.
                    let known = map.entry(glyph.to_u32()).or_insert(sign);
                    if is_private(*known) {
                        *known = sign;
                    }
                }
            }
            map
        });
        map.get(&id.to_u32()).copied()
    }
}

/// Whether a part of a font unpacks to more than any honest one.
fn has_bomb(part: &Dict<'_>) -> bool {
    ["FontFile", "FontFile2", "FontFile3", "ToUnicode", "Encoding", "CIDToGIDMap"]
        .into_iter()
        .any(|name| part.get::<Stream<'_>>(name).is_some_and(|stream| unpacked::is_bomb(&stream)))
}

fn one_or_many(text: &str) -> GlyphText {
    let text = text.trim_matches('\0');
    let mut signs = text.chars();
    match (signs.next(), signs.next()) {
        (None, _) => GlyphText::Nothing,
        (Some(sign), None) => GlyphText::One(sign),
        _ if text.chars().any(is_private) => GlyphText::Unknown,
        _ => GlyphText::Many(text.into()),
    }
}

/// What Adobe put at private numbers before Unicode had it: parts of brackets, and signs without serifs.
fn piece(sign: char) -> Option<char> {
    const PIECES: &str = "®©™⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪⎮⎞⎟⎠⎤⎥⎦⎫⎬⎭";
    PIECES.chars().nth(usize::try_from(u32::from(sign).checked_sub(0xf8e8)?).ok()?)
}

/// Whether it means nothing but to whom it belongs.
fn is_private(sign: char) -> bool {
    matches!(sign, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. | '\u{fffd}')
}

/// Whether a font is part of the file.
pub(super) fn is_embedded(descriptor: Option<&Dict<'_>>) -> bool {
    let files = ["FontFile", "FontFile2", "FontFile3"];
    descriptor.is_some_and(|descriptor| files.into_iter().any(|file| descriptor.contains_key(file)))
}

/// Whether a font that is known by nothing but its name likely has signs for letters: μ for `m`.
fn is_of_signs(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["greek", "symbol", "mathpi", "mathematica", "commpi", "mtextra", "mtsy"]
        .into_iter()
        .any(|part| name.contains(part))
        || name.ends_with("pi")
}

/// How wide the figures of a font are that every program has.
fn width_of_figures(name: &str) -> Option<f64> {
    let name = name.split_once('+').map_or(name, |(_, name)| name);
    let others = ["Narrow", "Condensed", "Black", "Rounded", "Unicode"];
    if others.into_iter().any(|other| name.contains(other)) {
        return None;
    }
    let known = [("Helvetica", 0.556), ("Arial", 0.556), ("Times", 0.5), ("Courier", 0.6)];
    known.into_iter().find(|(start, _)| name.starts_with(start)).map(|(_, width)| width)
}

/// Whether it can't be seen, so that it is no meaning of a glyph.
fn is_no_character(sign: char) -> bool {
    let is_none = matches!(sign, '\u{fdd0}'..='\u{fdef}') || u32::from(sign) & 0xfffe == 0xfffe;
    is_none || (sign.is_control() && !sign.is_whitespace())
}

fn is(dict: &Dict<'_>, name: &str, value: &[u8]) -> bool {
    dict.get::<Name<'_>>(name).is_some_and(|found| found.as_ref() == value)
}

/// Adobe's maps for a font that names one of its collections, if the file has none of its own.
fn collection(dict: &Dict<'_>, descendant: Option<&Dict<'_>>) -> Option<(CMap, CMap)> {
    if dict.get::<Stream<'_>>("ToUnicode").is_some() {
        return None;
    }
    let parse = |data: &[u8]| CMap::parse(data, load_embedded);
    let encoding = match dict.get::<Object<'_>>("Encoding")? {
        Object::Name(name) => match name.as_ref() {
            b"Identity-H" => CMap::identity_h(),
            b"Identity-V" => CMap::identity_v(),
            name => parse(load_embedded(CMapName::from_bytes(name))?)?,
        },
        Object::Stream(stream) => parse(&stream.decoded_data().ok()?)?,
        _ => return None,
    };
    let family = |registry: &[u8], ordering: &[u8]| CidFamily::from_registry_ordering(registry, ordering);
    let by_font = || {
        let info = descendant?.get::<Dict<'_>>("CIDSystemInfo")?;
        let text = |name: &str| info.get::<hayro_syntax::object::String<'_>>(name);
        Some(family(text("Registry")?.as_bytes(), text("Ordering")?.as_bytes()))
    };
    let by_encoding = encoding.metadata().character_collection.as_ref().map(|known| known.family.clone());
    let map = |family: CidFamily| parse(load_embedded(family.ucs2_cmap()?)?);
    let to_unicode = by_encoding.and_then(map).or_else(|| by_font().and_then(map))?;
    Some((encoding, to_unicode))
}

/// The character of an id, by Adobe's map, which has it as a text or as a code.
fn of_collection(map: &CMap, cid: u32) -> Option<BfString> {
    let code = || (1..=4).find_map(|length| map.lookup_cid_code(cid, length));
    map.lookup_bf_string(cid).or_else(|| char::from_u32(code()?).map(BfString::Char))
}

/// Fonts that draw their own glyphs may be set in a size of 1 and be large all the same.
fn type3_scale(dict: &Dict<'_>) -> f64 {
    let wide = dict.get::<[f64; 6]>("FontMatrix").map_or(0.001, |[a, ..]| a.abs());
    let widths: Vec<f64> = dict
        .get::<Array<'_>>("Widths")
        .map(|widths| widths.iter::<f64>().filter(|width| *width > 0.0).take(256).collect())
        .unwrap_or_default();
    if widths.is_empty() {
        return 1.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "256 at most")]
    let mean = widths.iter().sum::<f64>() / widths.len() as f64 * wide;
    if (0.2..1.3).contains(&mean) || !mean.is_normal() { 1.0 } else { mean * 2.0 }
}
