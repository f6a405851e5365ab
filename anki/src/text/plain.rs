//! HTML as words only.

use std::cell::RefCell;

use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, CharacterTokens, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    },
};

/// The words of some HTML: a break is a new line, an image its name where that is wanted.
pub(crate) fn plain(html: &str, with_images: bool) -> String {
    if !html.contains(['<', '&']) {
        return html.to_owned();
    }
    tokenized(Words { out: RefCell::default(), with_images }, html).out.into_inner()
}

/// Lets a sink see all tokens of some HTML.
pub(super) fn tokenized<S: TokenSink>(sink: S, html: &str) -> S {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() });
    // It stops where a script would run, and goes on behind it.
    while !input.is_empty() {
        let _stopped = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink
}

struct Words {
    out: RefCell<String>,
    with_images: bool,
}

impl TokenSink for Words {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut out = self.out.borrow_mut();
        match token {
            CharacterTokens(text) => out.push_str(&text),
            TagToken(tag) => match &*tag.name {
                "br" | "div" | "p" | "li" | "tr" => out.push('\n'),
                "img" if self.with_images => {
                    let source = tag.attrs.iter().find(|attribute| &*attribute.name.local == "src");
                    out.extend(source.map(|source| format!(" {} ", source.value)));
                }
                _ => {}
            },
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
