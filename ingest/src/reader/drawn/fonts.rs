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

use super::{super::unpacked, Said, names, symbols::Symbols, tex::Tex};

/// Fonts measure in thousandths of their size.
const UNITS: f64 = 1_000.0;

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
    /// Codes that the file gives a glyph by name, and which figure or sign that is.
    named: HashMap<u32, Option<char>>,
    /// Codes of signs that are known by names that no list has.
    signs: HashMap<u32, char>,
    /// How large its glyphs are beside the size that it is set in.
    pub(super) scale: f64,
    known: RefCell<HashMap<u32, (Said, f64)>>,
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
        Face {
            font,
            symbols,
            tex: names.iter().find_map(|name| Tex::named(name.as_str())).filter(|_| !composite),
            composite,
            named: named(dict),
            signs: if composite { HashMap::new() } else { names::signs(dict, descriptor.as_ref()) },
            scale: if is(dict, "Subtype", b"Type3") { type3_scale(dict) } else { 1.0 },
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
    pub(super) fn glyph(&self, code: u32) -> (Said, f64) {
        if let Some(known) = self.known.borrow().get(&code) {
            return known.clone();
        }
        let advance = self.font.as_ref().map_or(0.5, |font| {
            let way = font.code_advance(code);
            (if font.is_horizontal() { way.x } else { way.y }) / UNITS
        });
        let known = (self.said(code), if advance.is_finite() { advance } else { 0.0 });
        self.known.borrow_mut().insert(code, known.clone());
        known
    }

    fn said(&self, code: u32) -> Said {
        let Some(font) = &self.font else { return Said::Unknown };
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
        match said.as_deref().map(one_or_many) {
            Some(Said::One(sign)) if self.names_another(code, sign).is_some() => {
                self.names_another(code, sign).map_or(Said::Unknown, Said::Disputed)
            }
            Some(Said::One(sign)) if is_private(sign) => {
                // A bullet in most files, and in all programs that write them.
                if sign == '\u{f0b7}' {
                    Said::One('•')
                } else {
                    piece(sign).map_or(Said::Unknown, Said::One)
                }
            }
            // What is no character can't be what is seen.
            Some(Said::One(sign)) if sign.is_control() && !sign.is_whitespace() => self.unsaid(code, outline),
            Some(Said::Nothing) | None => self.unsaid(code, outline),
            Some(said) => said,
        }
    }

    /// The figure or sign that a glyph has for its name, where the file says another one of them.
    fn names_another(&self, code: u32, said: char) -> Option<char> {
        let named = (*self.named.get(&code)?)?;
        let is_figure = NAMES.iter().any(|(_, sign)| *sign == said);
        (is_figure && named != said).then_some(named)
    }

    /// A glyph of a font of signs.
    fn symbol(
        &self,
        symbols: Symbols,
        code: u32,
        said: Option<&str>,
        outline: Option<&OutlineGlyph>,
    ) -> Said {
        let said = said.and_then(|said| said.chars().next());
        if !self.composite && !self.named.contains_key(&code) {
            let sign = u8::try_from(code).ok().and_then(|code| symbols.sign(code));
            return sign.map_or(Said::Unknown, Said::One);
        }
        let said = said.filter(|sign| *sign != '\0').or_else(|| self.by_program(outline?));
        said.and_then(|sign| symbols.meant(sign)).map_or(Said::Unknown, Said::One)
    }

    /// A glyph of which the file does not say what it means.
    fn unsaid(&self, code: u32, outline: Option<&OutlineGlyph>) -> Said {
        if let Some(sign) = self.signs.get(&code) {
            return Said::One(*sign);
        }
        if let Some((to_cid, to_unicode)) = &self.collection {
            let cid = (1..=4).find_map(|length| to_cid.lookup_cid_code(code, length));
            match cid.and_then(|cid| of_collection(to_unicode, cid)) {
                Some(BfString::Char(sign)) => return Said::One(sign),
                Some(BfString::String(text)) => return one_or_many(&text),
                None => {}
            }
        }
        if let Some(sign) = outline.and_then(|glyph| self.by_program(glyph)) {
            return match u32::from(sign) {
                private @ 0xf020..=0xf07e => {
                    char::from_u32(private - 0xf000).map_or(Said::Unknown, Said::Guessed)
                }
                _ if is_private(sign) => piece(sign).map_or(Said::Unknown, Said::One),
                _ => Said::One(sign),
            };
        }
        if let Some(said) = self.tex.and_then(|tex| tex.sign(code)) {
            return said;
        }
        match char::from_u32(code) {
            Some(sign) if !self.composite && outline.is_some() && (' '..='~').contains(&sign) => {
                Said::Guessed(sign)
            }
            _ => Said::Unknown,
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

fn one_or_many(text: &str) -> Said {
    let text = text.trim_matches('\0');
    let mut signs = text.chars();
    match (signs.next(), signs.next()) {
        (None, _) => Said::Nothing,
        (Some(sign), None) => Said::One(sign),
        _ if text.chars().any(is_private) => Said::Unknown,
        _ => Said::Many(text.into()),
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

fn is(dict: &Dict<'_>, name: &str, value: &[u8]) -> bool {
    dict.get::<Name<'_>>(name).is_some_and(|found| found.as_ref() == value)
}

/// What figures, and signs that change a number, are called.
const NAMES: [(&str, char); 18] = [
    ("zero", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("period", '.'),
    ("comma", ','),
    ("plus", '+'),
    ("slash", '/'),
    ("multiply", '×'),
    ("divide", '÷'),
    ("lessequal", '≤'),
    ("greaterequal", '≥'),
];

/// The codes to which `Differences` give names, and the figures among them.
fn named(dict: &Dict<'_>) -> HashMap<u32, Option<char>> {
    let known = |name: &str| NAMES.iter().find(|(known, _)| *known == name).map(|(_, sign)| *sign);
    names::differences(dict).into_iter().map(|(code, name)| (code, known(&name))).collect()
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
