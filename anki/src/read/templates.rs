//! The templates of cards: which fields stand on which side. They are never run.

/// A field that a template shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    /// Its place among the fields of its kind of note.
    pub(super) field: usize,
    /// Whether it is shown as a cloze.
    pub(super) cloze: bool,
}

/// The fields that a template shows, in their order, each once.
pub(super) fn shown(template: &str, fields: &[String]) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    let template = without_comments(template);
    let mut rest = template.as_str();
    let mut in_tag = false;
    while let Some((before, after)) = rest.split_once("{{") {
        // Within a tag it is an attribute, such as the address of a link.
        in_tag = match (before.rfind('<'), before.rfind('>')) {
            (Some(begin), Some(end)) => begin > end,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => in_tag,
        };
        let Some((inner, next)) = after.split_once("}}") else { break };
        rest = next;
        let inner = inner.trim_matches(['{', '}']).trim();
        if in_tag || inner.starts_with(['#', '^', '/', '!', '=']) {
            continue;
        }
        let (filters, name) = inner.rsplit_once(':').unwrap_or(("", inner));
        let Some(field) = fields.iter().position(|field| field == name.trim()) else { continue };
        let cloze = filters.split(':').any(|filter| matches!(filter.trim(), "cloze" | "cloze-only"));
        match found.iter_mut().find(|shown| shown.field == field) {
            Some(shown) => shown.cloze |= cloze,
            None => found.push(Shown { field, cloze }),
        }
    }
    found
}

fn without_comments(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_behind_filters_and_conditions_but_not_in_attributes() {
        let fields: Vec<String> = ["Text", "Extra", "Id", "Hint"].map(str::to_owned).to_vec();
        let found = shown(
            "{{#Id}}<a href='x/{{Id}}'>link</a>{{/Id}} {{edit:cloze:Text}} <!-- {{Extra}} --> {{hint:Hint}} {{type:cloze:Text}} {{FrontSide}} {{Tags}} {{",
            &fields,
        );
        assert_eq!(found, [Shown { field: 0, cloze: true }, Shown { field: 3, cloze: false }]);
    }
}
