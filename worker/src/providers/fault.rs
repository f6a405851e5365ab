//! What the body of an error says, as far as it bears on what failed. Vendors' sentences are looked at for what they
//! name, and go no further: they quote prompts and keys.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::{error::machine_code, json};

/// How deep a body is looked into, and how much of its sentences.
const DEEPEST: u8 = 8;
const LONGEST_TEXT: usize = 8 << 10;

/// What servers quote of the request: none of it is theirs.
const QUOTES: [&str; 12] = [
    "input",
    "ctx",
    "flagged_input",
    "body",
    "prompt",
    "messages",
    "content",
    "request",
    "user_id",
    "text",
    "url",
    "failed_generation",
];

/// What the body of an error is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Body {
    /// Nothing at all.
    #[default]
    Silence,
    /// A page of HTML, or noise: not the word of an API.
    Page,
    /// Plain words.
    Words,
    /// JSON.
    Json,
}

/// What an error says.
#[derive(Debug, Default)]
pub(super) struct Fault {
    body: Body,
    /// The status that it names.
    pub(super) number: Option<u16>,
    /// Its `code`s, the outermost first.
    pub(super) codes: Vec<String>,
    /// Its types, reasons and words for a status.
    pub(super) kinds: Vec<String>,
    /// Its sentences, in small letters.
    pub(super) text: String,
    /// The fields of the request that it names as such.
    pub(super) fields: Vec<String>,
    /// The quotas of Google's `QuotaFailure`.
    pub(super) quotas: Vec<String>,
    /// The delay of Google's `RetryInfo`.
    pub(super) retry_delay: Option<String>,
    /// Headers of a server further on, as `OpenRouter` tells them.
    pub(super) headers: HeaderMap,
    /// `OpenRouter` names what a moderator found.
    pub(super) moderated: bool,
    /// The longest context, where it is a figure of its own.
    pub(super) context: Option<u32>,
}

impl Fault {
    /// Reads a body.
    pub(super) fn of(body: &[u8]) -> Self {
        let mut fault = Self::default();
        match json::parse(body).map(|read| read.value) {
            Some(value @ (Value::Object(_) | Value::Array(_))) => {
                fault.body = Body::Json;
                fault.look(&value, 0);
            }
            Some(Value::String(text)) => fault.plain(&text),
            _ => fault.plain(&String::from_utf8_lossy(body)),
        }
        fault
    }

    /// Whether some API has spoken, and not a proxy.
    pub(super) const fn spoken(&self) -> bool {
        matches!(self.body, Body::Words | Body::Json)
    }

    /// Whether it has the form of an API's error.
    pub(super) const fn structured(&self) -> bool {
        matches!(self.body, Body::Json)
    }

    /// Whether there is nothing at all.
    pub(super) const fn is_silent(&self) -> bool {
        matches!(self.body, Body::Silence)
    }

    /// Whether it has this code, or is of this kind.
    pub(super) fn names(&self, code: &str) -> bool {
        self.codes.iter().chain(&self.kinds).any(|named| named == code)
    }

    /// Whether its sentences have one of these, which are in small letters.
    pub(super) fn mentions(&self, words: &[&str]) -> bool {
        words.iter().any(|words| self.text.contains(words))
    }

    /// The most telling code.
    pub(super) fn code(&self) -> Option<&str> {
        self.codes.first().or(self.kinds.first()).map(String::as_str)
    }

    /// The first number at most a few words behind one of these.
    pub(super) fn number_after(&self, words: &[&str]) -> Option<u32> {
        words.iter().find_map(|words| {
            let (_, rest) = self.text.split_once(words)?;
            let near = rest.char_indices().nth(40).map_or(rest, |(end, _)| rest.get(..end).unwrap_or(rest));
            let from = near.find(|c: char| c.is_ascii_digit())?;
            numbers(rest.get(from..)?).next()
        })
    }

    fn plain(&mut self, text: &str) {
        let text = text.trim();
        let is_page = text.starts_with('<') || text.to_ascii_lowercase().contains("<html");
        let is_noise = text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
        self.body = match text {
            "" => Body::Silence,
            _ if is_page || is_noise || text.len() >= 2_000 => Body::Page,
            _ => Body::Words,
        };
        if self.body == Body::Words {
            self.collect_from(text, 0);
        }
    }

    fn look(&mut self, value: &Value, depth: u8) {
        if depth > DEEPEST {
            return;
        }
        match value {
            Value::Array(list) => list.iter().take(64).for_each(|value| self.look(value, depth + 1)),
            Value::Object(fields) => {
                // What is said here comes before what is said further in.
                let nested = |value: &Value| value.is_object() || value.is_array();
                let fields = || fields.iter().filter(|(name, _)| !QUOTES.contains(&name.as_str()));
                fields()
                    .filter(|(_, value)| !nested(value))
                    .for_each(|(name, value)| self.note(name, value, depth));
                fields()
                    .filter(|(_, value)| nested(value))
                    .for_each(|(name, value)| self.enter(name, value, depth));
            }
            Value::String(text) => self.collect_from(text, depth),
            _ => {}
        }
    }

    fn enter(&mut self, name: &str, value: &Value, depth: u8) {
        match (name, value) {
            ("loc", Value::Array(path)) => {
                self.fields.extend(path.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            ("headers", Value::Object(lines)) => self.read_headers(lines),
            ("reasons", Value::Array(_)) => self.moderated = true,
            _ => self.look(value, depth + 1),
        }
    }

    fn note(&mut self, name: &str, value: &Value, depth: u8) {
        let number = match value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        match (name, value, number) {
            ("code" | "status" | "status_code" | "statusCode" | "error_code", _, Some(number)) => {
                let number = u16::try_from(number).ok().filter(|number| (400..=599).contains(number));
                self.number = self.number.or(number);
            }
            ("n_ctx" | "max_context_length" | "context_length", _, Some(number)) => {
                self.context = u32::try_from(number).ok();
            }
            ("code" | "error_code" | "errorCode", Value::String(code), _) if machine_code(code).is_some() => {
                self.codes.push(code.clone());
            }
            ("type" | "status" | "error_type" | "reason" | "error" | "kind", Value::String(kind), _)
                if machine_code(kind).is_some() =>
            {
                // That it is an error is known; which one is said further in.
                if kind != "error" {
                    self.kinds.push(kind.clone());
                }
                self.collect_from(kind, depth);
            }
            ("param" | "field" | "parameter", Value::String(field), _) => self.fields.push(field.clone()),
            ("quotaId", Value::String(quota), _) => self.quotas.push(quota.clone()),
            ("retryDelay", Value::String(delay), _) => self.retry_delay = Some(delay.clone()),
            (_, Value::String(text), _) => self.collect_from(text, depth),
            _ => {}
        }
    }

    /// Takes a sentence, which may have another server's error in it.
    fn collect_from(&mut self, text: &str, depth: u8) {
        let text = text.trim();
        if depth <= DEEPEST
            && let Some(from) = text.find('{')
            && let Some(read) = json::parse(text.get(from..).unwrap_or_default().as_bytes())
        {
            self.look(&read.value, depth + 1);
        }
        if self.text.len() + text.len() < LONGEST_TEXT {
            self.text.push_str(&text.to_lowercase());
            self.text.push('\n');
        }
    }

    fn read_headers(&mut self, lines: &serde_json::Map<String, Value>) {
        for (name, value) in lines {
            let value = match value {
                Value::String(text) => text.clone(),
                value => value.to_string(),
            };
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::try_from(value))
            {
                self.headers.insert(name, value);
            }
        }
    }
}

/// The whole numbers of a text; `128,000` is one, and `8k` is 8,000.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = u32> + '_ {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == ',' || c == '_' || c == '.' || c == '-';
    text.split(move |c| !is_part(c)).filter_map(|word| {
        let word = word.trim_end_matches(['.', ',', '-']);
        let (digits, scale) = match word.strip_suffix('k') {
            Some(thousands) => (thousands, 1_000),
            None => (word, 1),
        };
        let digits = digits.replace(',', "");
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u32>().ok().filter(|_| plain)?.checked_mul(scale)
    })
}

/// Whether a value in the place of an answer is an error. `named` is whether its event is called one.
pub(super) fn is_error(value: &Value, named: bool) -> bool {
    let word = |field| value.get(field).and_then(Value::as_str).unwrap_or_default();
    let said = match value.get("error") {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Object(fields)) => !fields.is_empty(),
        Some(_) => true,
    };
    if named || said || word("type") == "error" || word("object") == "error" {
        return true;
    }
    let answers = ["choices", "candidates", "usage", "usageMetadata", "promptFeedback", "done", "response"];
    if answers.iter().any(|field| value.get(field).is_some()) {
        return false;
    }
    let filled = |field| {
        value
            .get(field)
            .is_some_and(|value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()))
    };
    let sentence = value.get("message").is_some_and(Value::is_string);
    filled("detail") || filled("errors") || word("status") == "error" || sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_as_they_are_written() {
        let found: Vec<u32> = numbers("range [1, 8192], 128,000 tokens, 8k; 10.: v2 3.5 <400>").collect();
        assert_eq!(found, [1, 8_192, 128_000, 8_000, 10, 400]);
    }

    #[test]
    fn an_error_within_an_error_is_read_and_what_it_quotes_is_not() {
        let body = r#"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"Unsupported parameter: 'x'\",\"param\":\"max_tokens\",\"code\":\"unsupported_parameter\"}}"}},"input":"image input"}"#;
        let fault = Fault::of(body.as_bytes());
        assert_eq!((fault.number, fault.code()), (Some(400), Some("unsupported_parameter")));
        assert_eq!(fault.fields, ["max_tokens"]);
        assert!(!fault.mentions(&["image input"]) && fault.mentions(&["provider returned error"]));
    }

    #[test]
    fn the_most_telling_code_is_not_that_it_is_an_error() {
        let body = br#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
        assert_eq!(Fault::of(body).code(), Some("overloaded_error"));
    }

    #[test]
    fn a_page_is_not_spoken_and_a_line_is() {
        assert!(!Fault::of(b"<html>Forbidden</html>").spoken());
        assert!(!Fault::of(b"").spoken());
        assert!(Fault::of(b"404 page not found").spoken());
    }

    #[test]
    fn errors_are_known_in_all_their_shapes() {
        let error = |text: &str| is_error(&serde_json::from_str(text).unwrap(), false);
        for shape in [
            r#"{"error":"text"}"#,
            r#"{"error":{"code":500}}"#,
            r#"{"type":"error","message":"x"}"#,
            r#"{"object":"error"}"#,
            r#"{"detail":"Not Found"}"#,
            r#"{"detail":[{"loc":["body"]}]}"#,
            r#"{"message":"Unauthorized"}"#,
            r#"{"errors":[{"message":"x"}]}"#,
            r#"{"error":{"code":500},"choices":[]}"#,
        ] {
            assert!(error(shape), "{shape}");
        }
        for fine in [
            "{}",
            r#"{"error":null,"choices":[]}"#,
            r#"{"error":"","choices":[]}"#,
            r#"{"message":{"content":"x"},"done":false}"#,
            r#"{"type":"ping"}"#,
        ] {
            assert!(!error(fine), "{fine}");
        }
        assert!(is_error(&serde_json::json!({}), true));
    }
}
