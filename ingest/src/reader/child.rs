//! The child: opens the file, and says page by page what is on it.

use std::{
    fs::File,
    io::Write as _,
    os::unix::fs::FileExt as _,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

use hayro_syntax::Pdf;

use super::{
    Reason, clean,
    confined::{self, Bounds},
    drawn::Drawing,
    engines::{self, Better, Second, better},
    first::{self, First},
    guard, layout,
    protocol::{Engines, Line, Order, Refusal},
    sandbox, unlock, unlocked_copy, unpacked,
};

/// Milliseconds of processor time for another opinion on a page that was read.
const SECOND_OPINION: u64 = 3_000;

/// What `medai read-pdf` does: all that its parent orders, and nothing without one.
pub fn child() -> ExitCode {
    confined::obey(bounds, |file, parent, order| Reader { file, parent, order }.read())
}

fn bounds(order: &Order) -> Bounds {
    let most_cpu = order.cpu + u64::from(order.max_pages) * order.cpu_per_page;
    Bounds { memory: order.memory, cpu: order.cpu, most_cpu, wall: order.wall }
}

struct Reader {
    file: File,
    parent: File,
    order: Order,
}

impl Reader {
    fn read(mut self) -> anyhow::Result<()> {
        if self.order.unlock {
            let bytes = self.bytes().ok_or_else(|| anyhow::anyhow!("there is no room for the file"))?;
            return unlocked_copy::obey(
                &bytes,
                self.order.password.as_deref().unwrap_or_default(),
                &mut self.parent,
            );
        }
        match self.open() {
            Ok(pdf) => self.send_pages(pdf),
            Err(refusal) => self.send(&Line::Refused(refusal)),
        }
    }

    fn open(&self) -> Result<OpenPdf, Refusal> {
        let bytes = self.bytes().ok_or(Refusal::Damaged)?;
        let is_pdf = bytes.get(..bytes.len().min(1_024)).is_some_and(clean::looks_like_pdf);
        let damaged = if is_pdf { Refusal::Damaged } else { Refusal::NotAPdf };
        if bytes.is_empty() {
            return Err(Refusal::NotAPdf);
        }
        let is_whole = clean::ends_like_pdf(&bytes);
        let password = self.order.password.as_deref();
        let first = match self.order.engines {
            Engines::Both | Engines::First => unless_panic(|| unlock::first(bytes, password)),
            Engines::Second => Err(Refusal::Damaged),
        };
        let (first, pages) = match first {
            Ok(first) => {
                let pages = first::pages(&first);
                (Some(first), pages)
            }
            Err(password @ (Refusal::NeedsPassword | Refusal::WrongPassword)) => return Err(password),
            Err(_) => (None, 0),
        };
        let mut pdf = OpenPdf { first, second: None, pages };
        if pages == 0 {
            pdf.first = None;
            let second = self.open_second().map_err(|refusal| match refusal {
                Refusal::Damaged => damaged,
                password => password,
            })?;
            pdf.pages = second.pages();
            pdf.second = Some(Ok(second));
        }
        match pdf.pages {
            0 => Err(damaged),
            // How many pages it had can't be said of a file that was cut off.
            pages if pages > self.order.max_pages && !is_whole => Err(damaged),
            pages if pages > self.order.max_pages => Err(Refusal::TooManyPages(pages)),
            _ => Ok(pdf),
        }
    }

    fn open_second(&self) -> Result<Second, Refusal> {
        let bytes = self.bytes().ok_or(Refusal::Damaged)?;
        unless_panic(|| Second::open(bytes, self.order.password.as_deref()))
    }

    /// The whole file, whose offset is shared with other children.
    fn bytes(&self) -> Option<Vec<u8>> {
        let length = usize::try_from(self.file.metadata().ok()?.len()).ok()?;
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(length).ok()?;
        bytes.resize(length, 0);
        self.file.read_exact_at(&mut bytes, 0).ok()?;
        unpacked::disarm(&mut bytes);
        Some(bytes)
    }

    fn send_pages(&mut self, pdf: OpenPdf) -> anyhow::Result<()> {
        let OpenPdf { first, second, pages } = pdf;
        let first = first.as_ref().and_then(|pdf| unless_panic(|| Ok(First::of(pdf))).ok());
        let mut engines = Both { first, second };
        let title = engines.first.as_ref().and_then(First::title);
        self.send(&Line::Opened { pages, title: title.and_then(|title| clean::line(&title)) })?;
        let most = self.order.cpu + u64::from(pages) * self.order.cpu_per_page;
        for index in self.order.from..pages {
            let label = engines.first.as_ref().and_then(|first| clean::line(&first.label(index)?));
            let empty = |failed| (String::new(), Some(failed), false);
            let (text, failed, doubtful) = if self.order.all_text == 0 {
                empty(Reason::TooMuchText)
            } else {
                sandbox::end_after(sandbox::cpu() + self.order.cpu_of_one_page, most)?;
                match self.read_page(&mut engines, index, label.as_ref())? {
                    Ok(read) => {
                        let length = read.text.chars().count() as u64;
                        self.order.all_text = self.order.all_text.saturating_sub(length);
                        (read.text, None, read.doubtful)
                    }
                    Err(reason) => empty(reason),
                }
            };
            self.send(&Line::Page { index, label, text, failed, doubtful })?;
        }
        self.send(&Line::Done)
    }

    /// What a page says, and whether that is certain. The second engine is asked where its glyphs do not prove what the
    /// first one reads, unless it would follow a loop.
    fn read_page(
        &mut self,
        engines: &mut Both<'_>,
        page: u32,
        label: Option<&String>,
    ) -> anyhow::Result<Result<Read, Reason>> {
        let spared = self.order.first_died && page == self.order.from;
        let first = match &engines.first {
            Some(first) if !spared => {
                self.send(&Line::Begun { page, second: false, cpu: sandbox::cpu() })?;
                let drawing = unless_panic(|| first.drawing(page));
                drawing.and_then(|drawing| self.put_together(drawing)).map_err(|_refusal| Reason::Unreadable)
            }
            _ => Err(Reason::Crashed),
        };
        if let Ok((read, drawing)) = &first
            && drawing.looped
            && drawing.cut
            && read.text.is_empty()
        {
            return Ok(Err(Reason::Unreadable));
        }
        if let Ok((read, drawing)) = &first
            && (!read.doubtful || drawing.looped || self.order.engines == Engines::First)
        {
            return Ok(first.map(|(read, _)| read));
        }
        self.send(&Line::Begun { page, second: true, cpu: sandbox::cpu() })?;
        if let Ok((read, _)) = &first
            && !read.text.is_empty()
        {
            self.send(&Line::Draft { label: label.cloned(), text: read.text.clone() })?;
        }
        if engines.second.is_none() {
            engines.second = Some(self.open_second());
        }
        if first.is_ok() {
            let until = sandbox::cpu() + self.order.cpu_of_one_page.min(SECOND_OPINION);
            sandbox::end_after(until, until)?;
        }
        let second = match &engines.second {
            Some(Ok(second)) => unless_panic(|| second.text(page)).map_err(|_refusal| Reason::Unreadable),
            _ => Err(Reason::Unreadable),
        };
        let second = second.map(|text| clean::page(&text, self.order.page_text));
        Ok(judged(first, second))
    }

    fn put_together(&self, drawing: Drawing) -> Result<(Read, Drawing), Refusal> {
        unless_panic(|| {
            let laid = layout::text(&drawing.glyphs);
            let text = clean::page(&laid.text, self.order.page_text);
            let doubtful = laid.unsure || !guard::proves(&drawing, &text);
            Ok((Read { text, doubtful, unsure: laid.unsure }, drawing))
        })
    }

    fn send(&mut self, line: &Line) -> anyhow::Result<()> {
        let mut said = serde_json::to_vec(line)?;
        said.push(b'\n');
        self.parent.write_all(&said)?;
        Ok(())
    }
}

/// What both engines made of a page, of which the second was asked.
fn judged(first: Result<(Read, Drawing), Reason>, second: Result<String, Reason>) -> Result<Read, Reason> {
    match (first, second) {
        (Ok((first, drawing)), Ok(second)) => Ok(match better(&first.text, &second) {
            Better::First => {
                let is_certain = !first.unsure && !guard::is_beyond_proof(&drawing);
                let doubtful = first.doubtful && !(is_certain && guard::agree(&first.text, &second));
                Read { doubtful, ..first }
            }
            Better::Second => {
                Read { doubtful: first.unsure || !guard::proves(&drawing, &second), text: second, ..first }
            }
        }),
        (Ok((first, _)), Err(_)) => Ok(first),
        // Nothing but the text is known of its numbers.
        (Err(_), Ok(second)) => {
            Ok(Read { doubtful: guard::has_numbers(&second), unsure: false, text: second })
        }
        (Err(first), Err(second)) => Err(engines::reason(first, second)),
    }
}

/// A page, as it was read.
struct Read {
    text: String,
    doubtful: bool,
    /// Whether its order is uncertain, whatever another reading says.
    unsure: bool,
}

/// A file, opened for one engine or both.
struct OpenPdf {
    first: Option<Pdf>,
    second: Option<Result<Second, Refusal>>,
    pages: u32,
}

/// The engines of an open file. The second is opened when it is first needed.
struct Both<'a> {
    first: Option<First<'a>>,
    second: Option<Result<Second, Refusal>>,
}

fn unless_panic<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Refusal::Damaged))
}
