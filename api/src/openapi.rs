//! The OpenAPI document: what handlers do not say themselves, since it holds for all of their kind.
//!
//! A handler describes what it answers, and the failures that are its own. What its extractors and the layers before it
//! may refuse with is added here, by what the operation takes.

use domain::keys::Provider;
use jobs::{Queue, catalogue::kinds};
use serde_json::json;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Content, ObjectBuilder, OpenApi as Document, Ref, RefOr, Response, Schema, Type,
        extensions::ExtensionsBuilder,
        path::{Operation, ParameterIn},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::gate;

#[derive(OpenApi)]
#[openapi(
    info(title = "medai", description = "A tutor for medical students that is built for scarcity."),
    modifiers(&Bearer),
    security(("bearer" = [])),
    components(schemas(crate::error::ErrorBody))
)]
struct Empty;

/// Says how callers prove who they are.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut Document) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        if let Some(components) = openapi.components.as_mut() {
            components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        }
    }
}

/// The document before any route.
pub(crate) fn empty() -> Document {
    Empty::openapi()
}

/// Gives every operation a name of its own, and the failures of its kind; and says what each provider is.
pub(crate) fn complete(document: &mut Document) {
    describe_providers(document);
    name_jobs_and_queues(document);
    for (path, item) in &mut document.paths.paths {
        let name = path.trim_start_matches("/api/").replace(['/', '-'], "_").replace(['{', '}'], "");
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            let Some(operation) = operation else { continue };
            // Handlers of different folders share names, which operations must not.
            operation.operation_id = Some(format!("{method}_{name}"));
            let missing = failures(path, operation);
            let responses = &mut operation.responses.responses;
            for (status, description) in missing {
                responses.entry(status.to_owned()).or_insert_with(|| failure(description).into());
            }
        }
    }
}

/// Pages are to know what providers are called and what their keys need, also before they ask anything.
fn describe_providers(document: &mut Document) {
    let schemas = document.components.as_mut().map(|components| &mut components.schemas);
    let Some(RefOr::T(Schema::Object(schema))) = schemas.and_then(|schemas| schemas.get_mut("Provider"))
    else {
        return;
    };
    let described = json!(Provider::ALL.map(Provider::description));
    schema.extensions = Some(ExtensionsBuilder::new().add("x-providers", described).build());
}

/// Pages are to know what jobs, queues and events are called.
fn name_jobs_and_queues(document: &mut Document) {
    let Some(components) = document.components.as_mut() else { return };
    let named = |names: Vec<&str>, what: &str| {
        Schema::Object(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .enum_values(Some(names))
                .description(Some(what))
                .build(),
        )
    };
    let mut jobs: Vec<_> = kinds().names().collect();
    jobs.sort_unstable();
    let queues = Queue::ALL.map(Queue::as_str).to_vec();
    components.schemas.insert("JobName".to_owned(), named(jobs, "The kinds of jobs of this release.").into());
    components.schemas.insert("QueueName".to_owned(), named(queues, "The queues of this release.").into());
}

/// What an operation may fail with beside what it says: status and reason.
fn failures(path: &str, operation: &Operation) -> Vec<(&'static str, &'static str)> {
    let takes = |place: &ParameterIn| {
        let mut parameters = operation.parameters.iter().flatten();
        parameters.any(|one| matches!(one, RefOr::T(parameter) if parameter.parameter_in == *place))
    };
    let mut all = vec![
        ("400", "The request cannot be read, or is for a host that is not served here"),
        ("429", "Too many requests of this account or address: `Retry-After` says when to try again"),
        ("500", "An error of ours; the log has more under the request's id"),
    ];
    if operation.security.is_none() {
        all.push(("401", "No token, or one that is not good"));
        all.push(("403", "Not allowed to this account, or the account is disabled"));
    }
    if !gate::is_open(path) {
        all.push(("503", "Maintenance, or the feature is closed or switched off"));
    }
    if takes(&ParameterIn::Path) {
        all.push(("404", "There is no such thing, or it is not the caller's"));
    }
    if takes(&ParameterIn::Query) || takes(&ParameterIn::Header) || operation.request_body.is_some() {
        all.push(("422", "What was sent does not fit: `details` names each field"));
    }
    if operation.request_body.is_some() {
        all.push(("413", "The body is larger than what is taken here"));
        all.push(("415", "The body is of a type that is not taken here"));
    }
    all
}

fn failure(description: &str) -> Response {
    let body = Content::new(Some(Ref::from_schema_name("ErrorBody")));
    Response::builder().description(description).content("application/json", body).build()
}
