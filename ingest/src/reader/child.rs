//! The child: opens the file, and says page by page what is on it.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::{fd::AsFd as _, unix::fs::FileExt as _},
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

use super::{
    Reason, clean,
    engines::{Engine, First, Second, better, suspicious},
    protocol::{Engines, Line, Order, Refusal},
    sandbox, unlock,
};

/// The stack of the thread that reads: files nest deep, and the limit is the kernel's to keep.
const STACK: usize = 32 * 1024 * 1024;

/// What `medai read-pdf` does: all that its parent orders, and nothing without one.
pub fn child() -> ExitCode {
    // What a panic says may quote the document.
    std::panic::set_hook(Box::new(|_| {}));
    match obey() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn obey() -> anyhow::Result<()> {
    // Files, not a socket and a standard output: libraries print, and sockets are about to be denied.
    let parent = File::from(std::io::stdout().as_fd().try_clone_to_owned()?);
    let file = File::from(std::io::stdin().as_fd().try_clone_to_owned()?);
    nix::unistd::dup2_stdout(File::options().write(true).open("/dev/null")?)?;
    let mut order = String::new();
    BufReader::new(parent.try_clone()?).take(64 * 1024).read_line(&mut order)?;
    let order: Order = serde_json::from_str(&order)?;
    sandbox::enter(&order)?;
    let reader = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        sandbox::no_more_threads();
        Reader { file, parent, order }.read()
    })?;
    reader.join().map_err(|_panic| anyhow::anyhow!("the reader panicked"))?
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
            return unlock::obey(
                &bytes,
                self.order.password.as_deref().unwrap_or_default(),
                &mut self.parent,
            );
        }
        match self.open() {
            Ok(book) => self.say_pages(book),
            Err(refusal) => self.say(&Line::Refused(refusal)),
        }
    }

    fn open(&self) -> Result<Book, Refusal> {
        let bytes = self.bytes().ok_or(Refusal::Damaged)?;
        let is_pdf = bytes.get(..bytes.len().min(1_024)).is_some_and(clean::looks_like_pdf);
        let damaged = if is_pdf { Refusal::Damaged } else { Refusal::NotAPdf };
        if bytes.is_empty() {
            return Err(Refusal::NotAPdf);
        }
        let password = self.order.password.as_deref();
        let first = match self.order.engines {
            Engines::Both => unless_panic(|| First::open(bytes, password)),
            Engines::Second => Err(Refusal::Damaged),
        };
        let (first, pages) = match first {
            Ok(first) => {
                let pages = unless_panic(|| first.pages(self.order.max_pages)).unwrap_or(0);
                (Some(first), pages)
            }
            Err(password @ (Refusal::NeedsPassword | Refusal::WrongPassword)) => return Err(password),
            Err(_) => (None, 0),
        };
        let mut book = Book { first, second: None, pages };
        if pages == 0 {
            book.first = None;
            let second = self.open_second().map_err(|refusal| match refusal {
                Refusal::Damaged => damaged,
                password => password,
            })?;
            book.pages = second.pages();
            book.second = Some(Ok(second));
        }
        match book.pages {
            0 => Err(damaged),
            pages if pages > self.order.max_pages => Err(Refusal::TooManyPages(pages)),
            _ => Ok(book),
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
        Some(bytes)
    }

    fn say_pages(&mut self, mut book: Book) -> anyhow::Result<()> {
        let pages = book.pages;
        let title = book.first.as_ref().and_then(|first| unless_panic(|| Ok(first.title())).ok().flatten());
        let labels = book.first.as_ref().and_then(|first| unless_panic(|| Ok(first.labels())).ok());
        self.say(&Line::Opened { pages, title: title.and_then(|title| clean::line(&title)) })?;
        let most = self.order.cpu + u64::from(pages) * self.order.cpu_per_page;
        for index in self.order.from..pages {
            let label = labels.as_ref().and_then(|labels| clean::line(&labels.of(index)?));
            let line = if self.order.all_text == 0 {
                Line::Page { index, label, text: String::new(), failed: Some(Reason::TooMuchText) }
            } else {
                sandbox::end_after(sandbox::cpu() + self.order.cpu_of_one_page, most)?;
                match self.read_page(&mut book, index, label.as_ref())? {
                    Ok(text) => {
                        self.order.all_text = self.order.all_text.saturating_sub(text.chars().count() as u64);
                        Line::Page { index, label, text, failed: None }
                    }
                    Err(reason) => Line::Page { index, label, text: String::new(), failed: Some(reason) },
                }
            };
            self.say(&line)?;
        }
        self.say(&Line::Done)
    }

    /// The better of what the engines make of a page.
    fn read_page(
        &mut self,
        book: &mut Book,
        page: u32,
        label: Option<&String>,
    ) -> anyhow::Result<Result<String, Reason>> {
        let spared = self.order.first_died && page == self.order.from;
        let first = match &book.first {
            Some(first) if !spared => {
                self.say(&Line::Begun { page, second: false, cpu: sandbox::cpu() })?;
                let mut read = self.cleaned(first, page);
                if first.has_fields(page) || !read.as_ref().is_ok_and(|text| !suspicious(text)) {
                    if let Ok(text) = &read
                        && !text.is_empty()
                    {
                        self.say(&Line::Draft { label: label.cloned(), text: text.clone() })?;
                    }
                    read = self.mended(first, page).map_or(read, Ok);
                }
                if read.as_ref().is_ok_and(|text| !suspicious(text) || !first.may_have_text(page)) {
                    return Ok(read);
                }
                read
            }
            _ => Err(Reason::Crashed),
        };
        self.say(&Line::Begun { page, second: true, cpu: sandbox::cpu() })?;
        if let Ok(text) = &first {
            self.say(&Line::Draft { label: label.cloned(), text: text.clone() })?;
        }
        if book.second.is_none() {
            book.second = Some(self.open_second());
        }
        let second = match &book.second {
            Some(Ok(second)) => self.cleaned(second, page),
            _ => Err(Reason::Unreadable),
        };
        Ok(better(first, second))
    }

    /// What the first engine reads of a page once it is mended, if that is anything.
    fn mended(&self, first: &First, page: u32) -> Option<String> {
        let text = unless_panic(|| first.mended(page)).ok().flatten()?;
        let text = clean::page(&text, self.order.page_text);
        (!text.is_empty()).then_some(text)
    }

    fn cleaned(&self, engine: &impl Engine, page: u32) -> Result<String, Reason> {
        let text = unless_panic(|| engine.text(page)).map_err(|_refusal| Reason::Unreadable)?;
        Ok(clean::page(&text, self.order.page_text))
    }

    fn say(&mut self, line: &Line) -> anyhow::Result<()> {
        let mut said = serde_json::to_vec(line)?;
        said.push(b'\n');
        self.parent.write_all(&said)?;
        Ok(())
    }
}

/// A file, opened by one engine or both. The second is opened when it is first needed.
struct Book {
    first: Option<First>,
    second: Option<Result<Second, Refusal>>,
    pages: u32,
}

fn unless_panic<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Refusal::Damaged))
}
